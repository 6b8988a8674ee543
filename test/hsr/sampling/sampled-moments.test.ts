// The truth is that of all samples, by the closed form that other tests hold to its oracles; all subsets of a small
// population are few enough to be taken one by one, so that "without bias" is an equation.

import { describe, expect, it } from "vitest";
import { chainSource } from "../../../src/hessian/chain-factors.js";
import { createContraction } from "../../../src/hsr/contraction/contraction.js";
import { evaluateSampledMoments } from "../../../src/hsr/sampling/sampled-moments.js";
import { unbiasedScales } from "../../../src/hsr/sampling/sampling.js";
import {
  ArgumentError,
  type Batch,
  type LossName,
  multilayerNet,
  randomStream,
  selectSamples,
  sequential,
  spectralMoments,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { evaluationAt } from "../../../src/nn/dense/evaluation.js";
import { type DeepCase, deepCase } from "../../any-depth-cases.js";
import { denseTargets } from "../../cases.js";
import { expectClose, expectNear, largest } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";
import { mean, variance } from "../../oracles/statistics.js";
import { refusals } from "../../refusals.js";
import { pairProducts } from "../pair-products.js";
import { pulledBack } from "./pulled-back.js";

const numbers = [4, 5, 7, 8, 13, 19, 21];

/** A case's network with N samples, of weights that differ. */
function populationOf(number: number, count: number): Pick<DeepCase, "net" | "theta" | "batch"> {
  const { net, theta } = deepCase(number);
  const stream = randomStream(number, "population");
  const x = Array.from({ length: count }, () => Array.from({ length: net.inputs }, () => stream.normal()));
  const y = x.map(() => denseTargets(net.loss as LossName, net.outputs, stream));
  const weights = x.map(() => stream.uniform(0.2, 2) / count);
  return { net, theta, batch: { x, y, weights } };
}

/** All sets of b numbers below N. */
function subsets(count: number, b: number): number[][] {
  if (b === 0) return [[]];
  return Array.from({ length: count - b + 1 }, (_, at) => count - 1 - at).flatMap((last) =>
    subsets(last, b - 1).map((rest) => [...rest, last]),
  );
}

/** Mean ‖N ω_i H_i‖² and mean (N ω_i tr H_i)², the size of what is summed. */
function ownSquares(
  net: DeepCase["net"],
  theta: Float64Array,
  batch: Batch,
): { frobenius: number; trace: number } {
  const evaluation = evaluationAt(net, theta, batch, 3);
  const { count, weights } = evaluation.batch;
  const contraction = createContraction(chainSource(evaluation), true);
  const pairs = pairProducts(contraction, count);
  const traces = contraction.sampleTraces();
  const taps = traces.length / count;
  const all = Array.from(weights, (weight, i) => ({
    frobenius: (count * weight) ** 2 * pairs[i * count + i],
    trace: (count * weight * traces.subarray(i * taps, (i + 1) * taps).reduce((a, b) => a + b, 0)) ** 2,
  }));
  return { frobenius: mean(all.map((own) => own.frobenius)), trace: mean(all.map((own) => own.trace)) };
}

describe.each(numbers)("over all subsets of 6 samples: case %i", (number) => {
  const { net, theta, batch } = populationOf(number, 6);
  const truth = spectralMoments(net, theta, batch, { route: "blocks" });
  const own = ownSquares(net, theta, batch);

  it.each([2, 3, 4, 5])("moments of %i have the mean of the whole", (b) => {
    const draws = subsets(6, b).map((samples) =>
      spectralMoments(net, theta, selectSamples(batch, samples), { estimator: "unbiased", population: 6 }),
    );
    expectNear(mean(draws.map(({ trace }) => trace)), truth.trace, 1e-12, Math.sqrt(own.trace));
    const squares = mean(draws.map(({ frobeniusSquared }) => frobeniusSquared));
    expectNear(squares, truth.frobeniusSquared, 1e-12, own.frobenius);
    expectNear(mean(draws.map(({ traceSquared }) => traceSquared)), truth.trace ** 2, 1e-12, own.trace);
  });

  it.each([2, 5])("the plain tr H² and (tr H)² of %i have the bias that is known of them", (b) => {
    const draws = subsets(6, b).map((samples) => spectralMoments(net, theta, selectSamples(batch, samples)));
    const alpha = (1 / b - 1 / 6) / (1 - 1 / 6);
    const biased = (whole: number, each: number) => (1 - alpha) * whole + alpha * each;
    const squares = mean(draws.map(({ frobeniusSquared }) => frobeniusSquared));
    expectNear(squares, biased(truth.frobeniusSquared, own.frobenius), 1e-12, own.frobenius);
    const traces = mean(draws.map(({ trace }) => trace ** 2));
    expectNear(traces, biased(truth.trace ** 2, own.trace), 1e-12, own.trace);
  });

  it.each([2, 4])("gradients of %i have the mean of the whole's", (b) => {
    const gradients = (samples: Batch, population: number) => {
      const evaluation = evaluationAt(net, theta, samples, 3);
      const contraction = createContraction(chainSource(evaluation), true);
      const { count, weights } = evaluation.batch;
      const scales = unbiasedScales(count, population);
      return [
        { byTrace: 0, byTraceSquared: 0, bySquare: 1 },
        { byTrace: 0, byTraceSquared: 1, bySquare: 0 },
      ].map((slopes) =>
        pulledBack(contraction, evaluateSampledMoments(contraction, weights, scales, true), slopes),
      );
    };
    const plain = createContraction(chainSource(evaluationAt(net, theta, batch, 3)), true);
    const whole = [
      { byTrace: 0, bySquare: 1 },
      { byTrace: 2 * truth.trace, bySquare: 0 },
    ].map((slopes) => {
      plain.squares("blocks", true);
      const gradient = new Float64Array(net.size);
      plain.pullBack(slopes, gradient);
      return gradient;
    });
    const draws = subsets(6, b).map((samples) => gradients(selectSamples(batch, samples), 6));
    whole.forEach((expected, which) => {
      const scale = Math.max(...draws.map((each) => largest(each[which])));
      expected.forEach((slope, k) => {
        expectNear(mean(draws.map((each) => each[which][k])), slope, 1e-12, scale);
      });
    });
  });
});

describe("mini-batches of 8 of 60 samples, over 2,000 seeds", () => {
  const net = multilayerNet({ sizes: [3, 4, 3, 2], activation: ["tanh", "softplus"], loss: "poisson" });
  const stream = randomStream(1, "samples");
  const theta = Float64Array.from({ length: net.size }, () => stream.normal(0, 0.7));
  const row = () => [stream.normal(), stream.normal(), stream.normal()];
  const x = Array.from({ length: 60 }, row);
  const batch = { x, y: x.map(() => [stream.integer(6), stream.integer(6)]) };
  const truth = spectralMoments(net, theta, batch);
  const own = ownSquares(net, theta, batch);
  const draws = Array.from({ length: 2000 }, (_, seed) => {
    const samples = randomStream(seed, "subset").permutation(60).slice(0, 8);
    const picked = selectSamples(batch, samples);
    return {
      plain: spectralMoments(net, theta, picked),
      unbiased: spectralMoments(net, theta, picked, { estimator: "unbiased", population: 60 }),
    };
  });
  const alpha = (1 / 8 - 1 / 60) / (1 - 1 / 60);

  it.each([
    {
      name: "tr H²",
      whole: truth.frobeniusSquared,
      each: own.frobenius,
      unbiased: draws.map((draw) => draw.unbiased.frobeniusSquared),
      plain: draws.map((draw) => draw.plain.frobeniusSquared),
    },
    {
      name: "(tr H)²",
      whole: truth.trace ** 2,
      each: own.trace,
      unbiased: draws.map((draw) => draw.unbiased.traceSquared),
      plain: draws.map((draw) => draw.plain.trace ** 2),
    },
  ])("$name is within its interval, and the plain one is not", ({ whole, each, unbiased, plain }) => {
    const [error, plainError] = [unbiased, plain].map((values) => Math.sqrt(variance(values) / 2000));
    expect(Math.abs(mean(unbiased) - whole)).toBeLessThan(1.96 * error);
    expect(Math.abs(mean(plain) - ((1 - alpha) * whole + alpha * each))).toBeLessThan(1.96 * plainError);
    expect(mean(plain) - whole).toBeGreaterThan(3 * plainError);
  });
});

describe("a batch that is the population", () => {
  it.each(numbers)("has the plain moments and bound: case %i", (number) => {
    const { net, theta, batch } = populationOf(number, 5);
    const sampling = { estimator: "unbiased", population: 5 } as const;
    const { cancellation: _, ...plain } = spectralMoments(net, theta, batch, { route: "gram" });
    expect(spectralMoments(net, theta, batch, sampling)).toEqual({
      ...plain,
      traceSquared: plain.trace ** 2,
    });
    const bound = wsUpperBoundAndGradient(net, theta, batch, { route: "gram" });
    const sampled = wsUpperBoundAndGradient(net, theta, batch, sampling);
    expectNear(sampled.value, bound.value, 1e-13);
    expectClose(sampled.gradient, bound.gradient, 1e-12);
  });
});

describe("the bound of a mini-batch", () => {
  it.each(numbers)("has the gradient that differences approach: case %i", (number) => {
    const { net, theta, batch } = populationOf(number, 7);
    const options = { estimator: "unbiased", population: 20 } as const;
    const { gradient, value, moments } = wsUpperBoundAndGradient(net, theta, batch, options);
    // With the gradient, sums are got in another order.
    const alone = spectralMoments(net, theta, batch, options);
    expect({ ...moments, frobeniusSquared: 0 }).toEqual({ ...alone, frobeniusSquared: 0 });
    expectNear(moments.frobeniusSquared, alone.frobeniusSquared, 1e-12);
    expect(value).toBeGreaterThan(moments.trace / net.size);
    const claim = {
      f: (point: Float64Array) => [wsUpperBoundAndGradient(net, point, batch, options).value],
      at: theta,
      column: (k: number) => [gradient[k]],
      terms: 10 * Math.abs(value),
      step: 2 ** -9,
    };
    expect(() => assertDerivative(claim)).not.toThrow();
  });

  it("is the mean eigenvalue where its spread comes out negative", () => {
    // Two samples alike but for opposite residuals: ⟨H_1, H_2⟩ < 0.
    const net = multilayerNet({ sizes: [1, 3, 2], loss: "mean-squared-error", bias: false });
    const batch = {
      x: [[1], [1]],
      y: [
        [1, 1],
        [-1, -1],
      ],
    };
    const theta = new Float64Array(net.size);
    const options = { estimator: "unbiased", population: 1000 } as const;
    const { value, gradient, moments } = wsUpperBoundAndGradient(net, theta, batch, options);
    expect(moments.frobeniusSquared).toBeLessThan(0);
    expect(value).toBe(moments.trace / net.size);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});

it.each([3, 4, 12, 13])("samples in chunks have the same estimate and gradient: case %i", (number) => {
  const { net, theta, batch } = populationOf(number, 23);
  const evaluation = evaluationAt(net, theta, batch, 3);
  const slopes = { byTrace: 0.7, byTraceSquared: 0.4, bySquare: -1.3 };
  const [whole, parts] = [undefined, 400].map((budget) => {
    const contraction = createContraction(chainSource(evaluation), true, budget);
    const { weights } = evaluation.batch;
    const sampled = evaluateSampledMoments(contraction, weights, unbiasedScales(23, 100), true);
    return { moments: sampled.moments, gradient: pulledBack(contraction, sampled, slopes) };
  });
  expectNear(parts.moments.frobeniusSquared, whole.moments.frobeniusSquared, 1e-11);
  expectNear(parts.moments.traceSquared, whole.moments.traceSquared, 1e-12);
  expectClose(parts.gradient, whole.gradient, 1e-11);
});

describe("it refuses", () => {
  const { net, theta, batch } = populationOf(3, 4);
  const moments =
    (options: object, on: Batch = batch) =>
    () =>
      spectralMoments(net, theta, on, options);
  const layers = sequential({ input: 2, layers: [{ kind: "dense", outputs: 2 }] });
  refusals(ArgumentError, "invalid-argument", [
    ["an unknown estimator", moments({ estimator: "fair" }), /estimator/],
    ["no population", moments({ estimator: "unbiased" }), /population to be an integer ≥ 4/],
    ["a population below the batch", moments({ estimator: "unbiased", population: 3 }), /integer ≥ 4/],
    ["a population for nothing", moments({ population: 9 }), /no population with estimator "plain"/],
    [
      "one sample",
      moments({ estimator: "unbiased", population: 9 }, selectSamples(batch, [1])),
      /at least 2 samples/,
    ],
    ["blocks", moments({ estimator: "unbiased", population: 9, route: "blocks" }), /route "auto" or "gram"/],
    [
      "estimates from products",
      () =>
        spectralMoments(layers, layers.init(1), { x: [[1, 2]], y: [0] }, {
          method: "estimate",
          estimator: "unbiased",
        } as never),
      /no estimator with method "estimate"/,
    ],
  ]);
});

describe("a network with a shortcut and layer normalisation", () => {
  const dense = (outputs: number) => ({ kind: "dense", outputs }) as const;
  const inside = [{ kind: "layerNorm", affine: false }, dense(3), { kind: "tanh" }] as const;
  const net = sequential({
    input: 2,
    layers: [dense(3), { kind: "residual", layers: [...inside] }, dense(2)],
  });
  const stream = randomStream(2, "samples");
  const x = Array.from({ length: 6 }, () => [stream.normal(), stream.normal()]);
  const batch = { x, y: [0, 1, 1, 0, 1, 0] };
  const theta = net.init(3);
  const options = { estimator: "unbiased", population: 6 } as const;

  it("has the mean of the whole over all subsets of 3", () => {
    const truth = spectralMoments(net, theta, batch, { route: "blocks" });
    const draws = subsets(6, 3).map((samples) =>
      spectralMoments(net, theta, selectSamples(batch, samples), options),
    );
    expectNear(mean(draws.map(({ frobeniusSquared }) => frobeniusSquared)), truth.frobeniusSquared, 1e-12);
    expectNear(mean(draws.map(({ traceSquared }) => traceSquared)), truth.trace ** 2, 1e-12);
  });

  it("has the gradient that differences approach", () => {
    const samples = selectSamples(batch, [0, 1, 2, 4, 5]);
    const { gradient } = wsUpperBoundAndGradient(net, theta, samples, options);
    const claim = {
      f: (point: Float64Array) => [wsUpperBoundAndGradient(net, point, samples, options).value],
      at: theta,
      column: (k: number) => [gradient[k]],
      terms: 10,
      step: 2 ** -9,
    };
    expect(() => assertDerivative(claim)).not.toThrow();
  });
});
