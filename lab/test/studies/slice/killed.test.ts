import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { randomStream } from "flatward";
import { beforeAll, describe, expect, it } from "vitest";
import type { SliceDocument } from "../../../src/studies/slice/page/document.js";
import { killsFrom } from "../../support/kills.js";
import { scratch } from "../../support/run.js";
import { canonicalHash, type Fault, finish, start, suffering, writePlan } from "../../support/sweeps.js";

const KILLS = killsFrom(10);
const LONG = Math.max(180_000, 18_000 * KILLS);
const POINTS = 17;

/** A sweep of one cell, whose slices are looked at. */
const run = join(scratch(), "run");
/** Eigenvectors of its Hessian are kept on the way, and rows of the slice. */
const slice = (output: string, workers = 2): string[] => [
  ...["slice", "--run", run, "--output", output, "--directions", "eigenvectors", "--no-surface"],
  ...["--points", String(POINTS), "--workers", String(workers)],
];

let expected: SliceDocument;
beforeAll(async () => {
  const plan = writePlan(scratch(), {
    data: "iris",
    network: { hidden: 12 },
    methods: [{ name: "gradient-descent", learningRate: 0.1 }],
    training: { steps: 12 },
    seeds: [1],
    measures: ["trainLoss", "theta"],
  });
  expect((await finish(["sweep", plan, "--output", run])).status).toBe(0);
  const output = scratch();
  expect((await finish(slice(output))).status).toBe(0);
  expected = documentIn(output) as SliceDocument;
}, LONG);

function folderIn(output: string): string | undefined {
  const name = existsSync(output)
    ? readdirSync(output).find((entry) => entry.startsWith("slice-"))
    : undefined;
  return name && join(output, name);
}

function documentIn(output: string): SliceDocument | undefined {
  const folder = folderIn(output);
  const path = folder && join(folder, "slice.json");
  return path && existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** Every finished row with what changes when it is written; each must be whole and its hash right. */
function rowsIn(output: string): Record<string, string> {
  const rows = join(folderIn(output) ?? output, "rows");
  const names = existsSync(rows) ? readdirSync(rows).filter((name) => /^\d{4}\.json$/.test(name)) : [];
  return Object.fromEntries(
    names.map((name) => {
      const { ino, mtimeMs } = statSync(join(rows, name));
      const { sha256, ...content } = JSON.parse(readFileSync(join(rows, name), "utf8"));
      expect(canonicalHash(content)).toBe(sha256);
      return [name, `${ino} ${mtimeMs}`];
    }),
  );
}

function expectFinished(output: string): void {
  const { provenance: _, ...content } = documentIn(output) as SliceDocument;
  const { provenance: __, ...wanted } = expected;
  expect(content).toEqual(wanted);
  const folder = folderIn(output) as string;
  expect(readdirSync(join(folder, "rows"))).toHaveLength(POINTS);
  const leftovers = [output, folder, join(folder, "rows")].flatMap((place) =>
    readdirSync(place).filter((name) => name.startsWith(".")),
  );
  expect(leftovers).toEqual([]);
}

describe("a slice that is killed", () => {
  it(
    `at ${KILLS} random moments loses no row, tears no file, and ends with the same bits`,
    async () => {
      const random = randomStream(10, "kills");
      let kills = 0;
      let taken = 0;
      let slices = 0;
      while (kills < KILLS) {
        const output = scratch();
        let before: Record<string, string> = {};
        for (;;) {
          const running = start(slice(output, 1 + (kills % 2)));
          if (kills < KILLS) {
            // Some moments are counted in milliseconds, others in rows.
            if (kills % 3 === 0) await Promise.race([sleep(1500 * random.uniform()), running.ended]);
            else {
              const more = Object.keys(before).length + 1 + random.integer(6);
              while (running.isRunning() && Object.keys(rowsIn(output)).length < more) await sleep(1);
              await sleep(20 * random.uniform());
            }
            running.kill();
            kills++;
          }
          const { status, signal, stdout } = await running.ended;
          const after = rowsIn(output);
          expect(after).toMatchObject(before);
          if (signal !== "SIGKILL") {
            expect(status).toBe(0);
            const found = Object.keys(before).length;
            expect(stdout).toContain(`rows: ${found} found, ${POINTS - found} computed`);
            break;
          }
          if (Object.keys(after).length > Object.keys(before).length) taken++;
          before = after;
        }
        expectFinished(output);
        slices++;
      }
      console.info(
        `${kills} kills, ${slices} slices: none computed a row twice, ${taken} kills between rows`,
      );
      // Some of the kills came between rows.
      expect(taken).toBeGreaterThan(2);
    },
    LONG,
  );

  const faults: readonly [what: string, fault: Omit<Fault, "folder">][] = [
    [
      "of a row fills the disk",
      { ops: ["writeFileSync"], name: "^\\.?\\d{4}\\.json", nth: 4, action: "ENOSPC" },
    ],
    ["of a row is cut off", { ops: ["writeFileSync"], name: "^\\.?\\d{4}\\.json", nth: 3, action: "kill" }],
    ["of the eigenvectors is cut off", { ops: ["writeFileSync"], name: "plane", nth: 1, action: "kill" }],
    ["of the results is cut off", { ops: ["writeFileSync"], name: "slice.json", nth: 1, action: "kill" }],
  ];

  it.each(faults)(
    "or whose write %s, says so if it can, and goes on later",
    async (_, fault) => {
      const output = scratch();
      const { status, signal, stderr } = await finish(slice(output), suffering({ folder: output, ...fault }));
      if (fault.action === "kill") expect(signal).toBe("SIGKILL");
      else {
        expect(stderr).toMatch(/flatward: cannot write/);
        expect(stderr).toContain(`${fault.action}: injected`);
        expect(status).toBe(4);
      }
      const before = rowsIn(output);
      expect((await finish(slice(output))).status).toBe(0);
      expect(rowsIn(output)).toMatchObject(before);
      expectFinished(output);
    },
    LONG,
  );

  it(
    "or interrupted, keeps its finished rows, and says how to go on",
    async () => {
      const output = scratch();
      const running = start(slice(output));
      await running.until("a row was there", () => Object.keys(rowsIn(output)).length > 0);
      running.signal("SIGINT");
      const { status, stderr, stdout } = await running.ended;
      if (status !== 0) {
        expect(stderr).toMatch(/finished rows are kept/);
        expect(stderr).toMatch(/the same command goes on where this one stopped/);
        expect(stdout).toBe("");
        expect(status).toBe(75);
      }
      const before = rowsIn(output);
      expect((await finish(slice(output))).status).toBe(0);
      expect(rowsIn(output)).toMatchObject(before);
      expectFinished(output);
    },
    LONG,
  );
});
