import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { prescribedSpectra, tightnessRows } from "../../../src/studies/tightness/tables.js";
import { flatwardHere, scratch } from "../../support/run.js";
import { study } from "../small-study.js";

describe("flatward tightness", () => {
  it("finds every bound at or above λ_max, and says where WS is exact", () => {
    const { folder, results, stdout } = study("tightness", {
      "classes: [2, 3, 5, 10]": "classes: [2, 3]",
      "hidden: [3, 12, 24]": "hidden: 3",
      "samples: [40, 160]": "samples: 40",
      "steps: [0, 30, 1000]": "steps: [0, 30]",
      "count: 3": "count: 2",
    });
    const rows = tightnessRows(results);
    expect(rows).toHaveLength(20);
    for (const { best, median, ninetieth, worst, networks } of rows) {
      expect(networks).toBe(16);
      expect(best).toBeGreaterThan(1 - 1e-9);
      expect([best, median, ninetieth, worst]).toEqual(
        [best, median, ninetieth, worst].sort((a, b) => a - b),
      );
    }
    const ws = rows.filter(({ bound }) => bound === "WS" || bound === "rank WS");
    for (const { steps } of ws) {
      const [rank, plain] = ["rank WS", "WS"].map((name) =>
        ws.find((row) => row.bound === name && row.steps === steps),
      );
      expect(rank?.median).toBeLessThanOrEqual(plain?.median ?? 0);
    }
    expect(stdout).toContain("The WS bound is after 0 training steps");
    const report = readFileSync(join(folder, "report.html"), "utf8");
    expect(report).toContain("How tight is the Wolkowicz–Styan bound?");
    expect(report).not.toMatch(/<script|NaN|undefined|Infinity|null/);
    for (const name of ["bounds", "outliers", "factors"]) expect(report).toContain(`<figure id="${name}">`);
  });

  it("refuses a plan that does not measure what it tells of", async () => {
    const path = join(scratch(), "plan.yaml");
    writeFileSync(
      path,
      "data: iris\nnetwork: { hidden: 2 }\nmethods: [{ name: gradient-descent, learningRate: 0.1 }]\ntraining: { steps: 2 }\nseeds: [1]\nmeasures: [tightness]\n",
    );
    const { status, stderr } = await flatwardHere(
      "tightness",
      "--plan",
      path,
      "--output",
      join(path, "..", "out"),
    );
    expect(status).toBe(2);
    expect(stderr).toContain("measures: flatward tightness needs fourMomentsRatio, effectiveOutliers too");
  });

  it("has WS exact for two eigenvalues and for one outlier, and loose by the root of equal ones", () => {
    const ratios = prescribedSpectra().map(({ ratio }) => ratio);
    expect(ratios[0]).toBeCloseTo(1, 12);
    expect(ratios[1]).toBeCloseTo(1, 12);
    for (const [i, count] of [2, 4, 9].entries())
      expect(Math.abs(ratios[2 + i] / Math.sqrt(count) - 1)).toBeLessThan(0.01);
  });
});
