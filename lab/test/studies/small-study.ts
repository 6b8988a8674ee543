import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { SweepResults } from "../../src/sweep/results.js";
import { flatward, scratch } from "../support/run.js";

/** Runs a study on a plan of its own that is small. */
export function study(
  command: string,
  changes: Record<string, string>,
): { folder: string; results: SweepResults; stdout: string } {
  const folder = scratch();
  const shipped = readFileSync(new URL(`../../plans/${command}.yaml`, import.meta.url), "utf8");
  const small = Object.entries(changes).reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, shipped);
  writeFileSync(join(folder, "small.yaml"), small);
  const { status, stdout, stderr } = flatward(
    ...[command, "--plan", join(folder, "small.yaml"), "--output", join(folder, "out")],
  );
  expect(stderr).not.toContain("flatward:");
  expect(status).toBe(0);
  const results = JSON.parse(readFileSync(join(folder, "out", "results.json"), "utf8"));
  return { folder: join(folder, "out"), results, stdout };
}
