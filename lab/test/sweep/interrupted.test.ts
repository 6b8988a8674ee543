import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { serialize } from "../../src/serialize.js";
import { flatward } from "../support/run.js";
import { cellsIn, finish, leftoversIn, type PlanContent, resultsIn, start } from "../support/sweeps.js";
import { prepared, states, swept } from "../support/swept.js";

const checkpointsIn = (out: string) =>
  existsSync(join(out, "cells"))
    ? readdirSync(join(out, "cells")).filter((name) => /^[0-9a-f]{24}\.checkpoint$/.test(name))
    : [];

describe("an interrupted sweep", () => {
  const plans: readonly [what: string, plan: PlanContent][] = [
    [
      "full batches",
      {
        data: "iris",
        network: { hidden: 3 },
        methods: [
          { name: "hsr", learningRate: 0.1, strength: 0.01 },
          { name: "hsr", learningRate: 0.05, strength: 0.02, every: 7, samples: 8, estimator: "unbiased" },
        ],
        training: { steps: 8000 },
        seeds: [1],
      },
    ],
    [
      "mini-batches, momentum and SAM",
      {
        data: "iris",
        network: { hidden: 3 },
        methods: [
          { name: "sam", learningRate: 0.01, radius: 0.05, momentum: 0.9 },
          { name: "weight-decay", learningRate: 0.01, weightDecay: 0.001, momentum: 0.9 },
        ],
        training: { steps: 25_000, batchSize: 16 },
        seeds: [1],
      },
    ],
  ];

  it.each(plans)(
    "keeps checkpoints, and goes on to the same bytes, twice: %s",
    async (_, content) => {
      const undisturbed = prepared(content);
      swept(undisturbed.plan, undisturbed.out);

      const { plan, out } = prepared(content);
      const command = ["sweep", plan, "--output", out, "--checkpoint-seconds", "0.02", "--workers", "2"];
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        const before = new Map(
          checkpointsIn(out).map((name) => [name, readFileSync(join(out, "cells", name))]),
        );
        const running = start(command);
        await running.until("its checkpoints were there", () => {
          const now = checkpointsIn(out);
          if (now.length !== 2) return false;
          return now.every(
            (name) => !before.get(name)?.equals(readFileSync(join(out, "cells", name))) as boolean,
          );
        });
        running.signal(signal);
        const { status, stderr, stdout } = await running.ended;
        expect(status).toBe(75);
        expect(stderr).toContain("the same command goes on where this one stopped");
        expect(stdout).toContain("2 cells: 0 computed now");
        expect(checkpointsIn(out)).toHaveLength(2);
        expect(leftoversIn(out).sort()).toEqual(checkpointsIn(out).sort());
        expect(cellsIn(out).size).toBe(0);
        expect(flatward("status", out).stdout).toContain("2 of those to run go on from a checkpoint");
      }

      swept(plan, out);
      expect(resultsIn(out)).toEqual(resultsIn(undisturbed.out));
      expect(leftoversIn(out)).toEqual([]);
      const { training } = content as { training: { steps: number } };
      for (const { record } of cellsIn(out).values()) {
        expect(record.provenance.resumedAt).toBeGreaterThan(1);
        expect(record.provenance.resumedAt).toBeLessThan(training.steps);
      }
    },
    180_000,
  );

  it("does not trust a checkpoint that was damaged, or whose checksum holds for something else, and says so", async () => {
    const [[, content]] = plans;
    const { plan, out } = prepared(content);
    const running = start(["sweep", plan, "--output", out, "--checkpoint-seconds", "0.02"]);
    await running.until("its checkpoints were there", () => checkpointsIn(out).length === 2);
    running.signal("SIGINT");
    expect((await running.ended).status).toBe(75);
    const [torn, foreign] = checkpointsIn(out).map((name) => join(out, "cells", name));
    truncateSync(torn, 200);
    writeFileSync(foreign, serialize({ theta: new Float64Array(3), steps: 7 }));
    const { status, stdout, stderr } = flatward("sweep", plan, "--output", out);
    expect(
      stderr.match(/its checkpoint is damaged or of another version, and it is computed from its start/g),
    ).toHaveLength(2);
    expect(stdout).toContain("2 cells: 2 computed now\n");
    expect(status).toBe(0);
    for (const { record } of cellsIn(out).values()) expect(record.provenance.resumedAt).toBe(null);

    const undisturbed = prepared(content);
    swept(undisturbed.plan, undisturbed.out);
    expect(resultsIn(out)).toEqual(resultsIn(undisturbed.out));
  }, 180_000);

  it("ends at once when it is interrupted a second time, and loses nothing but what it was about to measure", async () => {
    // The curvature of so many parameters takes long, and a training of one step cannot be stopped before.
    const { plan, out } = prepared({
      data: "digits",
      network: { hidden: 40 },
      methods: [{ name: "gradient-descent", learningRate: 0.1 }],
      training: { steps: 1 },
      seeds: [1],
      measures: ["lambdaMax"],
    });
    const running = start(["sweep", plan, "--output", out]);
    await running.until("the cell was running", () => {
      const cells = join(out, "cells");
      return existsSync(cells) && readdirSync(cells).some((name) => name.endsWith(".running"));
    });
    running.signal("SIGINT");
    await running.until("it heard the first Ctrl-C", () => running.stderr().includes("Ctrl-C again"));
    running.signal("SIGINT");
    const { status } = await running.ended;
    expect(status).toBe(75);
    // Had it not ended at once, it would have finished the measurement, and written it.
    expect(cellsIn(out).size).toBe(0);
    expect(states(out)).toEqual(["planned"]);
  }, 180_000);

  it("can be watched while it runs", async () => {
    const [[, content]] = plans;
    const { plan, out } = prepared({ ...content, training: { steps: 1_000_000 } });
    const running = start(["sweep", plan, "--output", out, "--checkpoint-seconds", "0.02"]);
    await running.until("its checkpoints were there", () => checkpointsIn(out).length === 2);
    const status = await finish(["status", out]);
    expect(status.stdout).toContain("2 cells, 0 done, 2 running, 0 to run");
    expect(status.stdout).toMatch(/running {2}1 {2}HSR 0\.02, .*seed 1 .*on \S+, process \d+, since \d{4}-/);
    expect((await finish(["report", out])).status).toBe(0);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("0 of 2 cells are done, 2 running");
    expect(running.isRunning()).toBe(true);
    running.signal("SIGINT");
    expect((await running.ended).status).toBe(75);
    expect(states(out)).toEqual(["planned", "planned"]);
  }, 180_000);
});
