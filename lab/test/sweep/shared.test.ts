import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flatward } from "../support/run.js";
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
} from "../support/sweeps.js";
import { prepared, states, swept } from "../support/swept.js";

/** A claim whose process is killed before it has written it stands for two seconds. */
function isWritten(claim: string): boolean {
  try {
    return readFileSync(claim, "utf8").length > 0;
  } catch {
    return false;
  }
}

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

      // Each counts what it computed, and what the other did.
      const computed = both.map(({ stdout }) => {
        const [summary] = /\d+ cells: .*/.exec(stdout) ?? [""];
        const number = (what: string) => Number(new RegExp(`(\\d+) ${what}`).exec(summary)?.[1] ?? 0);
        const [before, now, elsewhere] = ["done before", "computed now", "computed elsewhere"].map(number);
        expect(before + now + elsewhere, summary).toBe(8);
        return now;
      });
      expect(computed[0] + computed[1]).toBe(cellsIn(out).size);

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
      const claims = existsSync(cells) ? readdirSync(cells).filter((name) => name.endsWith(".running")) : [];
      return claims.some((name) => isWritten(join(cells, name)));
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

  it.each(["{}", '{"state":"done"}', '{"state":"running","host":"x","pid":"1","since":"now"}', "null"])(
    "do not take for a claim what is none: %s",
    (text) => {
      const { plan, out } = prepared();
      flatward("export", "parallel", plan, "--output", out);
      const claim = join(out, "cells", `${plannedIn(out)[0]}.running`);
      writeFileSync(claim, text);
      // Younger ones may be half-written.
      const before = new Date(Date.now() - 10_000);
      utimesSync(claim, before, before);
      expect(states(out)).toEqual(["planned", "planned", "planned", "planned"]);
      expect(flatward("report", out).status).toBe(0);
    },
  );

  it("count what another has computed meanwhile apart from their own", async () => {
    const undisturbed = prepared();
    swept(undisturbed.plan, undisturbed.out);
    const { plan, out } = prepared();
    flatward("export", "parallel", plan, "--output", out);
    const [id] = plannedIn(out);
    const place = (name: string) => join(out, "cells", name);
    // This process is the other: it holds a claim, and then has a result.
    const claim = { state: "running", host: hostname(), pid: process.pid, since: new Date().toISOString() };
    writeFileSync(place(`${id}.running`), JSON.stringify(claim));
    const running = start(["sweep", plan, "--output", out]);
    await running.until("all others were done", () => cellsIn(out).size === 3);
    copyFileSync(join(undisturbed.out, "cells", `${id}.json`), place(`.${id}.new`));
    renameSync(place(`.${id}.new`), place(`${id}.json`));
    rmSync(place(`${id}.running`));
    const { status, stdout } = await running.ended;
    expect(stdout).toContain("4 cells: 3 computed now, 1 computed elsewhere\n");
    expect(status).toBe(0);
    expect(swept(plan, out)).toContain("4 cells: 4 done before, 0 computed now\n");
  });

  it("say which records went missing meanwhile, and end as what stopped early does", async () => {
    const { plan, out } = prepared({ ...tiny, training: { steps: [12, 4000] }, seeds: [1] });
    const running = start(["sweep", plan, "--output", out, "--workers", "1"]);
    await running.until("a cell was done", () => cellsIn(out).size > 0);
    const [id] = cellsIn(out).keys();
    rmSync(join(out, "cells", `${id}.json`));
    const { status, stdout, stderr } = await running.ended;
    expect(stdout).not.toContain("SHA-256");
    expect(stderr).toContain(
      `flatward: 1 record in ${join(out, "cells")} went missing while the sweep ran: ${id}; the same command computes what is missing`,
    );
    expect(status).toBe(75);
    expect(swept(plan, out)).toContain("4 cells: 3 done before, 1 computed now\n");
  });
});
