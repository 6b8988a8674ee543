import { existsSync } from "node:fs";
import { join } from "node:path";
import { randomStream } from "flatward";
import { beforeAll, describe, expect, it } from "vitest";
import { expectNothingTorn, killsFrom, surviveKills } from "../support/kills.js";
import { scratch } from "../support/run.js";
import {
  cellsIn,
  type Fault,
  finish,
  leftoversIn,
  type PlanContent,
  resultsIn,
  stampsIn,
  suffering,
  writePlan,
} from "../support/sweeps.js";

const KILLS = killsFrom(12);
const LONG = Math.max(180_000, 9_000 * KILLS);

/** Short cells, and longer ones that leave checkpoints. */
const mixed: PlanContent = {
  data: "iris",
  network: { hidden: 2 },
  methods: [
    { name: "gradient-descent", learningRate: 0.1, momentum: 0.5 },
    { name: "hsr", learningRate: 0.1, strength: 0.01, momentum: 0.5 },
  ],
  training: { steps: [10, 1200], batchSize: ["full", 30] },
  seeds: [1],
  measures: ["trainLoss", "lambdaMax", "theta"],
};

/** Cells as small as can be, with checkpoints all the same. */
const minute: PlanContent = {
  data: "iris",
  network: { hidden: 2 },
  methods: [{ name: "gradient-descent", learningRate: 0.1, momentum: 0.5 }],
  training: { steps: 30 },
  seeds: [1, 2, 3],
  measures: ["trainLoss", "theta"],
};

const everyStep = ["--workers", "1", "--checkpoint-seconds", "0.000001"];

/** The records of a sweep that nothing disturbs. */
async function undisturbed(content: PlanContent): Promise<Record<string, string>> {
  const folder = scratch();
  const out = join(folder, "out");
  const { status } = await finish(["sweep", writePlan(folder, content), "--output", out]);
  expect(status).toBe(0);
  return resultsIn(out);
}

describe("a sweep that is killed", () => {
  it(
    `at ${KILLS} random moments loses no result, tears no file, and ends with the same bytes`,
    async () => {
      const expected = await undisturbed(mixed);
      const random = randomStream(20, "kills");
      let kills = 0;
      let resumed = 0;
      let sweeps = 0;
      while (kills < KILLS) {
        const folder = scratch();
        const out = join(folder, "out");
        const command = ["sweep", writePlan(folder, mixed), "--output", out, "--checkpoint-seconds", "0.03"];
        // Many sweeps with a few kills each find more than one with all of them.
        const survival = await surviveKills(command, out, 8, Math.min(20, KILLS - kills), random);
        expect(resultsIn(out)).toEqual(expected);
        kills += survival.kills;
        resumed += survival.resumed;
        sweeps++;
      }
      console.info(`${kills} kills, ${sweeps} sweeps: none computed a cell twice, ${resumed} cells went on`);
      expect(resumed).toBeGreaterThan(0);
    },
    LONG,
  );
});

