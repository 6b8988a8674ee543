import fc from "fast-check";
import { problem } from "flatward/testing";
import { describe, expect, it } from "vitest";
import { hessianBlock, hessianRankBound } from "../../src/hessian/index.js";
import {
  type Batch,
  exactHessian,
  gaussNewtonMatrix,
  residualMatrix,
  type ThreeLayerNet,
  threeLayerNet,
} from "../../src/index.js";
import { cases, makeCase } from "../cases.js";
import { largest } from "../oracles/compare.js";
import { numericalRank } from "../oracles/numerical-rank.js";

/** Numerical ranks by eigendecomposition, which knows nothing of samples. */
function ranksOf(net: ThreeLayerNet, theta: Float64Array, batch: Batch) {
  const H = exactHessian(net, theta, batch);
  const G = gaussNewtonMatrix(net, theta, batch);
  const R = residualMatrix(net, theta, batch);
  // Where H is small, it is the difference of parts that are not, and has their rounding.
  const scale = largest(G.data) + largest(R.data);
  return {
    hessian: numericalRank(H, scale),
    gaussNewton: numericalRank(G, scale),
    residual: numericalRank(R, scale),
    layer1: numericalRank(hessianBlock(net, theta, batch, "layer1"), scale),
    layer2: numericalRank(hessianBlock(net, theta, batch, "layer2"), scale),
  };
}

const parts = ["hessian", "gaussNewton", "residual", "layer1", "layer2"] as const;

describe("hessianRankBound", () => {
  it("bounds the numerical ranks of the Hessian, its parts and its layers", () => {
    const attained = { hessian: 0, gaussNewton: 0, residual: 0, layer1: 0, layer2: 0 };
    let below = 0;
    fc.assert(
      fc.property(problem({ maxCount: 8 }), ({ net, theta, batch }) => {
        const bound = hessianRankBound(net, batch);
        const ranks = ranksOf(net, theta, batch);
        for (const part of parts) {
          expect(ranks[part], part).toBeLessThanOrEqual(bound[part]);
          expect(bound[part]).toBeLessThanOrEqual(net.size);
          if (ranks[part] === bound[part]) attained[part]++;
        }
        if (bound.hessian < net.size) below++;
      }),
      { numRuns: 600 },
    );
    // Otherwise the bounds would be right but useless.
    for (const part of parts) expect(attained[part], part).toBeGreaterThan(180);
    expect(below).toBeGreaterThan(240);
  });

  it.each(cases)("bounds them: $name", ({ net, theta, batch }) => {
    const bound = hessianRankBound(net, batch);
    const ranks = ranksOf(net, theta, batch);
    for (const part of parts) expect(ranks[part], part).toBeLessThanOrEqual(bound[part]);
  });

  it("is attained by networks with many samples: n, less h̃ for the softmax", () => {
    for (const loss of ["softmax-cross-entropy", "sigmoid-cross-entropy"] as const) {
      const { net, theta, batch } = makeCase({ size: [60, 3, 4, 3], loss });
      const wanted = net.size - (loss === "softmax-cross-entropy" ? net.hidden + 1 : 0);
      expect(hessianRankBound(net, batch).hessian).toBe(wanted);
      expect(ranksOf(net, theta, batch)).toEqual(hessianRankBound(net, batch));
    }
  });

  it("is attained by few samples, and counts only those of positive weight", () => {
    const { net, theta, batch } = makeCase({
      size: [3, 6, 5, 4],
      loss: "mean-squared-error",
      targets: "dense",
    });
    const weighted: Batch = { ...batch, weights: [1, 0, 0] };
    expect(hessianRankBound(net, batch)).toMatchObject({
      gaussNewton: 12,
      residual: 30,
      layer1: 15,
      layer2: 12,
    });
    expect(hessianRankBound(net, weighted)).toEqual({
      hessian: 4 + 10,
      gaussNewton: 4,
      residual: 10,
      layer1: 5,
      layer2: 4,
    });
    expect(ranksOf(net, theta, weighted)).toMatchObject({ hessian: 14, gaussNewton: 4, residual: 10 });
  });

  it("sees columns of zeros, and constant ones beside the bias", () => {
    const net = threeLayerNet({ inputs: 4, hidden: 2, outputs: 2, loss: "mean-squared-error" });
    const x = Array.from({ length: 9 }, (_, i) => [Math.sin(i), 0, 3, Math.cos(3 * i)]);
    const y = x.map(([a, , , b]) => [a, b]);
    // X̃ has 5 columns and rank 3.
    expect(hessianRankBound(net, { x, y }).layer1).toBe(6);
    expect(ranksOf(net, net.init(1), { x, y }).layer1).toBe(6);
  });

  it("is 0 for a softmax of one, whose loss is constant, and for no weight at all", () => {
    const zero = { hessian: 0, gaussNewton: 0, residual: 0, layer1: 0, layer2: 0 };
    const net = threeLayerNet({ inputs: 2, hidden: 2, outputs: 1 });
    expect(hessianRankBound(net, { x: [[1, 2]], y: [0] })).toEqual(zero);
    const other = threeLayerNet({ inputs: 2, hidden: 2, outputs: 2, loss: "poisson" });
    expect(hessianRankBound(other, { x: [[1, 2]], y: [0], weights: [0] })).toEqual(zero);
  });

  it("does not count on soft labels that miss a sum of 1 by more than rounding", () => {
    const net = threeLayerNet({ inputs: 2, hidden: 2, outputs: 2 });
    const x = Array.from({ length: 9 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    const exact = x.map(() => [0.7, 0.3]);
    const inexact = x.map(() => [0.7, 0.3 + 5e-7]);
    expect(hessianRankBound(net, { x, y: exact }).hessian).toBe(9);
    expect(hessianRankBound(net, { x, y: inexact }).hessian).toBe(12);
  });
});
