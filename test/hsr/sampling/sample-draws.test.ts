// All draws of a tiny batch are few enough to be taken one by one, with their probabilities, so that "right on average" is an
// equation. The truth is that of the whole batch, which other tests hold to its oracles.

import { describe, expect, it } from "vitest";
import { type FactoredLoss, factoredLossOn } from "../../../src/hessian/factored.js";
import type { FactorSource } from "../../../src/hessian/factors.js";
import { createContraction } from "../../../src/hsr/contraction/contraction.js";
import type { PairScales } from "../../../src/hsr/contraction/tile-contraction.js";
import { drawEach, drawSystematically } from "../../../src/hsr/sampling/sample-draws.js";
import { sampleSizes } from "../../../src/hsr/sampling/sample-sizes.js";
import { evaluateSampledMoments } from "../../../src/hsr/sampling/sampled-moments.js";
import { drawnScales, unbiasedScales } from "../../../src/hsr/sampling/sampling.js";
import { type RandomStream, randomStream, sequential } from "../../../src/index.js";
import { deepCase } from "../../any-depth-cases.js";
import { expectClose, expectNear, largest } from "../../oracles/compare.js";
import { pulledBack } from "./pulled-back.js";

/** A stream that has these uniform numbers and no others. */
function uniforms(...numbers: readonly number[]): RandomStream {
  const left = [...numbers];
  return { uniform: () => left.shift() } as unknown as RandomStream;
}

const sizes = Float64Array.of(0.3, 0, 2, 0.7);
const total = 3;

describe("systematic draws", () => {
  const m = 5;
  /** One start from every interval on which the draw is the same, with the interval's length. */
  const ends = [0, ...[0.3, 0.3, 2.3].map((along) => ((m * along) / total) % 1), 1].sort((a, b) => a - b);
  const starts = ends.slice(1).map((end, i) => ({ at: (ends[i] + end) / 2, length: end - ends[i] }));

  it("take every sample as often as it should be on average, and each time so often up to rounding", () => {
    const means = new Float64Array(4);
    for (const { at, length } of starts) {
      const { samples, scales } = drawSystematically(sizes, m, uniforms(at));
      expect(samples).toEqual(samples.slice().sort());
      let all = 0;
      samples.forEach((i, k) => {
        const expected = (m * sizes[i]) / total;
        const times = Math.round(scales[k] * expected);
        expectNear(scales[k], times / expected, 1e-14);
        expect(Math.abs(times - expected)).toBeLessThan(1);
        means[i] += length * scales[k];
        all += times;
      });
      expect(all).toBe(m);
    }
    expectClose(means, Float64Array.of(1, 0, 1, 1), 1e-14);
  });

  it("take all alike where none has a size", () => {
    const { samples, scales } = drawSystematically(new Float64Array(4), 2, uniforms(0.3));
    expect([...samples]).toEqual([0, 2]);
    expect([...scales]).toEqual([2, 2]);
  });
});

describe("each sample drawn by itself", () => {
  const drawn = (m: number, ...numbers: readonly number[]) => drawEach(sizes, m, uniforms(...numbers));

  it("is there by its share of m, and with the inverse as its weight", () => {
    // 2 · 0.3/3 = 0.2 for the first, and what is left of 2 for the others: one is certain.
    const { samples, scales } = drawn(2, 0.29, 0, 0.99, 0.69);
    expect([...samples]).toEqual([0, 2, 3]);
    expectClose(scales, Float64Array.of(1 / 0.3, 1, 1 / 0.7), 1e-14);
    expect([...drawn(2, 0.31, 0, 0.99, 0.71).samples]).toEqual([2]);
  });

  it("is certain where no more have a size than are to be drawn", () => {
    for (const m of [3, 4]) {
      const { samples, scales } = drawn(m, 0.99, 0, 0.99, 0.99);
      expect([...samples]).toEqual([0, 2, 3]);
      expectClose(scales, Float64Array.of(1, 1, 1), 1e-14);
    }
  });

  it.each([
    [[0.5, 0.5, 5e-18], 2, 2 * 5e-18],
    [[5e-18, 0.2, 0.5, 0.3], 3, 5 * 5e-18],
  ])("has a chance where others take all of m: sizes %s, m = %i", (some, m, chance) => {
    const tiny = some.indexOf(5e-18);
    const numbers = some.map((_, i) => (i === tiny ? 0 : 0.99));
    const { samples, scales } = drawEach(Float64Array.from(some), m, uniforms(...numbers));
    expect([...samples]).toEqual([...some.keys()]);
    expectClose(
      scales,
      Float64Array.from(some, (_, i) => (i === tiny ? 1 / chance : 1)),
      1e-14,
      1 / chance,
    );
  });

  it("counts for nothing where none is there", () => {
    const { samples, scales } = drawEach(
      Float64Array.of(1, 1, 1, 1, 1, 1),
      2,
      uniforms(0.4, 0.4, 0.4, 0.4, 0.4, 0.4),
    );
    expect([...samples]).toEqual([0]);
    expect([...scales]).toEqual([0]);
  });
});

