import { execSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { CellRecord } from "../../src/sweep/record.js";
import type { SweepResults } from "../../src/sweep/results.js";
import { flatward, flatwardHere, type Outcome, scratch } from "../support/run.js";
import { cellsIn, tiny, writePlan } from "../support/sweeps.js";

/** The records of a comparison, in the order of its table. */
function records(folder: string): CellRecord[] {
  const { problems }: SweepResults = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
  return problems[0].groups.flatMap(({ cells }) =>
    cells.map(({ id }) => JSON.parse(readFileSync(join(folder, "cells", `${id}.json`), "utf8"))),
  );
}

const quick = ["--steps", "25", "--seeds", "2", "--strengths", "0.1", "--hidden", "3"];

describe("flatward compare", () => {
  const folder = scratch();
  let first: Outcome;
  beforeAll(() => {
    first = flatward("compare", ...quick, "--workers", "1", "--output", folder);
  });

  it("prints a table, and writes results, figures and a report that needs nothing else", () => {
    const { status, stdout, stderr } = first;
    expect(stderr).toMatch(/8\/8/);
    expect(status).toBe(0);
    for (const method of ["gradient descent", "weight decay 0.003", "SAM 0.05", "HSR 0.1"])
      expect(stdout).toContain(method);
    for (const column of ["λ_max", "WS bound", "test accuracy", "ms/step"]) expect(stdout).toContain(column);
    expect(readdirSync(folder).sort()).toEqual([
      "cells",
      "manifest.json",
      "report.html",
      "results.csv",
      "results.json",
      "spectrum.svg",
      "trade-off.svg",
      "training-loss.svg",
      "ws-bound.svg",
    ]);

    const report = readFileSync(join(folder, "report.html"), "utf8");
    expect(report.match(/<figure/g)).toHaveLength(4);
    expect(report).not.toMatch(/<script|<link|@import|src=|url\(/);
    expect(report).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it("gives the same bits on one worker and on two, and again when asked to compute again", () => {
    const other = scratch();
    flatward("compare", ...quick, "--workers", "2", "--output", other);
    const bits = (place: string) => records(place).map(({ provenance: _, ...rest }) => rest);
    expect(bits(folder)).toEqual(bits(other));

    const before = readFileSync(join(folder, "cells", readdirSync(join(folder, "cells"))[0]), "utf8");
    const again = flatward("compare", ...quick, "--recompute", "--output", folder);
    expect(again.stdout).toContain("8 of 8 cells computed again: every one with the same bits as before");
    expect(again.status).toBe(0);
    expect(readFileSync(join(folder, "cells", readdirSync(join(folder, "cells"))[0]), "utf8")).toBe(before);
  });

  it("computes nothing twice", () => {
    const before = records(folder);
    const { stdout, stderr } = flatward("compare", ...quick, "--output", folder);
    expect(stdout).toContain("8 cells: 8 done before, 0 computed now");
    expect(stderr).toBe("");
    expect(records(folder)).toEqual(before);
  });

  it("puts nothing but the results on stdout with --json, with another hash for another seed", () => {
    const other = scratch();
    const { status, stdout, stderr } = flatward(
      ...["compare", ...quick, "--first-seed", "2", "--json", "--output", other],
    );
    expect(status).toBe(0);
    const { problems, data, sha256 }: SweepResults = JSON.parse(stdout);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(sha256).not.toBe(JSON.parse(readFileSync(join(folder, "results.json"), "utf8")).sha256);
    expect(data[0]).toMatchObject({ name: "iris", samples: 150, features: 4 });
    expect(problems[0].groups.map(({ id }) => id)).toEqual([
      "gradient-descent",
      "weight-decay-0.003",
      "sam-0.05",
      "hsr-0.1",
    ]);
    const runs = records(other);
    expect(runs).toHaveLength(8);
    for (const { result, config } of runs) {
      expect(result?.eigenvalues).toHaveLength(problems[0].parameters ?? -1);
      // The bound holds, and the starting point is shared.
      expect(result?.measures.wsBound).toBeGreaterThanOrEqual(result?.measures.lambdaMax ?? Number.NaN);
      const baseline = runs.find((run) => run.config.seed === config.seed);
      expect(result?.curve?.[0]).toEqual(baseline?.result?.curve?.[0]);
    }
    expect(stdout).toBe(readFileSync(join(other, "results.json"), "utf8"));
    expect(stderr).toContain("iris: 150 samples");
  });

  it("trains on a file of the user's own", () => {
    const folder = scratch();
    const lines = Array.from(
      { length: 40 },
      (_, i) => `${i % 2 ? "left" : "right"},${Math.sin(i) + (i % 2)},${Math.cos(3 * i)}`,
    );
    const path = join(folder, "own.csv");
    writeFileSync(path, `side,u,v\n${lines.join("\n")}\n`);
    const { status, stdout } = flatward(
      "compare",
      path,
      "--label",
      "side",
      ...quick,
      "--json",
      "--output",
      join(folder, "out"),
    );
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as SweepResults).data[0].classes).toEqual(["left", "right"]);
  });

  it("says which runs diverged instead of passing over them", () => {
    const { status, stdout } = flatward(
      "compare",
      ...quick,
      "--learning-rate",
      "1e200",
      "--loss",
      "mean-squared-error",
      "--activation",
      "identity",
      "--output",
      scratch(),
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/2 diverged/);
  });

  it("says so too where all numbers stay finite, and λ_max is 0 because outputs are saturated", () => {
    const folder = scratch();
    const methods = ["--methods", "gradient-descent,weight-decay", "--learning-rate", "1e9"];
    const { status, stdout } = flatward("compare", ...quick.slice(0, 4), ...methods, "--output", folder);
    expect(status).toBe(0);
    expect(stdout).toMatch(/gradient descent \(2 diverged\)/);
    expect(stdout).toContain(
      "Runs diverged, and their λ_max is that of no minimum: gradient descent (2 of 2)",
    );
    for (const { result } of records(folder)) expect(result?.status).toBe("diverged");
  });

  it("but not where a penalty outweighs the loss, or nothing is trained", () => {
    const folder = scratch();
    const methods = [{ name: "weight-decay", learningRate: 0.1, weightDecay: 3 }];
    const heavy = { ...tiny, methods, training: { steps: [0, 60] } };
    expect(flatward("sweep", writePlan(folder, heavy), "--output", folder).status).toBe(0);
    for (const { record } of cellsIn(folder).values()) {
      expect(record.result?.measures.trainLoss).toBeGreaterThan(0.9);
      expect(record.result?.status).toBe("max-iterations");
    }
  });
});

describe("a perfect run", () => {
  it("has not diverged: where λ_max is 0 its bound has no ratio to it", () => {
    const folder = scratch();
    const path = join(folder, "far.csv");
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 9 + i / 100 : -9 - i / 100},${i % 2}\n`);
    writeFileSync(path, `a,kind\n${rows.join("")}`);
    const settings = [
      "--methods",
      "gradient-descent",
      "--learning-rate",
      "1000",
      "--steps",
      "300",
      "--seeds",
      "1",
    ];
    const output = join(folder, "out");
    const { status, stdout } = flatward("compare", path, ...settings, "--output", output);
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/diverged/);
    const [{ result }] = records(output);
    expect(result?.measures).toMatchObject({ trainLoss: 0, testAccuracy: 1, lambdaMax: 0, tightness: null });
    expect(result?.status).not.toBe("non-finite");
  });
});

describe("what could be lost is not", () => {
  it("when the curvature of one run overflows: its measures are missing, and the others are there", () => {
    const folder = scratch();
    const wild = [
      "--learning-rate",
      "1e3",
      "--activation",
      "sin",
      "--loss",
      "poisson",
      "--steps",
      "12",
      "--seeds",
      "1",
      "--strengths",
      "0.1",
    ];
    const { status, stdout } = flatward("compare", ...wild, "--output", folder);
    expect(status).toBe(0);
    expect(stdout).toMatch(/diverged/);
    expect(stdout).toContain("n/a");
    const lost = records(folder).filter(({ result }) =>
      Object.values(result?.measures ?? {}).includes(null as never),
    );
    expect(lost.length).toBeGreaterThan(0);
    for (const { state, result } of lost) {
      expect(state).toBe("done");
      expect(result?.status).toBe("non-finite");
    }
  });

  it("when the reader of its output leaves early", () => {
    const folder = scratch();
    const command = `"${process.execPath}" "${fileURLToPath(new URL("../../bin/flatward.js", import.meta.url))}" compare ${quick.join(" ")} --output "${folder}" --json 2>/dev/null | head -c 10`;
    expect(execSync(command, { encoding: "utf8" })).toHaveLength(10);
    expect(existsSync(join(folder, "report.html"))).toBe(true);
  });
});

describe("flatward refuses", () => {
  const oneClass = "a,b,kind\n1,2,x\n3,4,x\n";
  const cases: readonly [name: string, args: string[], status: number, message: RegExp][] = [
    [
      "a file that is not there",
      ["compare", "nowhere.csv"],
      4,
      /cannot read nowhere\.csv: there is no such file/,
    ],
    ["a file of one class", ["compare", "ONE_CLASS"], 3, /every sample has the label "x"/],
    ["relu", ["compare", "--activation", "relu"], 2, /relu.*three derivatives/],
    ["an unknown activation", ["compare", "--activation", "tahn"], 2, /tahn/],
    ["a negative strength", ["compare", "--strengths", "0.1,-1"], 2, /It must be a number ≥ 0/],
    ["no hidden unit", ["compare", "--hidden", "0"], 2, /whole number ≥ 1/],
    ["an unknown option", ["compare", "--hiden", "3"], 2, /--hidden/],
    ["an unknown command", ["compere"], 2, /compare/],
    ["a second file", ["compare", "ONE_CLASS", "other.csv"], 2, /too many arguments/],
    ["data of a study that takes none", ["tightness", "ONE_CLASS"], 2, /too many arguments/],
    ["a folder without a name", ["compare", "--output", ""], 2, /--output is empty; name a folder/],
    ["a name of every object", ["compare", "--data", "constructor"], 2, /there is no data set "constructor"/],
    [
      "strengths where there is no HSR",
      ["compare", "--methods", "gradient-descent,sam", "--strengths", "0.1"],
      2,
      /none of the methods gradient-descent, sam has --strengths/,
    ],
    [
      "a hyperparameter that no method has",
      ["compare", "--methods", "gradient-descent,adam", "--radius", "0.1"],
      2,
      /none of the methods gradient-descent, adam has --radius/,
    ],
    ["two sources of data", ["compare", "nowhere.csv", "--data", "iris"], 2, /not both/],
    [
      "a strength given twice",
      ["compare", "--strengths", "0.1,0.1"],
      2,
      /methods\[3\]\.strength\[1\]: 0\.1 is given twice/,
    ],
    [
      "a label that the shipped data does not have",
      ["compare", "--label", "specis"],
      3,
      /did you mean "species"/,
    ],
    [
      "a test part without samples",
      ["compare", "--test-fraction", "0.001"],
      3,
      /leaves no sample to test on/,
    ],
    [
      "a folder that cannot be written",
      ["compare", "--output", "IN_A_FILE"],
      4,
      /cannot write to .*--output/,
    ],
  ];

  it.each(cases)(
    "%s, with a sentence, an exit code, and nothing written",
    async (_, args, status, message) => {
      const folder = scratch();
      writeFileSync(join(folder, "one.csv"), oneClass);
      const places: Record<string, string> = {
        ONE_CLASS: join(folder, "one.csv"),
        IN_A_FILE: join(folder, "one.csv", "results"),
      };
      const output = join(folder, "out");
      const resolved = args.map((arg) => (Object.hasOwn(places, arg) ? places[arg] : arg));
      const outcome = await flatwardHere(
        ...resolved,
        ...(args.includes("--output") || args[0] !== "compare" ? [] : ["--output", output]),
      );
      expect(outcome.stderr).toMatch(message);
      expect(outcome.status).toBe(status);
      expect(outcome.stdout).toBe("");
      expect(outcome.stderr).not.toMatch(/\n\s+at /);
      expect(existsSync(output)).toBe(false);
    },
  );

  it("to leave a torn file where a write fails", () => {
    const folder = scratch();
    // A folder in the place of the last file: its rename fails after everything was computed.
    mkdirSync(join(folder, "report.html"));
    writeFileSync(join(folder, "report.html", "keep"), "");
    const { status, stderr } = flatward("compare", ...quick, "--output", folder);
    expect(status).toBe(4);
    expect(stderr).toMatch(/cannot write .*report\.html/);
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
  });
});
