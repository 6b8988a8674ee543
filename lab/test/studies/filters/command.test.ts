import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { quadraticEdges } from "../../../src/studies/filters/quadratic-edges.js";
import { filterRows } from "../../../src/studies/filters/tables.js";
import { study } from "../small-study.js";

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
