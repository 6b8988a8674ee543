import fc from "fast-check";
import { type Problem, problem } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  exactHessian,
  hessianVectorProduct,
  type Interval,
  lossAndGradient,
  spectralMoments,
  symmetricEigen,
  wsBounds,
  wsEigenvalueBounds,
  wsUpperBoundAndGradient,
} from "../../src/index.js";
import { boundsMargin } from "../oracles/bounds-margin.js";
import { euclidean, expectClose, expectNear, largest } from "../oracles/compare.js";

const runs = { numRuns: 300 };

function expectInside(value: number, { lower, upper }: Interval, slack: number): void {
  expect(value).toBeGreaterThanOrEqual(lower - slack);
  expect(value).toBeLessThanOrEqual(upper + slack);
}

function denseTrace(H: Float64Array, n: number): number {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += H[i * n + i];
  return trace;
}

/** ‖H − mI‖, the root of Σ (λ − m)². */
function deviationNorm(H: Float64Array, n: number): number {
  const mean = denseTrace(H, n) / n;
  return euclidean(H.map((entry, at) => (at % (n + 1) === 0 ? entry - mean : entry)));
}

describe("for every network, theta and batch", () => {
  it("the moments are those of the dense Hessian, by every route", () => {
    fc.assert(
      fc.property(problem(), ({ net, theta, batch }: Problem) => {
        const H = exactHessian(net, theta, batch).data;
        const size = euclidean(H);
        for (const route of ["gram", "blocks", "auto"] as const) {
          const { trace, frobeniusSquared } = spectralMoments(net, theta, batch, { route });
          expectNear(trace, denseTrace(H, net.size), 1e-13 * net.size, size);
          expectNear(frobeniusSquared, size * size, 1e-12);
        }
      }),
      runs,
    );
  });

  it("the Wolkowicz–Styan bounds hold for the extremes, the spread and every λ_k", () => {
    fc.assert(
      fc.property(problem(), ({ net, theta, batch }: Problem) => {
        const H = exactHessian(net, theta, batch);
        const n = net.size;
        const { values } = symmetricEigen(H);
        const moments = spectralMoments(net, theta, batch);
        const slack = boundsMargin(n, euclidean(H.data), deviationNorm(H.data, n) / Math.sqrt(n));
        const { largest: top, smallest, spread } = wsBounds(moments);
        expectInside(values[n - 1], top, slack);
        expectInside(values[0], smallest, slack);
        expectInside(values[n - 1] - values[0], spread, 2 * slack);
        for (let k = 1; k <= n; k++) expectInside(values[n - k], wsEigenvalueBounds(moments, k), slack);
      }),
      runs,
    );
  });

  it("H·v is the product with the dense Hessian, and linear in v", () => {
    fc.assert(
      fc.property(problem(), fc.integer({ min: 0, max: 1000 }), ({ net, theta, batch }, seed) => {
        const n = net.size;
        const v = net.init(seed);
        const H = exactHessian(net, theta, batch).data;
        const wanted = v.map((_, i) => v.reduce((sum, vj, j) => sum + H[i * n + j] * vj, 0));
        const got = hessianVectorProduct(net, theta, batch, v);
        // The forward pass multiplies in another order than the dense matrix: theta and x enter in between.
        expectClose(got, wanted, 1e-13 * n, euclidean(H) * largest(v));
        const double = hessianVectorProduct(
          net,
          theta,
          batch,
          v.map((entry) => 2 * entry),
        );
        expect(double).toEqual(got.map((entry) => 2 * entry));
      }),
      runs,
    );
  });

  it("the same input gives the same bits", () => {
    fc.assert(
      fc.property(problem(), ({ net, theta, batch }: Problem) => {
        const all = () => [
          lossAndGradient(net, theta, batch),
          exactHessian(net, theta, batch),
          wsUpperBoundAndGradient(net, theta, batch),
        ];
        expect(all()).toEqual(all());
      }),
    );
  });

  it("nothing that is passed in is changed", () => {
    fc.assert(
      fc.property(problem(), ({ net, theta, batch }: Problem) => {
        const before = structuredClone({ theta, batch });
        exactHessian(net, theta, batch);
        wsUpperBoundAndGradient(net, theta, batch);
        hessianVectorProduct(net, theta, batch, theta);
        expect({ theta, batch: { ...batch } }).toEqual(before);
      }),
    );
  });
});
