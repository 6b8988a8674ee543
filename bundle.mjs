// `npm run bundle`: the modules of dist as one file for each room, in dist/bundle. Node loads these, and pages without a
// bundler may: to open 300 modules takes longer than most of what is then computed. Bundlers get the modules, of which they
// leave out more.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL(".", import.meta.url));
const { exports, dependencies, peerDependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const entries = Object.values(exports).flatMap(
  ({ default: path }) => path?.match(/^\.\/dist\/(.+)\.js$/)?.[1] ?? [],
);

/**
 * The file that a module goes to. Entry points, the worker and what needs a package stay apart, so that no room waits for
 * ndarray or fast-check.
 */
function roomOf(path) {
  const [, room = "common", file] = path.match(/\/dist\/(?:(\w+)\/)?(.+)\.js$/) ?? [];
  if (["index", "ndarray", "worker"].includes(file) || room === "testing") return null;
  // The worker is looked for beside what starts it.
  return room === "threads" ? "threads/common" : room;
}

/** @param write whether to disk; the files are returned in any case */
export async function bundle(write) {
  const { output } = await build({
    input: Object.fromEntries([...entries, "threads/worker"].map((name) => [name, `${root}dist/${name}.js`])),
    external: Object.keys({ ...dependencies, ...peerDependencies }),
    platform: "neutral",
    preserveEntrySignatures: "allow-extension",
    write,
    output: {
      dir: `${root}dist/bundle`,
      cleanDir: true,
      entryFileNames: "[name].js",
      chunkFileNames: "[name].js",
      comments: { jsdoc: false },
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [{ debugName: "rooms", name: roomOf }],
      },
    },
  });
  return output;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(true);
