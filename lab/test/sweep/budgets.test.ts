import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { loadSource } from "../../src/data/sources.js";
import { type RunConfig, stepsOf } from "../../src/experiment/config.js";
import { stepsOfMethod } from "../../src/experiment/method-steps.js";
import { defaultMethod, methodNames, methods } from "../../src/experiment/methods.js";
import { networkFor } from "../../src/experiment/network/make.js";
import { trainingCount } from "../../src/experiment/prepare.js";
import { measureStepCost } from "../../src/experiment/step-cost.js";
import { allowanceOf } from "../../src/sweep/budget.js";
import { readPlan } from "../../src/sweep/description.js";
import { problemsOf } from "../../src/sweep/groups.js";
import { type Manifest, manifestOf } from "../../src/sweep/manifest.js";
import type { SweepResults } from "../../src/sweep/results.js";
import { manifest } from "../support/manifests.js";
import { flatward, scratch } from "../support/run.js";
import { type PlanContent, tiny, writePlan } from "../support/sweeps.js";
import { swept } from "../support/swept.js";

// What a real measurement says is the matter of its own test; a sweep below makes one, in a process of its own.
vi.mock("../../src/experiment/step-cost.js", () => ({
  measureStepCost: vi.fn((_, { method }: RunConfig) => ({
    milliseconds: method.name === "sam" ? 0.5 : 0.8,
    reference: 0.25,
  })),
}));

const iris = loadSource({ name: "iris" });

const three: PlanContent = {
  ...tiny,
  methods: ["gradient-descent", "sam", { name: "hsr", learningRate: 0.1, strength: [0.01, 0.1] }],
  training: { steps: 31 },
};

/** Gradients that a step takes, on the data of every plan here. */
const gradientsIn = (config: RunConfig) =>
  stepsOfMethod(networkFor(iris, config.network), config, trainingCount(iris, config)).gradients;

/** Steps by method, of the first seed. */
const steps = ({ cells }: Manifest) =>
  cells.filter(({ config }) => config.seed === 1).map(({ config }) => stepsOf(config));

describe("a budget", () => {
  it("of steps is the same number for all, and nothing new", () => {
    const plain = manifest(three);
    expect(steps(plain)).toEqual([31, 31, 31, 31]);
    expect(manifest({ ...three, budget: "steps" }).cells).toEqual(plain.cells);
  });

  it("of gradients is as many steps as their cost allows, and shares with the others what it can", () => {
    const budgeted = manifest({ ...three, budget: "gradients" });
    expect(steps(budgeted)).toEqual([31, 15, 15, 15]);
    const [descent, sam] = budgeted.cells;
    expect(descent.id).toBe(manifest(three).cells[0].id);
    expect(sam.config).toMatchObject({ method: { steps: 15 }, training: { steps: 31 } });
    const all = manifest({
      ...three,
      methods: "all",
      training: { steps: 1200 },
      seeds: [1],
      budget: "gradients",
    });
    for (const { config } of all.cells) expect(stepsOf(config)).toBe(Math.floor(1200 / gradientsIn(config)));
  });

  it("of gradients counts what a bound costs that is held, or is not", () => {
    const hsr = { name: "hsr", learningRate: 0.1, strength: 0.1 };
    const exact = { ...hsr, every: 1, samples: "all" };
    const [held, seldom, whole] = steps(
      manifest({
        ...three,
        methods: [hsr, { ...hsr, every: 1000 }, exact],
        training: { steps: 1000 },
        budget: "gradients",
      }),
    );
    expect(held).toBeGreaterThanOrEqual(500);
    expect(held).toBeLessThan(700);
    expect(seldom).toBeGreaterThan(900);
    expect(whole).toBeLessThan(300);
  });

  it("leaves a step even where it allows none, and none where there are to be none", () => {
    const with2 = (count: number) =>
      steps(manifest({ ...three, training: { steps: count }, budget: "gradients" }));
    expect(with2(1)).toEqual([1, 1, 1, 1]);
    expect(with2(0)).toEqual([0, 0, 0, 0]);
  });

  it("of time divides by what a step was measured to take, in steps of gradient descent, and measures it once", () => {
    const plan = readPlan(writePlan(scratch(), { ...three, budget: "time", training: { steps: 600 } }));
    const first = allowanceOf("time");
    const measured = manifestOf(plan, "test-engine", first);
    const [descent, ...others] = steps(measured);
    expect(descent).toBe(600);
    expect(measured.costs?.map(({ method }) => method)).toEqual(["sam", "hsr"]);
    // A strength makes a step no longer: both of HSR have the same cost.
    expect(others).toEqual([300, 187, 187]);
    expect(vi.mocked(measureStepCost)).toHaveBeenCalledTimes(2);

    const told: string[] = [];
    const known = allowanceOf("time", measured.costs, (method) => told.push(method));
    expect(manifestOf(plan, "test-engine", known)).toEqual(measured);
    expect(told).toEqual([]);
    expect(vi.mocked(measureStepCost)).toHaveBeenCalledTimes(2);
  });

  it("has one group a method, named as ever, whatever their steps", () => {
    const [{ groups }] = problemsOf(manifest({ ...three, budget: "gradients" }));
    expect(groups.map(({ label }) => label)).toEqual(["gradient descent", "SAM 0.05", "HSR 0.01", "HSR 0.1"]);
  });

  it.each([
    [
      "a name that is none",
      { budget: "gradient" },
      /budget: there is no budget "gradient"; did you mean "gradients"/,
    ],
    [
      "steps of a method's own beside it",
      { budget: "gradients", methods: [{ name: "gradient-descent", learningRate: 0.1, steps: 5 }] },
      /gradient-descent has steps of its own, and budget: gradients says how many it gets/,
    ],
  ])("is refused where it is %s", (_, change, message) => {
    expect(() => manifest({ ...tiny, ...change })).toThrow(message);
  });
});

