// Results beyond the largest number, and sizes beyond what memory is addressed by: each is told of by whoever was called.

import { describe, expect, it } from "vitest";
import { defineOperation } from "../src/autodiff/index.js";
import {
  ArgumentError,
  explainBound,
  hutchinsonTrace,
  hutchPlusPlusTrace,
  multilayerNet,
  NonFiniteError,
  objectiveOf,
  productOperator,
  randomStream,
  ShapeError,
  spectralDensity,
  stochasticLanczosQuadrature,
  symmetricPart,
  threeLayerNet,
  weightDecayObjective,
  wsUpperBoundAndGradient,
} from "../src/index.js";
import {
  basinIsotropy,
  curvatureSummary,
  directionalDerivatives,
  expectedSharpness,
  gradientNoise,
  langevinCovariance,
  sliceGrid,
  spectrumIsotropy,
} from "../src/landscape/index.js";
import { asOperator, quadratureMoments } from "../src/linalg/index.js";
import { gradientNormObjective } from "../src/regularizers/index.js";
import { matmul, type Tensor, zeros } from "../src/tensor/index.js";
import { expectClose, expectNear } from "./oracles/compare.js";
import { refusals } from "./refusals.js";

/** ½ Σ c_i x_i². */
const bowl = (...c: readonly number[]) =>
  objectiveOf(
    c.length,
    (x) => ({
      value: x.reduce((sum, t, i) => sum + (c[i] * t * t) / 2, 0),
      gradient: x.map((t, i) => c[i] * t),
    }),
    { hessianVectorProduct: (_theta, v) => v.map((t, i) => c[i] * t), beginStep: () => {} },
  );
const round = bowl(1, 1);
const far = Float64Array.of(1e200, 1);

describe("a result beyond the largest number is told of by", () => {
  refusals(NonFiniteError, "non-finite", [
    [
      "directionalDerivatives",
      () => directionalDerivatives(round, far, far),
      /^directionalDerivatives: .*slope/,
    ],
    [
      "gradientNoise",
      () => gradientNoise(round, bowl(2, 2), Float64Array.of(1e100, 0), { learningRate: 1e300, steps: 2 }),
      /^gradientNoise: .*temperature/,
    ],
    [
      "spectrumIsotropy",
      () => spectrumIsotropy(Float64Array.of(-1e300, 1e-300)),
      /^spectrumIsotropy: .*λ_min/,
    ],
    [
      "weightDecayObjective",
      () => weightDecayObjective(bowl(0, 0), { strength: 1 }).value(far),
      /^weightDecayObjective: .*penalty/,
    ],
    [
      "gradientNormObjective",
      () =>
        gradientNormObjective(bowl(1e-200, 1), { strength: 1e200, squared: true }).value(
          Float64Array.of(0, 1e60),
        ),
      /^gradientNormObjective: .*penalty/,
    ],
    [
      "symmetricPart, behind entries that differ by more",
      () =>
        symmetricPart([
          [0, 1e308, 0],
          [-1e308, 0, 5],
          [0, Number.POSITIVE_INFINITY, 0],
        ]),
      /^symmetricPart: .*Infinity at \[2,1\]/,
    ],
  ]);
});

describe("a size beyond what memory is addressed by is told of by", () => {
  const identity = productOperator(2, (v) => v);
  const quadrature = stochasticLanczosQuadrature(identity);
  const origin = Float64Array.of(0, 0);
  refusals(ShapeError, "shape-mismatch", [
    ["zeros", () => zeros([2 ** 16, 2 ** 16]), /^zeros: expected fewer than 2³¹ numbers, got 4294967296/],
    ["permutation", () => randomStream(1).permutation(2 ** 40), /^RandomStream\.permutation: .*2³¹/],
    ["sliceGrid", () => sliceGrid({ range: 1, points: 2 ** 33 }), /^sliceGrid: .*2³¹ points/],
    [
      "spectralDensity",
      () => spectralDensity(quadrature, { points: 1e12 }),
      /^spectralDensity: expected fewer than 2³¹ points, got 1000000000000/,
    ],
    ["quadratureMoments", () => quadratureMoments(quadrature, 2 ** 31 - 1), /^quadratureMoments: .*2³¹/],
    [
      "stochasticLanczosQuadrature",
      () => stochasticLanczosQuadrature(identity, { probes: 2 ** 30 }),
      /^stochasticLanczosQuadrature: .*2³¹ nodes, got 2147483648/,
    ],
    [
      "hutchinsonTrace",
      () => hutchinsonTrace(identity, { samples: 1e12 }),
      /^hutchinsonTrace: .*2³¹ samples/,
    ],
    [
      "hutchPlusPlusTrace",
      () => hutchPlusPlusTrace(identity, { products: 1e12 }),
      /^hutchPlusPlusTrace: .*2³¹ products/,
    ],
    [
      "expectedSharpness",
      () => expectedSharpness(round, origin, { deviation: 1, pairs: 1e12 }),
      /^expectedSharpness: .*2³¹ pairs/,
    ],
    [
      "gradientNoise",
      () => gradientNoise(round, round, origin, { learningRate: 1, steps: 1e12 }),
      /^gradientNoise: .*2³¹ steps/,
    ],
    ["toMatrix", () => productOperator(1e6, (v) => v).toMatrix(), /^productOperator: .*2³¹ entries/],
    ["productOperator", () => productOperator(1e12, (v) => v), /^productOperator: .*2³¹ rows/],
    ["asOperator", () => asOperator({ size: 1e12, apply: () => {} }), /^asOperator: .*2³¹ rows/],
    [
      "init",
      () => threeLayerNet({ inputs: 1e5, hidden: 1e5, outputs: 2 }).init(1),
      /^init: .*2³¹ parameters, got 10000300002/,
    ],
    [
      "a view's offset that is no number",
      () =>
        matmul({ data: new Float64Array(4), shape: [2, 2], offset: 1n } as unknown as Tensor, zeros([2, 2])),
      /^matmul: expected a of shape \(2,2\) to lie inside its 4 elements/,
    ],
  ]);
});

