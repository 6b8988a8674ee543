import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { installed, killGroup, planFile, reproducible, start, undisturbed, until } from "./clusters.js";
import { flatward, scratch } from "./run.js";

describe.skipIf(!installed("parallel", "parallel"))("a sweep by GNU parallel", () => {
  it("gives the same results, also when it is killed and run again", async () => {
    const plan = planFile();
    const folder = scratch();
    const { stdout } = flatward("export", "parallel", plan, "--output", folder, "--cells-per-task", "3");
    expect(stdout).toContain("12 cells, 4 of 4 tasks with cells to run");
    const script = join(folder, "sweep.parallel.sh");

    const first = start("bash", [script]);
    await until(() => first.said().includes("SHA-256"), "a first task to end");
    killGroup(first.child);
    await first.ended;
    const before = reproducible(folder);
    expect(before.size).toBeGreaterThan(0);

    execFileSync("bash", [script], { stdio: "pipe" });
    expect(reproducible(folder)).toEqual(undisturbed(plan));
    const { stdout: status } = flatward("status", folder);
    expect(status).toContain("12 cells, 12 done, 0 to run");
    // A third run finds nothing to do.
    expect(execFileSync("bash", [script], { encoding: "utf8", stdio: "pipe" })).toBe("");
  });

  it("makes a failed cell a failed job", () => {
    const folder = scratch();
    const plan = planFile({ training: { steps: 5 }, seeds: [1] });
    flatward("export", "parallel", plan, "--output", folder);
    const script = join(folder, "sweep.parallel.sh");
    // Another data set in the place of the planned one: every cell is refused.
    const manifest = join(folder, "manifest.json");
    const altered = readFileSync(manifest, "utf8").replace(/"sha256": "[0-9a-f]{8}/, '"sha256": "00000000');
    writeFileSync(manifest, altered);
    const { status, stderr } = spawnSync("bash", [script], { encoding: "utf8" });
    expect(status).toBe(3);
    expect(stderr).toContain("has changed since the sweep was planned");
  });
});