describe("a sweep whose write", () => {
  let expected: Record<string, string>;
  beforeAll(async () => {
    expected = await undisturbed(minute);
  });

  /** Suffers a fault, is looked at, and then runs undisturbed. */
  async function suffers(
    fault: Omit<Fault, "folder">,
    inspect: (outcome: Awaited<ReturnType<typeof finish>>, out: string) => void,
  ): Promise<void> {
    const folder = scratch();
    const out = join(folder, "out");
    const command = ["sweep", writePlan(folder, minute), "--output", out, ...everyStep];
    const outcome = await finish(command, suffering({ folder: out, ...fault }));
    expectNothingTorn(out);
    const before = stampsIn(out);
    inspect(outcome, out);

    const { status, stderr } = await finish(command);
    expect(stderr).not.toMatch(/flatward:/);
    expect(status).toBe(0);
    expect(stampsIn(out)).toMatchObject(before);
    expect(resultsIn(out)).toEqual(expected);
    expect(leftoversIn(out)).toEqual([]);
  }

  // Under their final names, or those that they have while they are written.
  const record = "^\\.?[0-9a-f]{24}\\.json";
  const written = "^\\.[0-9a-f]{24}\\.json";
  const checkpoint = "^\\.?[0-9a-f]{24}\\.checkpoint";
  const errors: readonly [what: string, fault: Omit<Fault, "folder">, done: number][] = [
    ["of the first trial fails", { ops: ["openSync"], name: "probe", nth: 1, action: "EACCES" }, 0],
    ["of the manifest fails", { ops: ["writeFileSync"], name: "manifest", nth: 1, action: "ENOSPC" }, 0],
    [
      "of a claim fails",
      { ops: ["openSync", "writeFileSync"], name: "running", nth: 2, action: "EACCES" },
      0,
    ],
    ["of a claim fills the disk", { ops: ["writeFileSync"], name: "running", nth: 3, action: "ENOSPC" }, 0],
    // Records are opened to be read as well, but under their final names alone.
    ["of a record is not allowed", { ops: ["openSync"], name: written, nth: 2, action: "EACCES" }, 1],
    ["of a record fills the disk", { ops: ["writeFileSync"], name: record, nth: 2, action: "ENOSPC" }, 1],
    ["of a record cannot be flushed", { ops: ["fsyncSync"], name: record, nth: 3, action: "ENOSPC" }, 2],
    [
      "of a record cannot be renamed",
      { ops: ["renameSync"], name: "^[0-9a-f]{24}\\.json$", nth: 1, action: "EACCES" },
      0,
    ],
    [
      "of the results fills the disk",
      { ops: ["writeFileSync"], name: "results", nth: 1, action: "ENOSPC" },
      3,
    ],
  ];

  it.each(errors)(
    "%s says so, keeps what is done, and goes on later",
    async (_, fault, done) => {
      await suffers(fault, ({ status, stderr, stdout }, out) => {
        expect(stderr).toMatch(/flatward: cannot write/);
        expect(stderr).toContain(out);
        expect(stderr).toContain(`${fault.action}: injected`);
        expect(stderr).not.toMatch(/\n\s+at |defect/);
        // How the data were read is told before anything is computed.
        expect([status, stdout]).toEqual([4, expect.stringMatching(/^(?:iris: 150 samples, .*\n)?$/)]);
        expect(cellsIn(out).size).toBeGreaterThanOrEqual(done);
        // Nothing half-written, nothing claimed; checkpoints may wait.
        if (existsSync(join(out, "cells")))
          expect(leftoversIn(out).filter((name) => !name.endsWith(".checkpoint"))).toEqual([]);
      });
    },
    LONG,
  );

  it.each([
    ["cannot be written", { ops: ["writeFileSync"], name: checkpoint, nth: 2, action: "ENOSPC" }],
    ["cannot be renamed", { ops: ["renameSync"], name: "checkpoint$", nth: 1, action: "EACCES" }],
  ] as const)(
    "of a checkpoint %s costs nothing when the training comes to its end",
    async (_, fault) => {
      await suffers({ ...fault, ops: [...fault.ops] }, ({ status, stderr }) => {
        expect(stderr).not.toMatch(/\n\s+at |defect/);
        expect(status).toBe(0);
      });
    },
    LONG,
  );

  it(
    "fails in whatever place does the same",
    async () => {
      const random = randomStream(3, "faults");
      for (const action of ["ENOSPC", "EACCES"] as const) {
        const nth = 1 + Math.floor(60 * random.uniform());
        await suffers({ nth, action }, ({ status, stderr }, out) => {
          if (status === 0) return;
          expect(stderr, `call ${nth}`).toMatch(/flatward: cannot write/);
          expect(stderr).toContain(out);
          expect(status).toBe(4);
        });
      }
    },
    LONG,
  );

  it(
    "and everything after it fails, because the disk has become read-only, says so too",
    async () => {
      const ops = ["openSync", "writeFileSync", "renameSync", "unlinkSync", "rmSync", "utimesSync"];
      await suffers({ ops, nth: 40, onwards: true, action: "EROFS" }, ({ status, stderr }, out) => {
        expect(stderr).toMatch(/flatward: cannot write/);
        expect(stderr).toContain(out);
        expect(stderr).not.toMatch(/defect/);
        expect(status).toBe(4);
      });
    },
    LONG,
  );

  it(
    "is cut off by a kill, at any call, tears nothing and loses nothing",
    async () => {
      const random = randomStream(7, "cuts");
      const kinds: Omit<Fault, "folder">[] = [
        { ops: ["writeFileSync"], name: "running" },
        { ops: ["writeFileSync"], name: checkpoint },
        { ops: ["writeFileSync"], name: record },
        { ops: ["renameSync"], name: "^[0-9a-f]{24}\\.json$" },
        { ops: ["rmSync"], name: "checkpoint$" },
        { ops: ["rmSync"], name: "running$" },
        { ops: ["writeFileSync"], name: "manifest" },
      ];
      for (const kind of kinds) {
        const nth = kind.name === "manifest" ? 1 : 1 + Math.floor(3 * random.uniform());
        await suffers({ ...kind, nth, action: "kill" }, ({ signal }) => {
          expect(signal, `${kind.ops} ${kind.name}, call ${nth}`).toBe("SIGKILL");
        });
      }
    },
    LONG,
  );
});
