import { describe, expect, it } from "vitest";
import { summarize } from "../../../src/experiment/measures/statistics.js";
import { chosenOf } from "../../../src/studies/rivals/choose.js";
import { comparisonsOf, sideOf } from "../../../src/studies/rivals/comparisons.js";
import { problemFindings, rivalFinding } from "../../../src/studies/rivals/finding.js";
import { paretoFront } from "../../../src/studies/rivals/page/front-figure.js";
import type { ProblemOutcome } from "../../../src/studies/rivals/results.js";
import { rivalTables } from "../../../src/studies/rivals/tables.js";
import type { CellResult, GroupResult, SweepResults } from "../../../src/sweep/results.js";

const ids = ["trainLoss", "testLoss", "testAccuracy", "noisyAccuracy", "shiftedAccuracy", "lambdaMax"];

/** Runs of one method, one a seed, whose losses and λ_max are these times the seed. */
function group(
  family: string,
  loss: number,
  lambdaMax: number,
  { seeds = [1, 2, 3, 4, 5], diverged = [] as number[], setting = 0.1 } = {},
): GroupResult {
  const cells = seeds.map((seed): CellResult => {
    const wobble = 1 + 0.01 * Math.sin(7 * seed + loss + lambdaMax);
    const share = 0.9 + 0.001 * Math.cos(seed + loss);
    return {
      index: seed,
      id: `${family}-${seed}`,
      seed,
      sha256: "",
      status: diverged.includes(seed) ? "diverged" : "max-iterations",
      measures: {
        trainLoss: loss * seed * wobble,
        testLoss: 2 * loss * seed * wobble,
        lambdaMax: lambdaMax * seed * wobble,
        testAccuracy: share,
        noisyAccuracy: share,
        shiftedAccuracy: share,
        steps: 10,
      },
    };
  });
  const summary = Object.fromEntries(
    [...ids, "steps"].map((id) => [id, summarize(cells.map(({ measures }) => measures[id]))]),
  );
  const method = { name: family, learningRate: setting } as unknown as GroupResult["method"];
  return {
    id: family,
    label: family,
    family: family as never,
    method,
    planned: seeds.length,
    cells,
    summary,
  };
}

describe("the setting that is chosen", () => {
  it("has the least validation loss of its method, in the order of the methods", () => {
    const groups = [
      group("gradient-descent", 3, 1, { setting: 0.1 }),
      group("gradient-descent", 2, 1, { setting: 0.2 }),
      group("hsr", 1, 1, { setting: 0.3 }),
      group("hsr", 4, 1, { setting: 0.4 }),
    ];
    expect(chosenOf({ groups }).map(({ method }) => method.learningRate)).toEqual([0.2, 0.3]);
  });

  it("is none in which a run diverged, but where all have", () => {
    const low = group("hsr", 1, 1, { setting: 0.1, diverged: [2] });
    const high = group("hsr", 2, 1, { setting: 0.2 });
    expect(chosenOf({ groups: [low, high] })[0]).toBe(high);
    const both = group("hsr", 2, 1, { setting: 0.2, diverged: [1] });
    expect(chosenOf({ groups: [low, both] })[0]).toBe(low);
  });
});

describe("the Pareto front", () => {
  it("has what no other beats in both, in order", () => {
    const point = (loss: number, sharpness: number) => ({ loss, sharpness });
    const points = [
      point(3, 1),
      point(1, 4),
      point(2, 2),
      point(2, 3),
      point(4, 1),
      point(5, 0.5),
      point(1, 5),
    ];
    expect(paretoFront(points)).toEqual([point(1, 4), point(2, 2), point(3, 1), point(5, 0.5)]);
  });
});

describe("HSR against its rivals", () => {
  const groups = [group("gradient-descent", 1, 4), group("sam", 1.5, 2), group("hsr", 1, 1)];

  it("is paired by seed, as a ratio of what is positive", () => {
    const [descent, sam] = comparisonsOf({ groups });
    expect(descent.rival.family).toBe("gradient-descent");
    expect(descent.by.lambdaMax.mean).toBeGreaterThan(0.245);
    expect(descent.by.lambdaMax.mean).toBeLessThan(0.255);
    // Seeds differ fivefold, and pairs do not.
    const [low, high] = descent.by.lambdaMax.interval as readonly [number, number];
    expect(high / low).toBeLessThan(1.2);
    expect(sideOf(descent.by.lambdaMax, 1)).toBe(-1);
    expect(sideOf(sam.by.trainLoss, 1)).toBe(-1);
    expect(sideOf(descent.by.trainLoss, 1)).toBe(0);
    expect(Math.abs(descent.by.testAccuracy.mean)).toBeLessThan(0.01);
  });

  it("leaves out seeds in which one of the two diverged", () => {
    const hurt = [groups[0], group("hsr", 1, 1, { diverged: [5] })];
    const fewer = [
      group("gradient-descent", 1, 4, { seeds: [1, 2, 3, 4] }),
      group("hsr", 1, 1, { seeds: [1, 2, 3, 4] }),
    ];
    expect(comparisonsOf({ groups: hurt })[0].by).toEqual(comparisonsOf({ groups: fewer })[0].by);
  });

  const outcome = (at: readonly GroupResult[]): ProblemOutcome => {
    const results = (of: readonly GroupResult[]) =>
      ({ problems: [{ groups: of }] }) as unknown as SweepResults;
    return { label: "digits", tuning: results(at), comparisons: [{ budget: "time", results: results(at) }] };
  };

  it("is told in a sentence, with what blew up", () => {
    const [finding] = problemFindings(outcome(groups));
    expect(finding).toMatch(
      /^digits, at equal time: HSR ends flatter than all 2 rivals, by 2\.0 times \(sam\) to 4\.0 times \(gradient-descent\); at no clearly higher training loss \(λ_max 2\.98, 5 seeds\)\.$/,
    );
    expect(rivalFinding([outcome(groups)])).toBe(
      "At equal time HSR ends flatter in 2 of 2 comparisons with rivals at their best, less flat in 0; 0 of 30 runs blew up.",
    );
  });

  it("is told where HSR loses, too", () => {
    const worse = [group("sam", 0.5, 0.5), group("gradient-descent", 0.5, 4, { diverged: [1] }), groups[2]];
    const [finding] = problemFindings(outcome(worse));
    expect(finding).toContain("HSR ends flatter than 1 of 2 rivals, by 4.0 times (gradient-descent)");
    expect(finding).toContain("at a higher training loss than gradient-descent of these; less flat than sam");
    expect(rivalFinding([outcome(worse)])).toBe(
      "At equal time HSR ends flatter in 1 of 2 comparisons with rivals at their best, less flat in 1; 2 of 30 runs blew up: gradient-descent.",
    );
  });

  it("has a row for every rival, stars where intervals leave out 1, and what blew up", () => {
    const [against, all, tried] = rivalTables(outcome(groups));
    expect(against.rows.map(([rival]) => rival)).toEqual(["gradient-descent", "sam"]);
    expect(against.rows[0][1]).toMatch(/^0\.2\d\d \[0\.2\d\d, 0\.2\d\d\] \*$/);
    expect(against.rows[0][2]).toMatch(/\]$/);
    expect(against.note).toContain("all 12 comparisons");
    expect(all.rows[2].slice(0, 3)).toEqual(["hsr", "α 0.1", "0 of 5"]);
    expect(tried.rows).toHaveLength(3);
  });
});
