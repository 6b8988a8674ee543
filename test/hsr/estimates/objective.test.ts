import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  adam,
  hsrObjective,
  lossObjective,
  minibatchObjective,
  minimize,
  type Objective,
  selectSamples,
  sgd,
  spectralMoments,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { frobeniusObjective, traceObjective } from "../../../src/regularizers/index.js";
import { makeCase } from "../../cases.js";
import { layeredProblems } from "../../layered-problems.js";
import { expectClose, expectNear } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";
import { mean, variance } from "../../oracles/statistics.js";
import { refusals } from "../../refusals.js";

const estimate = { method: "estimate", samples: 3, seed: 6, strength: 0.3 } as const;
const everyStep = { ...estimate, every: 1, clip: "none" } as const;
const [convolution, normalized] = layeredProblems;
const { net, theta, batch } = convolution;

/** An objective at a step. */
function at(objective: Objective, step: number): Objective {
  objective.beginStep?.(step);
  return objective;
}

const objectives: readonly [string, (problem: typeof convolution) => Objective][] = [
  ["hsrObjective", (problem) => hsrObjective(problem.net, problem.batch, everyStep)],
  ["traceObjective", (problem) => traceObjective(problem.net, problem.batch, estimate)],
  ["frobeniusObjective", (problem) => frobeniusObjective(problem.net, problem.batch, estimate)],
];

describe.each(objectives)("%s by estimate", (_, make) => {
  it.each(layeredProblems)(
    "has at every step the gradient that differences of its value approach: $name",
    (problem) => {
      const objective = at(make(problem), 4);
      const gradient = objective.gradient(problem.theta);
      const claim = {
        f: (point: Float64Array) => [objective.value(point)],
        at: problem.theta,
        column: (j: number) => [gradient[j]],
        terms: 1,
        roundings: 256,
      };
      expect(() => assertDerivative(claim)).not.toThrow();
      expect(objective.valueAndGradient(problem.theta).gradient).toEqual(gradient);
    },
  );

  it("draws afresh each step, by the seed and the step alone, in whatever order", () => {
    const inOrder = [0, 1, 2, 3].map((step) => at(make(convolution), step).valueAndGradient(theta));
    const objective = make(convolution);
    for (const step of [3, 0, 2, 2, 1])
      expect(at(objective, step).valueAndGradient(theta)).toEqual(inOrder[step]);
    expect(inOrder[1]).not.toEqual(inOrder[0]);
    expect(make(convolution).valueAndGradient(theta)).toEqual(inOrder[0]);
  });

  it.each([
    ["sgd with momentum", sgd({ learningRate: 0.1, momentum: 0.9 })],
    ["adam", adam({ learningRate: 0.05 })],
  ])("goes on to the same bits, also within mini-batches: %s", (__, optimizer) => {
    const inBatches = () =>
      minibatchObjective({ count: 7, batchSize: 4, seed: 3 }, (samples) =>
        make({ ...normalized, batch: selectSamples(normalized.batch, samples) }),
      );
    for (const start of [() => make(normalized), inBatches]) {
      const whole = minimize(start(), normalized.theta, optimizer as never, { steps: 9 });
      for (const steps of [1, 5]) {
        const half = minimize(start(), normalized.theta, optimizer as never, { steps });
        const rest = { steps: 9 - steps, from: half as never };
        expect(minimize(start(), half.theta, optimizer as never, rest)).toEqual(whole);
      }
    }
  });
});

describe("hsrObjective by estimate", () => {
  it("is on average over steps the loss and strength times the bound", () => {
    const problem = makeCase({ size: [12, 3, 4, 3], targets: "dense", weighted: true });
    const exact = wsUpperBoundAndGradient(problem.net, problem.theta, problem.batch);
    const objective = hsrObjective(problem.net, problem.batch, everyStep);
    const loss = lossObjective(problem.net, problem.batch).value(problem.theta);
    const values = Array.from({ length: 1000 }, (_, step) => at(objective, step).value(problem.theta));
    const off = mean(values) - (loss + 0.3 * exact.value);
    expect(Math.abs(off)).toBeLessThan(2.576 * Math.sqrt(variance(values) / 1000));
  });

  it("is the loss at strength 0, and follows its other forms", () => {
    const plain = lossObjective(net, batch).valueAndGradient(theta);
    const zero = hsrObjective(net, batch, { ...everyStep, strength: 0 }).valueAndGradient(theta);
    expect(zero.value).toBe(plain.value);
    expectClose(zero.gradient, plain.gradient, 0);

    const added = hsrObjective(net, batch, everyStep).gradient(theta);
    const bound = added.map((entry, j) => (entry - plain.gradient[j]) / 0.3);
    const unit = hsrObjective(net, batch, { ...everyStep, form: "unit-direction" }).gradient(theta);
    const length = Math.hypot(...bound);
    expectClose(
      unit,
      plain.gradient.map((entry, j) => entry + (0.3 * bound[j]) / length),
      1e-12,
    );

    // Step 1 is the bound's.
    const alternating = at(hsrObjective(net, batch, { ...everyStep, form: "alternating" }), 1);
    const onBound = at(hsrObjective(net, batch, everyStep), 1).gradient(theta);
    expectClose(
      alternating.gradient(theta),
      onBound.map((entry, j) => entry - plain.gradient[j]),
      1e-12,
    );
    expectNear(at(alternating, 2).value(theta), plain.value, 1e-15);
  });

  it("lowers the bound of a network that has no closed form", () => {
    const bounds = [0, 0.3].map((strength) => {
      const objective = hsrObjective(net, batch, { ...everyStep, strength });
      const run = minimize(objective, theta, sgd({ learningRate: 0.3 }), { steps: 100 });
      return spectralMoments(net, run.theta, batch, { method: "estimate" }).upperBound.value;
    });
    expect(bounds[1]).toBeLessThan(0.8 * bounds[0]);
  });
});

describe("an objective by estimate refuses", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "one sample",
      () => hsrObjective(net, batch, { ...everyStep, samples: 1 }),
      /hsrObjective: .*samples.*≥ 2, got 1/,
    ],
    [
      "a misspelt option",
      () => hsrObjective(net, batch, { ...everyStep, sample: 1 } as never),
      /hsrObjective: .*got "sample"; did you mean "samples"/,
    ],
    [
      "a route of the trace",
      () => traceObjective(net, batch, { ...estimate, route: "blocks" } as never),
      /traceObjective: .*got "route"/,
    ],
    [
      "a route",
      () => frobeniusObjective(net, batch, { ...estimate, route: "blocks" }),
      /frobeniusObjective: .*no route with method "estimate"/,
    ],
    [
      "a seed that is no integer",
      () => traceObjective(net, batch, { ...estimate, seed: 0.5 }),
      /traceObjective: .*seed.*got 0\.5/,
    ],
    [
      "all samples, of which there is no end",
      () => hsrObjective(net, batch, { ...everyStep, samples: "all" }),
      /hsrObjective: .*samples to be an integer/,
    ],
  ]);
});
