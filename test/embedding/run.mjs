// `npm run embed`: the packed engine inside of other programs. Each gets a project of its own in a temporary folder, where
// npm installs it; what cannot be installed is said to be skipped. Names choose some: `npm run embed -- jest bun`.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { results } from "./results.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const ours = results();

/** Largest difference of functions such as exp in another engine, relative to the largest number. */
const ROUNDING = 1e-12;

const print = 'import { results } from "./results.mjs";\nconsole.log(JSON.stringify(results()));\n';
const required = `const { results } = require("./results.mjs");
if (require("flatward").exactHessian === undefined) throw new Error("nothing was required");
console.log(JSON.stringify(results()));\n`;
/** A test of Jest or vitest, which compares there what comes out, and arrays made there. */
const asTest = `import { results } from "./results.mjs";
it("computes the same bits", () => {
  const { arithmetic, functions } = results();
  expect([arithmetic, functions]).toEqual(${JSON.stringify([ours.arithmetic, ours.functions])});
});\n`;

const nodePackage = (version) =>
  `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}@${version}`;
const nodeIn = (folder, name) => join(folder, "node_modules", name.replace(/@.*/, ""), "bin/node");
const esm = (program) => ({
  files: { "print.mjs": print },
  run: (folder) => [program(folder), ["print.mjs"]],
});
const cjs = (program) => ({
  files: { "print.cjs": required },
  run: (folder) => [program(folder), ["print.cjs"]],
});
const bin = (path) => (folder) => join(folder, "node_modules", path);
const vitest = (pool) => ({
  packages: [`vitest@${devDependencies.vitest}`],
  files: { "bits.test.mjs": `import { expect, it } from "vitest";\n${asTest}` },
  run: (folder) => [process.execPath, [bin("vitest/vitest.mjs")(folder), "run", "--pool", pool]],
  tests: true,
});
const typescript = (version) => ({
  packages: [`typescript@${version}`, `fast-check@${devDependencies["fast-check"]}`],
  files: {
    "consumer.ts": readFileSync(join(here, "consumer.ts"), "utf8"),
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        target: "es2022",
        module: "nodenext",
        types: [],
      },
      files: ["consumer.ts"],
    }),
  },
  run: (folder) => [process.execPath, [bin("typescript/bin/tsc")(folder), "-p", "."]],
  tests: true,
});

/** The command line: a comparison as the first thing that a user would run. */
const laboratory = (program) => ({
  beside: () => [packed(join(root, "lab"))],
  run: (folder) => [
    program(folder),
    [bin("flatward-lab/bin/flatward.js")(folder), "compare", "--steps", "20", "--seeds", "1"],
  ],
  tests: true,
});

/** By name: what is installed beside flatward, the files of the project, the call, and whether the call itself compares. */
const environments = {
  "node import": esm(() => process.execPath),
  "node require": cjs(() => process.execPath),
  ...Object.fromEntries(
    ["22", "24", "latest"].flatMap((version) => {
      const name = nodePackage(version);
      const program = (folder) => nodeIn(folder, name);
      return [
        [`node ${version} import`, { packages: [name], ...esm(program) }],
        [`node ${version} require`, { packages: [name], ...cjs(program) }],
      ];
    }),
  ),
  laboratory: laboratory(() => process.execPath),
  "laboratory, node latest": {
    ...laboratory((folder) => nodeIn(folder, nodePackage("latest"))),
    packages: [nodePackage("latest")],
  },
  bun: { packages: ["bun@1.4"], ...esm(bin("bun/bin/bun.exe")) },
  jest: {
    packages: ["jest@30"],
    files: {
      "bits.test.mjs": asTest,
      "jest.config.json": JSON.stringify({ transform: {}, testMatch: ["**/*.test.mjs"] }),
    },
    run: (folder) => [process.execPath, ["--experimental-vm-modules", bin("jest/bin/jest.js")(folder)]],
    tests: true,
  },
  ...Object.fromEntries(["threads", "forks", "vmThreads"].map((pool) => [`vitest ${pool}`, vitest(pool)])),
  ...Object.fromEntries(
    ["5.4", "5.9", "6", "7"].map((version) => [`typescript ${version}`, typescript(version)]),
  ),
};

function call(program, args, cwd) {
  const options = { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: 300_000 };
  return execFileSync(program, args, { ...options, env: { ...process.env, NO_COLOR: "1" } });
}

/** What a program's results have in common with ours. @throws where they differ by more than rounding */
function compared({ backend, arithmetic, functions, numbers }) {
  if (arithmetic !== ours.arithmetic) throw new Error(`other bits: ${arithmetic}, not ${ours.arithmetic}`);
  if (functions === ours.functions) return `the same bits, on ${backend} and plain`;
  const size = Math.max(...ours.numbers.map(Math.abs));
  const error = Math.max(...numbers.map((value, i) => Math.abs(value - ours.numbers[i]))) / size;
  if (!(error <= ROUNDING)) throw new Error(`differs by ${error}`);
  return `the same bits of arithmetic, on ${backend} and plain; exp, log and the like differ by at most ${error.toExponential(0)}`;
}

/** Packs the package in a folder. @returns the tarball */
function packed(folder) {
  const [{ filename }] = JSON.parse(
    call("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", scratch], folder),
  );
  return join(scratch, filename);
}

const wanted = process.argv.slice(2);
const chosen = Object.entries(environments).filter(
  ([name]) => wanted.length === 0 || wanted.some((word) => name === word || name.startsWith(`${word} `)),
);
const scratch = mkdtempSync(join(tmpdir(), "flatward-embedding-"));
let failed = 0;
try {
  const tarball = packed(root);
  for (const [name, { packages = [], beside = () => [], files = {}, run, tests = false }] of chosen) {
    const folder = join(scratch, name.replaceAll(" ", "-"));
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
    let outcome;
    try {
      call(
        "npm",
        ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball, ...packages, ...beside()],
        folder,
      );
    } catch {
      console.log(`${name}: skipped, ${packages.join(", ") || "what it depends on"} could not be installed`);
      continue;
    }
    cpSync(join(here, "results.mjs"), join(folder, "results.mjs"));
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
    try {
      const printed = call(...run(folder), folder);
      outcome = tests ? "passed" : compared(JSON.parse(printed));
    } catch (error) {
      failed++;
      outcome = `FAILED: ${error.message}\n${error.stdout ?? ""}`;
    }
    console.log(`${name}: ${outcome}`);
    rmSync(folder, { recursive: true, force: true });
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (chosen.length === 0 || failed > 0) process.exitCode = 1;
