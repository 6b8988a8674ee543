import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flatward } from "./run.js";
import {
  cellsIn,
  finish,
  leftoversIn,
  type PlanContent,
  plannedIn,
  resultsIn,
  start,
  suffering,
  tiny,
  writePlan,
} from "./sweeps.js";
import { prepared, states, swept } from "./swept.js";

describe("two sweeps at once in one folder", () => {
  const seeds = (...values: number[]) => ({ ...tiny, training: { steps: 150 }, seeds: values });
  const pairs: readonly [what: string, first: PlanContent, second: PlanContent][] = [
    ["the same plan", seeds(1, 2, 3, 4), seeds(1, 2, 3, 4)],
    ["plans that overlap", seeds(1, 2, 3, 4), seeds(4, 5, 3, 2)],
  ];

  it.each(pairs)(
    "share the work, and compute nothing twice: %s",
    async (_, first, second) => {
      const { folder, out } = prepared();
      const log = join(folder, "written.txt");
      writeFileSync(log, "");
      const watched = suffering({ folder: out, ops: ["renameSync"], name: "^[0-9a-f]{24}\\.json$", log });
      const plans = [writePlan(folder, first, "first.json"), writePlan(folder, second, "second.json")];
      const both = await Promise.all(
        plans.map((plan) => finish(["sweep", plan, "--output", out, "--workers", "1"], watched)),
      );
      for (const { status, stderr } of both) expect([status, stderr]).toEqual([0, stderr]);
      const written = readFileSync(log, "utf8").trim().split("\n");
      expect(written).toHaveLength(cellsIn(out).size);
      expect(new Set(written).size).toBe(written.length);
      expect(leftoversIn(out)).toEqual([]);

      // Both wrote their report when all of their own cells were there.
      for (const { stdout } of both) expect(stdout).toMatch(/SHA-256 {2}[0-9a-f]{64}/);
      const alone: Record<string, string> = {};
      for (const plan of plans) {
        swept(plan, join(folder, "alone"));
        Object.assign(alone, resultsIn(join(folder, "alone")));
      }
      expect(resultsIn(out)).toEqual(alone);
    },
    180_000,
  );

  it("share what a killed one was running", async () => {
    const { plan, out } = prepared(seeds(1, 2, 3, 4));
    const killed = start(["sweep", plan, "--output", out, "--workers", "1"]);
    await killed.until("a cell was running", () => {
      const cells = join(out, "cells");
      return existsSync(cells) && readdirSync(cells).some((name) => name.endsWith(".running"));
    });
    killed.kill();
    await killed.ended;
    expect(states(out)).not.toContain("running");
    const others = [1, 2].map(() => finish(["sweep", plan, "--output", out, "--workers", "1"]));
    for (const { status } of await Promise.all(others)) expect(status).toBe(0);
    expect(cellsIn(out).size).toBe(8);
    swept(plan, out);
    expect(leftoversIn(out)).toEqual([]);
  }, 180_000);

  it("leave alone what another machine runs, until it has been silent for long", () => {
    const { plan, out } = prepared();
    flatward("export", "parallel", plan, "--output", out);
    const [id] = plannedIn(out);
    const claim = join(out, "cells", `${id}.running`);
    const since = "2026-01-01T00:00:00.000Z";
    writeFileSync(claim, JSON.stringify({ state: "running", host: "elsewhere", pid: 1, since }));
    expect(states(out)).toEqual(["running", "planned", "planned", "planned"]);
    expect(flatward("status", out).stdout).toContain("on elsewhere, process 1");
    const long = new Date(Date.now() - 600_000);
    utimesSync(claim, long, long);
    expect(states(out)).toEqual(["planned", "planned", "planned", "planned"]);
    expect(swept(plan, out)).toContain("4 cells: 4 computed now");
    expect(leftoversIn(out)).toEqual([]);
  });
});
