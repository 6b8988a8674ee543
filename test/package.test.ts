// What a user gets: the packed engine, unpacked into a project of its own, imported by Node and checked by tsc.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = join(root, "node_modules/typescript/bin/tsc");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  name: string;
  version: string;
  exports: Record<string, string | Record<string, string>>;
};

let scratch = "";
let files: string[] = [];

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
  const [{ filename, files: listed }] = JSON.parse(packed) as [
    { filename: string; files: { path: string }[] },
  ];
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

describe("the packed engine", () => {
  it("contains what users need, and nothing else", () => {
    const wanted = [
      /^dist\/.+\.(js|d\.ts)(\.map)?$/,
      /^src\/.+\.ts$/,
      /^docs\/.+\.(md|svg)$/,
      /^examples\/.+\.(js|yaml)$/,
      /^(LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|LIMITATIONS\.md|CITATION\.cff|package\.json)$/,
    ];
    expect(files.filter((path) => !wanted.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(files).toContain("package.json");
    expect(files).toContain("dist/index.js");
    expect(files).toContain("dist/index.d.ts");
  });

  it("has every file that its README links to", () => {
    const readme = readFileSync(join(scratch, "package/README.md"), "utf8");
    const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path);
    expect(targets.length).toBeGreaterThan(15);
    expect(targets.filter((path) => !existsSync(join(scratch, "package", path)))).toEqual([]);
  });

  it("has the source of every built file, and no file of a source that is gone", () => {
    const built = files.filter((path) => path.startsWith("dist/") && path.endsWith(".js"));
    const sources = built.map((path) => path.replace(/^dist/, "src").replace(/\.js$/, ".ts"));
    expect(built.length).toBeGreaterThan(40);
    expect(sources.filter((path) => !files.includes(path))).toEqual([]);
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
    writeFileSync(
      join(scratch, "consumer.ts"),
      `import { exactHessian, symmetricEigen, threeLayerNet, toNdarray, type Tensor } from "flatward";
import { problem } from "flatward/testing";
const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, activation: "gelu" });
const H: Tensor = exactHessian(net, net.init(1), { x: [[1, 2]], y: [0] });
export const values: Float64Array = symmetricEigen(toNdarray(H).transpose(1, 0)).values;
export const arbitrary = problem({ maxExtent: 2 });
// @ts-expect-error: an activation that does not exist.
threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, activation: "relu" });
`,
    );
    const compilerOptions = {
      strict: true,
      noEmit: true,
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
