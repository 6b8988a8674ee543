// What a user gets: the packed engine, unpacked into a project of its own, imported by Node and checked by tsc.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error: it has no types.
import { bundle } from "../bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = join(root, "node_modules/typescript/bin/tsc");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  name: string;
  version: string;
  exports: Record<string, string | Record<string, string>>;
};

let scratch = "";
let files: string[] = [];
let unpackedSize = 0;

/** Runs a program; its output is in the error when it fails. */
function run(program: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(" ")} failed:\n${stdout ?? ""}\n${stderr ?? String(error)}`);
  }
}

/** Copies installed packages with what they depend on, so that nothing else of the root can be reached. */
function install(names: readonly string[], into: string): void {
  for (const name of names) {
    const from = join(root, "node_modules", name);
    const to = join(into, "node_modules", name);
    if (existsSync(to)) continue;
    cpSync(from, to, { recursive: true, dereference: true });
    const { dependencies = {} } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
    install(Object.keys(dependencies), into);
  }
}

beforeAll(() => {
  run(process.execPath, [tsc, "-b", "src"], root);
  scratch = mkdtempSync(join(tmpdir(), "flatward-package-"));
  // Without prepack, which cleans: other tests are running what is built.
  const packed = run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", scratch], root);
  const [{ filename, files: listed, unpackedSize: size }] = JSON.parse(packed) as [
    { filename: string; files: { path: string }[]; unpackedSize: number },
  ];
  unpackedSize = size;
  files = listed.map(({ path }) => path);
  run("tar", ["-xzf", join(scratch, filename), "-C", scratch], scratch);
  mkdirSync(join(scratch, "node_modules"), { recursive: true });
  cpSync(join(scratch, "package"), join(scratch, "node_modules/flatward"), { recursive: true });
  install(["ndarray", "fast-check"], scratch);
  writeFileSync(join(scratch, "package.json"), JSON.stringify({ type: "module", private: true }));
}, 180_000);

afterAll(() => {
  if (scratch) rmSync(scratch, { recursive: true, force: true });
});

it("one version is named everywhere, and its date", () => {
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const { version } = manifest;
  for (const path of ["lab", "playground", "site"])
    expect(JSON.parse(read(`${path}/package.json`)).version).toBe(version);
  expect(JSON.parse(read("lab/package.json")).peerDependencies.flatward).toBe(version);
  const [, released, date] = /^## \[(.*?)\] - (\d{4}-\d\d-\d\d)$/m.exec(read("CHANGELOG.md")) ?? [];
  expect(released).toBe(version);
  expect(read("CITATION.cff")).toContain(`\nversion: ${version}\ndate-released: ${date}\n`);
  expect(read("README.md")).toContain(`version = {${version}},\n  date    = {${date}}`);
});

describe("the packed engine", () => {
  it("contains what users need, and nothing else", () => {
    const wanted = [
      /^dist\/.+\.(js|d\.ts)$/,
      /^docs\/.+\.(md|svg|png)$/,
      /^examples\/.+\.(js|yaml)$/,
      /^(LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|LIMITATIONS\.md|CITATION\.cff|package\.json)$/,
    ];
    expect(files.filter((path) => !wanted.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(files).toContain("package.json");
    expect(files).toContain("dist/index.js");
    expect(files).toContain("dist/index.d.ts");
  });

  it("has every file that its pages link to", () => {
    const pages = files.filter((path) => path.endsWith(".md"));
    const links = pages.flatMap((page) => {
      const text = readFileSync(join(scratch, "package", page), "utf8");
      const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path);
      return targets.map((path) => join("package", dirname(page), path));
    });
    expect(links.length).toBeGreaterThan(60);
    expect(links.filter((path) => !existsSync(join(scratch, path)))).toEqual([]);
  });

  it("has no built file of a source that is gone, and no map", () => {
    const built = files.filter((path) => /^dist\/(?!bundle\/).+\.js$/.test(path));
    const sources = built.map((path) => path.replace(/^dist/, "src").replace(/\.js$/, ".ts"));
    expect(built.length).toBeGreaterThan(40);
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const maps = built.filter((path) =>
      readFileSync(join(scratch, "package", path), "utf8").includes("sourceMapping"),
    );
    expect(maps).toEqual([]);
  });

  it("has its modules in few files too, as `npm run bundle` makes them", async () => {
    const bundled = (await bundle(false)) as { fileName: string; code: string }[];
    const packed = files.filter((path) => path.startsWith("dist/bundle/"));
    expect(packed.sort()).toEqual(bundled.map(({ fileName }) => `dist/bundle/${fileName}`).sort());
    for (const { fileName, code } of bundled)
      expect(readFileSync(join(scratch, "package/dist/bundle", fileName), "utf8") === code, fileName).toBe(
        true,
      );
  });

  it("declares no generic array types, which TypeScript below 5.7 does not know", () => {
    const declared = files.filter((path) => path.endsWith(".d.ts"));
    const generic = declared.filter((path) =>
      /Array<Array/.test(readFileSync(join(scratch, "package", path), "utf8")),
    );
    expect(generic).toEqual([]);
  });

  it("runs nothing when it is installed, and weighs little", () => {
    const { scripts } = JSON.parse(readFileSync(join(scratch, "package/package.json"), "utf8"));
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
    expect(unpackedSize).toBeLessThan(3.2e6);
  });

  it("has every file that its exports name", () => {
    const targets = Object.values(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target),
    );
    expect(targets.filter((target) => !files.includes(target.replace("./", "")))).toEqual([]);
  });

  it("can be imported by Node through every entry point", () => {
    const subpaths = Object.keys(manifest.exports).map((path) => path.replace(/^\./, manifest.name));
    expect(subpaths).toContain("flatward/testing");
    const program = `
      const sizes = {};
      for (const path of ${JSON.stringify(subpaths)}) {
        const options = path.endsWith(".json") ? { with: { type: "json" } } : undefined;
        sizes[path] = Object.keys(await import(path, options)).length;
      }
      console.log(JSON.stringify(sizes));`;
    writeFileSync(join(scratch, "imports.mjs"), program);
    const sizes = JSON.parse(run(process.execPath, ["imports.mjs"], scratch)) as Record<string, number>;
    expect(Object.keys(sizes)).toEqual(subpaths);
    expect(Object.values(sizes).every((size) => size > 0)).toBe(true);
  });

  it("loads fewer than thirty files, and ndarray only where it leads to it", () => {
    const loader = `export async function load(url, context, next) {
      console.error(url);
      return next(url, context);
    }`;
    writeFileSync(join(scratch, "loader.mjs"), loader);
    const loaded = (entry: string) => {
      const args = [
        "--no-warnings",
        "--loader",
        "./loader.mjs",
        "--input-type=module",
        "-e",
        `import "${entry}";`,
      ];
      const { stderr } = spawnSync(process.execPath, args, { cwd: scratch, encoding: "utf8" });
      return stderr.split("\n").filter((url) => url.startsWith("file:"));
    };
    const [root, hsr] = [loaded("flatward"), loaded("flatward/hsr")];
    const isNdarray = (url: string) => url.includes("/node_modules/ndarray/");
    expect([root.some(isNdarray), hsr.some(isNdarray)]).toEqual([true, false]);
    expect(root.length).toBeLessThan(30);
    expect(hsr.length).toBeGreaterThan(3);
  });

  it("starts threads", () => {
    const program = `
      import { startThreads } from "flatward/threads";
      const { count } = await startThreads(2);
      console.log(count);`;
    writeFileSync(join(scratch, "threads.mjs"), program);
    expect(run(process.execPath, ["threads.mjs"], scratch)).toBe("2\n");
  });

  it("computes there what it computes here", async () => {
    const call = `
      const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
      const batch = { x: [[1, 2], [3, 4]], y: [0, 1] };
      const result = Array.from(wsUpperBoundAndGradient(net, net.init(1), batch).gradient);`;
    writeFileSync(
      join(scratch, "run.mjs"),
      `import { threeLayerNet, wsUpperBoundAndGradient } from "flatward";${call}console.log(JSON.stringify(result));`,
    );
    const there = JSON.parse(run(process.execPath, ["run.mjs"], scratch));
    const { threeLayerNet, wsUpperBoundAndGradient } = await import("flatward");
    const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
    const batch = {
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [0, 1],
    };
    expect(there).toEqual(Array.from(wsUpperBoundAndGradient(net, net.init(1), batch).gradient));
  });

  it("type-checks in a strict project without the types of ndarray, its own declarations included", () => {
    expect(existsSync(join(scratch, "node_modules/@types"))).toBe(false);
    cpSync(join(root, "test/embedding/consumer.ts"), join(scratch, "consumer.ts"));
    const compilerOptions = {
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      target: "es2022",
      module: "nodenext",
      types: [],
    };
    writeFileSync(
      join(scratch, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["consumer.ts"] }),
    );
    expect(run(process.execPath, [tsc, "-p", "."], scratch)).toBe("");
  });
});
