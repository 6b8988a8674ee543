// What is refused before anything is computed, and what stays as it was.

import { spawnSync } from "node:child_process";
import { mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { command, planFile } from "../support/clusters.js";
import { flatwardHere, scratch } from "../support/run.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
writeFileSync(at("file"), "");
symlinkSync(at("loop"), at("loop"));

it.each([
  ["below a file", at("file/x.csv"), "ENOTDIR"],
  ["of 300 letters", at(`${"x".repeat(300)}.csv`), "ENAMETOOLONG"],
  ["in a circle of links", at("loop/x.csv"), "ELOOP"],
])("a path %s is a file that cannot be read", async (_, path, code) => {
  for (const name of ["compare", "verify", "status"]) {
    const { status, stderr } = await flatwardHere(name, path);
    expect([status, stderr]).toEqual([4, expect.stringContaining(`cannot read ${path}: ${code}`)]);
  }
});

it("a file is no sweep", async () => {
  const { status, stderr } = await flatwardHere("report", at("file"));
  expect([status, stderr]).toEqual([
    4,
    expect.stringContaining("file is a file, and beside it is no manifest.json: give the folder"),
  ]);
});

it.each([
  ["parallel", ["--time", "1:00:00"], "--time belongs to slurm: leave it out with parallel"],
  ["parallel", ["--workers", "3"], "--workers belongs to slurm and kubernetes"],
  ["kubernetes", ["--partition", "long"], "--partition belongs to slurm"],
  ["slurm", ["--image", "x"], "--image belongs to kubernetes"],
  ["slurm", ["--time", "an hour"], "It must be a time limit of Slurm's"],
  ["slurm", ["--partition", "a b"], "It must be a partition's name"],
])("export %s refuses %s", async (engine, options, says) => {
  const { status, stderr } = await flatwardHere(
    "export",
    engine,
    planFile(),
    ...options,
    "--output",
    at("export"),
  );
  expect([status, stderr.replaceAll("\n", " ")]).toEqual([2, expect.stringContaining(says)]);
});

it.each([
  [2, undefined],
  [1, "plan.yaml"],
])("a single network does not take the folder of a sweep, of %i cells", async (cells, planFile) => {
  const sweep = at(`sweep-${cells}`);
  mkdirSync(sweep);
  const manifest = JSON.stringify({ name: "study", planFile, data: [], cells: Array(cells).fill({}) });
  writeFileSync(join(sweep, "manifest.json"), manifest);
  for (const name of ["explain", "spectrum", "slice"]) {
    const { status, stderr } = await flatwardHere(name, "--steps", "1", "--output", sweep);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`has the sweep study of ${cells} cell`)]);
  }
  expect(readFileSync(join(sweep, "manifest.json"), "utf8")).toBe(manifest);
});

it.skipIf(process.platform !== "linux")("a full disk behind the output is told of", () => {
  const { status, stderr } = spawnSync(process.execPath, [command, "methods"], {
    encoding: "utf8",
    stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
  });
  expect([status, stderr]).toEqual([
    4,
    expect.stringContaining("flatward: cannot write what is printed: ENOSPC"),
  ]);
});
