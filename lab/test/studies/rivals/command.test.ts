import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPlan } from "../../../src/sweep/description.js";
import type { Manifest } from "../../../src/sweep/manifest.js";
import type { SweepResults } from "../../../src/sweep/results.js";
import { flatward, flatwardHere, scratch } from "../../support/run.js";

const plan = {
  data: "iris",
  network: { hidden: [[3, 2]] },
  methods: [
    { name: "gradient-descent", learningRate: [0.1, 0.4] },
    { name: "sam", learningRate: [0.2, 0.4], radius: 0.1 },
    { name: "hsr", learningRate: [0.2, 0.4], strength: 0.05, every: 5, samples: 8, clip: 1 },
  ],
  training: { steps: 40, labelNoise: 0.2, validationFraction: 0.2 },
  seeds: [7],
  measures: [
    "trainLoss",
    "testLoss",
    "testAccuracy",
    "steps",
    "noisyAccuracy",
    "shiftedAccuracy",
    "lambdaMax",
  ],
};

interface Rivals {
  readonly problems: readonly {
    readonly label: string;
    readonly tuning: SweepResults;
    readonly comparisons: readonly { readonly budget: string; readonly results: SweepResults }[];
  }[];
}

describe("flatward rivals", () => {
  it("tunes, compares at equal time and at equal gradients, goes on where it was, and writes a page", () => {
    const folder = scratch();
    const out = join(folder, "out");
    writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
    const args = [
      "rivals",
      "--plan",
      join(folder, "plan.json"),
      "--output",
      out,
      "--seeds",
      "2",
      "--workers",
      "1",
    ];
    const first = flatward(...args);
    expect(first.stderr).not.toContain("flatward: program");
    expect(first.status).toBe(0);
    const { problems }: Rivals = JSON.parse(readFileSync(join(out, "rivals.json"), "utf8"));
    expect(problems.map(({ label }) => label)).toEqual(["iris"]);
    for (const { tuning, comparisons } of problems) {
      const [tuned] = tuning.problems;
      expect(tuned.groups).toHaveLength(6);
      expect(tuned.training.validationFraction).toBe(0.2);
      expect(comparisons.map(({ budget }) => budget)).toEqual(["time", "gradients"]);
      for (const { results } of comparisons) {
        const [{ groups, training, network }] = results.problems;
        expect(training.validationFraction).toBeUndefined();
        expect(network).toMatchObject({ hidden: [3, 2] });
        expect(groups.map(({ family }) => family)).toEqual(["gradient-descent", "sam", "hsr"]);
        for (const { family, method, cells } of groups) {
          expect(cells.map(({ seed }) => seed)).toEqual([1, 2]);
          const tried = tuned.groups.filter((group) => group.family === family);
          const losses = tried.map(({ summary }) => summary.testLoss.mean);
          const best = tried[losses.indexOf(Math.min(...losses))].method;
          expect(method.learningRate).toBe(best.learningRate);
        }
      }
      const [, gradients] = comparisons.map(({ results }) => results.problems[0].groups);
      const [descent, sam, hsr] = gradients.map(({ cells }) => cells[0].measures.steps);
      expect([descent, sam]).toEqual([40, 20]);
      expect(hsr).toBeGreaterThan(0);
      expect(hsr).toBeLessThan(40);
    }
    // Both comparisons at equal time go by the steps that were measured for the tuning.
    const costs = (phase: string): Manifest["costs"] =>
      JSON.parse(readFileSync(join(out, "1", phase, "manifest.json"), "utf8")).costs;
    expect(costs("time")).toEqual(costs("tuning"));
    expect(first.stdout).toContain("of 18 runs blew up");
    expect(first.stdout).toContain("iris, at equal time: HSR against each");

    const page = readFileSync(join(out, "rivals.html"), "utf8");
    expect(page).toMatch(/<h1>.*HSR among its rivals/s);
    expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(2);

    const again = flatward(...args);
    expect(again.stderr).not.toContain("measuring");
    expect(again.stdout).toBe(first.stdout);
    expect(readFileSync(join(out, "rivals.html"), "utf8")).toBe(page);
  });

  it("refuses a plan without what it compares", async () => {
    const folder = scratch();
    const path = join(folder, "plan.json");
    writeFileSync(path, JSON.stringify({ ...plan, measures: ["trainLoss", "lambdaMax"] }));
    const { status, stderr } = await flatwardHere("rivals", "--plan", path);
    expect(status).toBe(2);
    expect(stderr).toContain(
      "flatward rivals needs testLoss, testAccuracy, noisyAccuracy, shiftedAccuracy too",
    );
  });

  it.each(["iris", "digits", "mnist"])(
    "has a plan for %s, with as many settings for every method",
    (name) => {
      const path = new URL(`../../../plans/rivals-${name}.yaml`, import.meta.url).pathname;
      const { description } = readPlan(path);
      expect((description.training as { validationFraction?: number }).validationFraction).toBe(0.2);
      const sizes = description.methods.map((method) =>
        Object.values(method).reduce<number>(
          (product, value) => product * (Array.isArray(value) ? value.length : 1),
          1,
        ),
      );
      expect(new Set(sizes)).toEqual(new Set([4]));
      expect(description.methods.map((method) => (method as { name: string }).name)).toContain("hsr");
    },
  );
});
