import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { quadraticEdges } from "../src/studies/filters/quadratic-edges.js";
import { filterRows } from "../src/studies/filters/tables.js";
import { prescribedSpectra, tightnessRows } from "../src/studies/tightness/tables.js";
import type { SweepResults } from "../src/sweep/results.js";
import { flatward, scratch } from "./run.js";

/** Runs a study on a plan of its own that is small. */
function study(
  command: string,
  changes: Record<string, string>,
): { folder: string; results: SweepResults; stdout: string } {
  const folder = scratch();
  const shipped = readFileSync(new URL(`../plans/${command}.yaml`, import.meta.url), "utf8");
  const small = Object.entries(changes).reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, shipped);
  writeFileSync(join(folder, "small.yaml"), small);
  const { status, stdout, stderr } = flatward(
    ...[command, "--plan", join(folder, "small.yaml"), "--output", join(folder, "out")],
  );
  expect(stderr).not.toContain("flatward:");
  expect(status).toBe(0);
  const results = JSON.parse(readFileSync(join(folder, "out", "results.json"), "utf8"));
  return { folder: join(folder, "out"), results, stdout };
}

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

  it("refuses a plan that does not measure what it tells of", () => {
    const path = join(scratch(), "plan.yaml");
    writeFileSync(
      path,
      "data: iris\nnetwork: { hidden: 2 }\nmethods: [{ name: gradient-descent, learningRate: 0.1 }]\ntraining: { steps: 2 }\nseeds: [1]\nmeasures: [tightness]\n",
    );
    const { status, stderr } = flatward("tightness", "--plan", path, "--output", join(path, "..", "out"));
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

describe("flatward filters", () => {
  it("finds no converged run outside its filter, and edges by iterating where the formulas put them", () => {
    const { folder, results, stdout } = study("filters", {
      "learningRate: [0.2, 0.5, 0.8, 1.2]": "learningRate: [0.8, 1.2]",
      "  - { name: heavy-ball, learningRate: [0.2, 0.5, 0.8], momentum: 0.7 }\n": "",
      "  - { name: nesterov, learningRate: [0.1, 0.2, 0.4], momentum: 0.7 }\n": "",
      "  - { name: usam, learningRate: [0.3, 0.6], momentum: 0.7, radius: [0.1, 0.3] }\n": "",
      "  - { name: usam-nesterov, learningRate: [0.2, 0.4], momentum: 0.7, radius: [0.1, 0.3] }\n": "",
      "  - { name: two-step-usam, learningRate: [0.5, 1], radius: [0.1, 0.3] }\n": "",
      "  - { name: hessian-usam, learningRate: [0.5, 1], radius: [0.1, 0.3] }\n": "",
      "  - { name: penalty-sam, learningRate: [0.5, 1], radius: [0.1, 0.3] }\n": "",
      "learningRate: [0.5, 1], radius: [0.1, 0.3]": "learningRate: 0.5, radius: 0.1",
      "count: 5": "count: 3",
    });
    const rows = filterRows(results);
    expect(rows.map(({ method, runs }) => [method, runs])).toEqual([
      ["gradient descent", 6],
      ["USAM", 3],
    ]);
    for (const { converged, outside, closest } of rows) {
      expect(converged).toBeGreaterThan(1);
      expect(outside).toBe(0);
      // The filter is at work: without it λ_max would be above.
      expect(closest).toBeGreaterThan(0.9);
      expect(closest).toBeLessThan(1 + 1e-4);
    }
    expect(stdout).toMatch(/none of these lies outside/);
    for (const { settings, difference } of quadraticEdges(results)) {
      expect(settings).toBeGreaterThan(0);
      expect(difference).toBeLessThan(1e-12);
    }
    expect(readFileSync(join(folder, "report.html"), "utf8")).not.toMatch(/<script|NaN|undefined|Infinity/);
  });
});
