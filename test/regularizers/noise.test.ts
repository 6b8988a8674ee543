import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  adam,
  lossObjective,
  minibatchObjective,
  minimize,
  objectiveOf,
  randomStream,
  selectSamples,
  sgd,
} from "../../src/index.js";
import { noiseObjective } from "../../src/regularizers/index.js";
import { makeCase } from "../cases.js";
import { quadratic } from "../optim/quadratic.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { expectCoverage } from "../oracles/statistics.js";
import { refusals } from "../refusals.js";
import { net, x, y } from "../small-network.js";

const curvatures = [4, 1, 0.5, -2];
const theta = Float64Array.of(1, -2, 3, 0.5);
const deviation = 0.3;
const problem = makeCase({ size: [20, 3, 4, 3], weighted: true });
const plain = lossObjective(problem.net, problem.batch);
const at = (step: number, options: object = {}) => {
  const objective = noiseObjective(plain, { deviation, seed: 1, ...options });
  objective.beginStep?.(step);
  return objective.valueAndGradient(problem.theta);
};

describe("noiseObjective", () => {
  it("is f + ½σ² uᵀHu on a quadratic, with f's gradient, since pairs cancel what is odd", () => {
    const f = quadratic(curvatures);
    const objective = noiseObjective(f, { deviation, directions: 3, seed: 2 });
    for (const step of [0, 5]) {
      objective.beginStep?.(step);
      const draws = randomStream(2, "noise", step);
      const added = [0, 1, 2].map(() =>
        curvatures.reduce((sum, c) => {
          const u = deviation * draws.normal();
          return sum + 0.5 * c * u * u;
        }, 0),
      );
      const { value, gradient } = objective.valueAndGradient(theta);
      expectNear(value, f.value(theta) + (added[0] + added[1] + added[2]) / 3, 1e-14, 10);
      expectClose(gradient, f.gradient(theta), 1e-14);
      expect(objective.value(theta)).toBe(value);
    }
  });

  it("adds ½σ² tr H on average over the steps", () => {
    const f = quadratic(curvatures);
    const trace = curvatures.reduce((sum, c) => sum + c, 0);
    const runs = Array.from({ length: 200 }, (_, seed) => {
      const objective = noiseObjective(f, { deviation, seed });
      const steps = Array.from({ length: 50 }, (__, step) => {
        objective.beginStep?.(step);
        return objective.value(theta) - f.value(theta);
      });
      const mean = steps.reduce((sum, value) => sum + value / 50, 0);
      const squares = steps.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
      return { value: mean, standardError: Math.sqrt(squares / 49 / 50) };
    });
    expectCoverage(runs, 0.5 * deviation * deviation * trace, 2.009575);
  });

  it("is a function of seed and step, in whatever order the steps come", () => {
    const inOrder = [0, 1, 2, 3].map((step) => at(step));
    const objective = noiseObjective(plain, { deviation, seed: 1 });
    for (const step of [3, 0, 2, 2, 1]) {
      objective.beginStep?.(step);
      expect(objective.valueAndGradient(problem.theta)).toEqual(inOrder[step]);
    }
    expect(at(1)).not.toEqual(at(0));
    expect(at(0, { seed: 2 })).not.toEqual(at(0));
    expect(noiseObjective(plain, { deviation, seed: 1 }).valueAndGradient(problem.theta)).toEqual(at(0));
  });

  it("is the objective itself without deviation", () => {
    const { value, gradient } = at(4, { deviation: 0 });
    expectNear(value, plain.value(problem.theta), 1e-15);
    expectClose(gradient, plain.gradient(problem.theta), 1e-15);
  });

  it("averages Hessian-vector products over the same points, where the objective has them", () => {
    const objective = noiseObjective(plain, { deviation, seed: 1, directions: 2 });
    objective.beginStep?.(3);
    const v = problem.theta.map((entry) => entry * entry);
    const product = objective.hessianVectorProduct?.(problem.theta, v) as Float64Array;
    const [up, down] = [1, -1].map((sign) =>
      objective.gradient(problem.theta.map((entry, j) => entry + sign * 1e-5 * v[j])),
    );
    expectClose(
      product,
      up.map((entry, j) => (entry - down[j]) / 2e-5),
      1e-8,
    );
    const valuesOnly = noiseObjective(quadratic(curvatures), { deviation, seed: 1 });
    expect(valuesOnly.hessianVectorProduct).toBeUndefined();
  });

  it("leaves theta as it is, and keeps nothing of earlier points", () => {
    const before = problem.theta.slice();
    const first = at(2);
    const objective = noiseObjective(plain, { deviation, seed: 1 });
    objective.beginStep?.(2);
    objective.gradient(problem.theta.map((entry) => -entry));
    expect(objective.valueAndGradient(problem.theta)).toEqual(first);
    expect(problem.theta).toEqual(before);
  });

  it.each([
    ["sgd with momentum", sgd({ learningRate: 0.1, momentum: 0.9 })],
    ["adam", adam({ learningRate: 0.05 })],
  ])("around or inside of mini-batches goes on to the same bits: %s", (_, optimizer) => {
    const batches = { count: 20, batchSize: 6, seed: 3 };
    const noise = { deviation: 0.05, seed: 4 };
    const on = (samples: Int32Array) => lossObjective(problem.net, selectSamples(problem.batch, samples));
    for (const make of [
      () => noiseObjective(minibatchObjective(batches, on), noise),
      () => minibatchObjective(batches, (samples) => noiseObjective(on(samples), noise)),
    ]) {
      const whole = minimize(make(), problem.theta, optimizer as never, { steps: 24 });
      for (const steps of [1, 7, 16]) {
        const half = minimize(make(), problem.theta, optimizer as never, { steps });
        expect(
          minimize(make(), half.theta, optimizer as never, { steps: 24 - steps, from: half as never }),
        ).toEqual(whole);
      }
    }
  });

  it("tells the objective around which it stands of the step", () => {
    const told: number[] = [];
    const objective = noiseObjective(
      objectiveOf(1, () => ({ value: 0, gradient: new Float64Array(1) }), {
        beginStep: (step) => told.push(step),
      }),
      { deviation, seed: 1 },
    );
    for (const step of [0, 1, 7]) objective.beginStep?.(step);
    expect(told).toEqual([0, 1, 7]);
  });
});

describe("noiseObjective refuses", () => {
  const partial = { size: 2 } as never;
  const batch = { x, y };
  const nothing = undefined as never;
  const f = lossObjective(net, batch);
  const noise = (options: object) => noiseObjective(f, { deviation: 1, seed: 1, ...options });
  refusals(ArgumentError, "invalid-argument", [
    [
      "noise on a size",
      () => noiseObjective(partial, { deviation: 1, seed: 1 }),
      /noiseObjective: .*objective\.value/,
    ],
    [
      "no objective to disturb",
      () => noiseObjective(nothing, { deviation: 1, seed: 1 }),
      /noiseObjective: .*objective/,
    ],
    ["no options of noise", () => noiseObjective(f, nothing), /noiseObjective: .*\{ deviation, seed \}/],
    ["negative noise", () => noise({ deviation: -1 }), /noiseObjective: .*deviation.*≥ 0/],
    ["noise in no direction", () => noise({ directions: 0 }), /noiseObjective: .*directions.*≥ 1/],
    ["noise without a seed", () => noise({ seed: undefined }), /noiseObjective: .*seed.*got undefined/],
  ]);
});