/** Moments, and the gradients of tr H² and (tr H)². */
function estimate(source: FactorSource, scales: PairScales) {
  const contraction = createContraction(source, true);
  const sampled = evaluateSampledMoments(contraction, source.weights, scales, true);
  const { trace, traceSquared, frobeniusSquared } = sampled.moments;
  const bySquare = pulledBack(contraction, sampled, { byTrace: 0, byTraceSquared: 0, bySquare: 1 });
  const byTrace = pulledBack(contraction, sampled, { byTrace: 0, byTraceSquared: 1, bySquare: 0 });
  return [Float64Array.of(trace, traceSquared, frobeniusSquared), bySquare, byTrace];
}

/** The mean over all 2⁴ sets that may be drawn, by their probabilities, and the largest entry there was. */
function meanOverDraws(loss: FactoredLoss, all: PairScales) {
  const own = sampleSizes(loss);
  // With zeros for numbers all are drawn.
  const chances = drawEach(own, 2, uniforms(0, 0, 0, 0)).scales.map((scale) => 1 / scale);
  let means: Float64Array[] = [];
  let scale: number[] = [];
  for (let code = 0; code < 16; code++) {
    const isDrawn = (i: number) => ((code >> i) & 1) === 1;
    const probability = chances.reduce(
      (product, chance, i) => product * (isDrawn(i) ? chance : 1 - chance),
      1,
    );
    const draw = drawEach(own, 2, uniforms(...Array.from(chances, (_, i) => (isDrawn(i) ? 0 : 1))));
    const source = loss.take(
      draw.samples,
      draw.scales.map((factor, at) => factor * loss.weights[draw.samples[at]]),
    );
    const values = estimate(source, drawnScales(all, draw));
    means = values.map((value, k) => value.map((entry, j) => (means[k]?.[j] ?? 0) + probability * entry));
    scale = values.map((value, k) => Math.max(scale[k] ?? 0, largest(value)));
  }
  return { means, scale };
}

const residual = sequential({
  input: 3,
  layers: [
    { kind: "residual", layers: [{ kind: "dense", outputs: 3 }, { kind: "tanh" }] },
    { kind: "dense", outputs: 2 },
  ],
});
const problems = [4, 5, 8, 13].map((number) => {
  const { net, theta } = deepCase(number);
  return { name: `case ${number}`, net, theta };
});

describe.each([...problems, { name: "a residual network", net: residual, theta: residual.init(3) }])(
  "over all draws from 4 samples: $name",
  ({ net, theta }) => {
    const stream = randomStream(2, "population");
    const x = Array.from({ length: 4 }, () => Array.from({ length: net.inputs }, () => stream.normal()));
    const y = x.map((_, i) => Array.from({ length: net.outputs }, (_, k) => (k === i % net.outputs ? 1 : 0)));
    const loss = factoredLossOn(net, { x, y, weights: [0.2, 0.25, 0.3, 0.25] }, true);
    loss.value(theta);

    it.each([4, 9])(
      "moments and gradients have the mean of those of the batch, from a population of %i",
      (population) => {
        const all = unbiasedScales(4, population);
        const { means, scale } = meanOverDraws(loss, all);
        estimate(loss, all).forEach((wanted, k) => {
          wanted.forEach((entry, j) => {
            expectNear(means[k][j], entry, 1e-11, scale[k]);
          });
        });
      },
    );
  },
);