describe("what is called in another way than it takes is told of by", () => {
  const sine = defineOperation({ name: "sine", run: ([x]) => x, jvp: ([d]) => d!, vjp: (_i, g) => g });
  const stream = randomStream(1);
  refusals(ArgumentError, "invalid-argument", [
    ["an operation without a list", () => sine(1 as never), /^sine: expected inputs to be an array, got 1/],
    [
      "curvatureSummary of an objective whose hessianAt gives nothing",
      () => curvatureSummary({ ...round, hessianAt: (() => undefined) as never }, far),
      /^curvatureSummary: .*hessianAt\(theta\) returns to be a function/,
    ],
    [
      "uniform numbers of a range upside down",
      () => stream.uniform(2, 1),
      /^RandomStream\.uniform: .*≥ 2, got 1/,
    ],
    ["normal numbers of a negative deviation", () => stream.normal(0, -1), /^RandomStream\.normal: .*≥ 0/],
  ]);
});

describe("what has a value has it, however large or small its parts:", () => {
  it("the covariance at eigenvalues whose sum is no number", () => {
    const { covariance } = langevinCovariance([[1e308]], { temperature: 1e10 });
    expectNear(covariance.data[0] * 1e298, 1, 1e-14);
  });

  it("isotropy of subnormal eigenvalues, as of those times 10³¹⁰", () => {
    const [tiny, plain] = [1e-310, 1].map((unit) => {
      const objective = objectiveOf(4, () => ({ value: 0, gradient: new Float64Array(4) }), {
        hessianVectorProduct: (_theta, v) => v.map((t, i) => t * (i + 1) * unit),
      });
      return basinIsotropy(objective, new Float64Array(4), { denseLimit: 0 });
    });
    expectNear(tiny.participation.value, plain.participation.value, 1e-11);
    expectNear(tiny.entropy.value, plain.entropy.value, 1e-11);
    expectNear(tiny.ratio, 0.25, 1e-11);
  });

  it("∂B/∂x of weights whose product is no number, as of those that are smaller", () => {
    const net = multilayerNet({
      sizes: [1, 1, 1, 1],
      loss: "mean-squared-error",
      activation: "identity",
      bias: false,
    });
    const theta = new Float64Array(3).fill(1e-150);
    const at = (weight: number) => {
      const batch = { x: [[1], [2]], y: [[1], [1]], weights: [weight, weight] };
      expect(wsUpperBoundAndGradient(net, theta, batch).value).toBeGreaterThan(0);
      return explainBound(net, theta, batch, { inputs: true }).inputs!.data.map((slope) => slope / weight);
    };
    expectClose(at(1e200), at(1e100), 1e-12, 1e-150);
  });

  it("penalties whose squares alone are no numbers", () => {
    const line = (slope: number) =>
      objectiveOf(1, ([x]) => ({ value: 0 * x, gradient: Float64Array.of(slope) }), {
        hessianVectorProduct: () => new Float64Array(1),
      });
    const at = Float64Array.of(1e200);
    expectNear(weightDecayObjective(line(0), { strength: 1e-300 }).value(at) / 5e99, 1, 1e-14);
    expect(weightDecayObjective(line(0), { strength: 0 }).value(at)).toBe(0);
    const squared = (strength: number) => gradientNormObjective(line(1e200), { strength, squared: true });
    expectNear(squared(1e-300).value(at) / 1e100, 1, 1e-14);
    expect(squared(0).value(at)).toBe(0);
  });

  it("uniform numbers between ends that are further apart than any number", () => {
    const stream = randomStream(3);
    const numbers = Array.from({ length: 100 }, () => stream.uniform(-1.7e308, 1.7e308));
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(Math.min(...numbers)).toBeLessThan(-1e308);
    expect(Math.max(...numbers)).toBeGreaterThan(1e308);
  });
});
