import { describe, expect, it } from "vitest";
import { ArgumentError, exactHessian, lossObjective, objectiveOf, randomStream } from "../../../src/index.js";
import { expectedSharpness } from "../../../src/landscape/index.js";
import { makeCase } from "../../cases.js";
import { euclidean, expectNear } from "../../oracles/compare.js";
import { diagonalMatrix, symmetric } from "../../oracles/plain-matrix.js";
import { expectCoverage, slope, studentT975 } from "../../oracles/statistics.js";
import { refusals } from "../../refusals.js";
import * as small from "../../small-network.js";
import { quadraticOf } from "../objectives.js";

const stream = randomStream(41, "expected-sharpness-test");
const n = 12;
const theta = Float64Array.from({ length: n }, () => stream.normal());
const seeds = Array.from({ length: 400 }, (_, seed) => seed);

/** Σ_k cos(a_k·θ): its Gaussian mean is Σ_k cos(a_k·θ) exp(−σ²‖a_k‖²/2), for every σ. */
const frequencies = Array.from({ length: 5 }, () => theta.map(() => 0.4 * stream.normal()));
const along = (a: Float64Array, at: Float64Array) => a.reduce((sum, entry, i) => sum + entry * at[i], 0);
const waves = objectiveOf(n, (at) => ({
  value: frequencies.reduce((sum, a) => sum + Math.cos(along(a, at)), 0),
  gradient: new Float64Array(n).fill(Number.NaN),
}));
const smoothed = (deviation: number, sizes: Float64Array): number =>
  frequencies.reduce((sum, a) => {
    const length = deviation * euclidean(a.map((entry, i) => entry * sizes[i]));
    return sum + Math.cos(along(a, theta)) * Math.expm1(-0.5 * length * length);
  }, 0);

describe("expected sharpness", () => {
  const ones = theta.map(() => 1);
  const mean = theta.map(() => euclidean(theta) / Math.sqrt(n));
  it.each([
    ["none", 0.1, ones],
    ["none", 1, ones],
    ["network", 0.5, mean],
    ["element", 0.5, theta.map(Math.abs)],
  ] as const)(
    "by %s with σ = %f over 400 seeds has the Gaussian mean in its interval",
    (normalization, deviation, sizes) => {
      const found = seeds.map((seed) =>
        expectedSharpness(waves, theta, { deviation, normalization, pairs: 30, seed }),
      );
      expectCoverage(found, smoothed(deviation, sizes), studentT975[29]);
    },
  );

  it("of a quadratic is ½σ² tr(THT) with any gradient, whose part cancels in every pair", () => {
    const H = symmetric(n, () => stream.normal());
    const g = Array.from({ length: n }, () => 1e3 * stream.normal());
    let trace = 0;
    for (let i = 0; i < n; i++) trace += H.data[i * n + i] * theta[i] * theta[i];
    const found = seeds.map((seed) =>
      expectedSharpness(quadraticOf(H, g), theta, {
        deviation: 0.3,
        normalization: "element",
        pairs: 30,
        seed,
      }),
    );
    expectCoverage(found, 0.5 * 0.09 * trace, studentT975[29]);
    const linear = expectedSharpness(quadraticOf(diagonalMatrix(theta.map(() => 0)), g), theta, {
      deviation: 1,
    });
    expectNear(linear.value, 0, 1e-13, euclidean(g));
    expectNear(linear.standardError, 0, 1e-13, euclidean(g));
  });

  it("shows no fault of 0.2 % in σ: of ½‖θ‖² in many dimensions", () => {
    const size = 100_000;
    const square = objectiveOf(size, (at) => ({ value: 0.5 * euclidean(at) ** 2, gradient: at }));
    const { value, standardError } = expectedSharpness(square, new Float64Array(size), {
      deviation: 0.5,
      pairs: 40,
    });
    expectNear(value, 0.125 * size, 2e-3);
    expectNear(standardError, 0.125 * size * Math.sqrt(2 / size / 40), 0.5);
  });

  it("approaches ½σ² tr H as σ⁴, on the same draws", () => {
    const { net, theta, batch } = makeCase({ size: [20, 2, 4, 3], seed: 3 });
    const objective = lossObjective(net, batch);
    const H = exactHessian(net, theta, batch);
    // What the draws of this seed make of the quadratic part stands for ½σ² tr H, so that no sampling error is left.
    const quadratic = quadraticOf(H);
    const origin = new Float64Array(net.size);
    const deviations = [0.04, 0.02, 0.01, 0.005];
    const errors = deviations.map((deviation) => {
      const options = { deviation, pairs: 50, seed: 2 };
      const { value } = expectedSharpness(objective, theta, options);
      return Math.abs(value - expectedSharpness(quadratic, origin, options).value);
    });
    expectNear(slope(deviations.map(Math.log2), errors.map(Math.log2)), 4, 0.02);
  });

  it("has the same bits for the same seed, others for another, and leaves theta as it is", () => {
    const before = theta.slice();
    const at = (seed: number) => expectedSharpness(waves, theta, { deviation: 0.3, seed });
    expect(at(3)).toEqual(at(3));
    expect(at(3).value).not.toBe(at(4).value);
    expect(theta).toEqual(before);
  });
});

describe("expectedSharpness refuses", () => {
  const { net, theta, x, y } = small;
  const objective = lossObjective(net, { x, y });
  const nothing = undefined as never;
  refusals(ArgumentError, "invalid-argument", [
    [
      "an objective without functions",
      () => expectedSharpness({ size: theta.length } as never, theta, { deviation: 1 }),
      /expectedSharpness: expected objective\.value to be a function/,
    ],
    [
      "no options of noise",
      () => expectedSharpness(objective, theta, nothing),
      /expectedSharpness.*\{ deviation \}/,
    ],
    ["no deviation", () => expectedSharpness(objective, theta, { deviation: 0 }), /deviation.*> 0, got 0/],
    [
      "one pair",
      () => expectedSharpness(objective, theta, { deviation: 1, pairs: 1 }),
      /pairs.*≥ 2.*standard error/,
    ],
    ["a broken seed", () => expectedSharpness(objective, theta, { deviation: 1, seed: 0.5 }), /seed/],
  ]);
});