describe("a sweep with a budget of time", () => {
  it("measures once, writes the steps down, and goes on with them to the same bits", () => {
    const folder = scratch();
    const out = join(folder, "out");
    const content: PlanContent = { ...three, measures: undefined, budget: "time", training: { steps: 60 } };
    const plan = writePlan(folder, content);
    const first = flatward("sweep", plan, "--output", out);
    expect(first.status).toBe(0);
    expect(first.stderr).toContain("flatward: measuring what a step of each method takes");
    const path = join(out, "manifest.json");
    const written = readFileSync(path, "utf8");
    const { costs, cells }: Manifest = JSON.parse(written);
    expect(costs).toHaveLength(2);

    // Nothing is measured again, here or where single cells are run from.
    expect(swept(plan, out)).toContain("8 cells: 8 done before, 0 computed now");
    expect(readFileSync(path, "utf8")).toBe(written);
    const again = flatward("run", "--of", plan, "--output", out, "--index", "1,2", "--recompute");
    expect(again.stdout).toContain("every one with the same bits as before");
    expect(again.stderr).not.toContain("measuring");
    const more = writePlan(folder, { ...content, seeds: [1, 2, 3] }, "more.json");
    expect(swept(more, out)).toContain("12 cells: 8 done before, 4 computed now");

    const results: SweepResults = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
    const [{ groups }] = results.problems;
    groups.forEach((group, i) => {
      const taken = stepsOf(cells[i].config);
      const { summary, method } = group;
      expect(summary.steps).toMatchObject({ mean: taken, deviation: 0 });
      expect(summary.gradients.mean).toBe(Math.round(taken * gradientsIn({ ...cells[i].config, method })));
      expect(summary.millisecondsPerStep.mean).toBeGreaterThan(0);
      expect(summary.trainingSeconds.mean).toBeGreaterThan(0);
    });
    const report = readFileSync(join(out, "report.html"), "utf8");
    // Not toContain: a failure would print the page.
    for (const text of ["as much time as 60 steps of gradient descent take", "a step takes, measured before"])
      expect(report.includes(text), text).toBe(true);
    for (const column of ["steps", "gradients", "s", "ms/step"])
      expect(report.includes(`>${column}</th>`), column).toBe(true);
  }, 180_000);
});

describe("methods of a plan", () => {
  it("may be names alone, or all of them, with what is usual; the rest stays required", () => {
    const named = manifest({ ...tiny, methods: ["sam"] }).cells[0].config.method;
    expect(named).toEqual({ name: "sam", learningRate: 0.3, momentum: 0, radius: 0.05 });
    expect(manifest({ ...tiny, methods: [defaultMethod("sam")] }).cells[0].config.method).toEqual(named);
    const all = manifest({ ...tiny, methods: "all", seeds: [1] }).cells.map(
      ({ config }) => config.method.name,
    );
    expect(all).toEqual(methodNames);
    expect(() => manifest({ ...tiny, methods: [{ name: "sam" }] })).toThrow(/learningRate: it is missing/);
    expect(() => manifest({ ...tiny, methods: ["smm"] })).toThrow(
      /there is no method "smm"; did you mean "sam"/,
    );
    expect(() => manifest({ ...tiny, methods: "al" })).toThrow(/methods: expected a list, or "all"/);
  });

  it("may have steps of their own, which name them only where nothing else does", () => {
    const own = { name: "sam", learningRate: 0.1, radius: 0.05 };
    const plan = manifest({ ...tiny, methods: [own, { ...own, steps: [5, 8] }, "hsr"] });
    const [{ groups }] = problemsOf(plan);
    expect(groups.map(({ label }) => label)).toEqual([
      "SAM 0.05",
      "SAM 0.05, steps 5",
      "SAM 0.05, steps 8",
      "HSR 0.1",
    ]);
    // 12 are the training's: the same run twice.
    const twice = { ...tiny, methods: [own, { ...own, steps: 12 }] };
    expect(() => manifest(twice)).toThrow(/cells 0 and 1 are the same run/);
  });

  it("are told apart by a setting that only some of them have", () => {
    const hsr = { name: "hsr", learningRate: 0.1, strength: [0.01, 0.1] };
    const plan = manifest({ ...tiny, methods: [hsr, { ...hsr, vectors: 3 }], seeds: [1] });
    const [{ groups }] = problemsOf(plan);
    expect(groups.map(({ label }) => label)).toEqual([
      "HSR 0.01",
      "HSR 0.1",
      "HSR 0.01, vectors 3",
      "HSR 0.1, vectors 3",
    ]);
    expect(new Set(groups.map(({ id }) => id)).size).toBe(4);
  });

  it("have settings that are complete, and hyperparameters that exist", () => {
    for (const name of methodNames) {
      const { hyperparameters, defaults, shown } = methods[name];
      for (const [key, schema] of Object.entries(hyperparameters))
        expect(schema.safeParse(defaults[key]).success, `${name}: ${key}`).toBe(true);
      for (const key of [...Object.keys(defaults), ...(shown ? [shown] : [])])
        expect(key in hyperparameters, `${name}: ${key}`).toBe(true);
    }
  });
});

describe("flatward methods", () => {
  it("shows every method that a plan can name", () => {
    const { status, stdout } = flatward("methods");
    expect(status).toBe(0);
    for (const name of methodNames) expect(stdout).toContain(name);
  });
});
