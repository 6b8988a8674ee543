import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as clusters from "../support/clusters.js";
import { flatward, scratch } from "../support/run.js";

describe.skipIf(!clusters.installed("parallel", "parallel"))("a sweep by GNU parallel", () => {
  it("gives the same results, also when it is killed and run again", async () => {
    const plan = clusters.planFile();
    const folder = scratch();
    const { stdout } = flatward("export", "parallel", plan, "--output", folder, "--cells-per-task", "3");
    expect(stdout).toContain("12 cells, 4 of 4 tasks with cells to run");
    const script = join(folder, "sweep.parallel.sh");

    const first = clusters.start("bash", [script]);
    await clusters.until(() => first.said().includes("SHA-256"), "a first task to end");
    clusters.killGroup(first.child);
    await first.ended;
    const before = clusters.reproducible(folder);
    expect(before.size).toBeGreaterThan(0);

    execFileSync("bash", [script], { stdio: "pipe" });
    expect(clusters.reproducible(folder)).toEqual(clusters.undisturbed(plan));
    const { stdout: status } = flatward("status", folder);
    expect(status).toContain("12 cells, 12 done, 0 to run");
    // What is lost is computed again, and a third run computes nothing.
    const [lost] = readdirSync(join(folder, "cells"));
    rmSync(join(folder, "cells", lost));
    const again = () => execFileSync("bash", [script], { encoding: "utf8", stdio: "pipe" });
    again();
    expect(clusters.reproducible(folder)).toEqual(clusters.undisturbed(plan));
    expect(again().match(/3 of 3 done before/g)).toHaveLength(4);
  });

  it("makes a failed cell a failed job", () => {
    const folder = scratch();
    const plan = clusters.planFile(clusters.failing);
    flatward("export", "parallel", plan, "--output", folder);
    const script = join(folder, "sweep.parallel.sh");
    const { status, stderr } = spawnSync("bash", [script], { encoding: "utf8" });
    // Its number of failed jobs.
    expect(status).toBe(1);
    expect(stderr).toContain("1 cell failed");
  });
});
