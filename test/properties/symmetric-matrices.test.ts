import fc from "fast-check";
import { symmetricMatrix } from "flatward/testing";
import { describe, expect, it } from "vitest";
import { type Interval, symmetricEigen, type Tensor, wsBounds, wsEigenvalueBounds } from "../../src/index.js";
import { boundsMargin } from "../oracles/bounds-margin.js";
import { euclidean, expectClose, expectNear } from "../oracles/compare.js";

function momentsOf({ data, shape }: Tensor) {
  const size = shape[0];
  let trace = 0;
  for (let i = 0; i < size; i++) trace += data[i * size + i];
  return { size, trace, frobeniusSquared: data.reduce((sum, entry) => sum + entry * entry, 0) };
}

function expectInside(value: number, { lower, upper }: Interval, slack: number): void {
  expect(value).toBeGreaterThanOrEqual(lower - slack);
  expect(value).toBeLessThanOrEqual(upper + slack);
}

const matrices = symmetricMatrix({ minSize: 2, maxSize: 12 });
const runs = { numRuns: 300 };

describe("for every symmetric matrix", () => {
  it("the Wolkowicz–Styan bounds hold, for the extremes, the spread and every λ_k", () => {
    fc.assert(
      fc.property(matrices, (a) => {
        const moments = momentsOf(a);
        const { values } = symmetricEigen(a);
        const n = moments.size;
        const margin = boundsMargin(n, euclidean(a.data), deviationOf(values));
        const bounds = wsBounds(moments);
        expectInside(values[n - 1], bounds.largest, margin);
        expectInside(values[0], bounds.smallest, margin);
        expectInside(values[n - 1] - values[0], bounds.spread, 2 * margin);
        for (let k = 1; k <= n; k++) expectInside(values[n - k], wsEigenvalueBounds(moments, k), margin);
      }),
      runs,
    );
  });

  it("the eigendecomposition holds: A = VΛVᵀ, and the spectrum moves with a shift and a sign", () => {
    fc.assert(
      fc.property(symmetricMatrix(), (a) => {
        const n = a.shape[0];
        const size = euclidean(a.data);
        const { values, vectors } = symmetricEigen(a, { vectors: true });
        const V = vectors.data;
        const rebuilt = a.data.map((_, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          return values.reduce((sum, value, k) => sum + V[i * n + k] * value * V[j * n + k], 0);
        });
        expectClose(rebuilt, a.data, 1e-14 * n, size);
        const negated = symmetricEigen({ ...a, data: a.data.map((entry) => -entry) }).values;
        expectClose(negated.map((value) => -value).reverse(), values, 1e-14 * n, size);
        const shifted = symmetricEigen({
          ...a,
          data: a.data.map((entry, at) => (at % (n + 1) === 0 ? entry + size : entry)),
        }).values;
        expectClose(
          shifted,
          values.map((value) => value + size),
          1e-14 * n,
          size,
        );
      }),
      runs,
    );
  });

  it("the bounds scale and shift with the matrix", () => {
    fc.assert(
      fc.property(matrices, (a) => {
        const bounds = wsBounds(momentsOf(a));
        const scaled = wsBounds(momentsOf({ ...a, data: a.data.map((entry) => 4 * entry) }));
        const size = euclidean(a.data);
        expectNear(scaled.largest.upper, 4 * bounds.largest.upper, 1e-15, size);
        expectNear(scaled.spread.lower, 4 * bounds.spread.lower, 1e-15, size);
        const negated = wsBounds(momentsOf({ ...a, data: a.data.map((entry) => -entry) }));
        expectNear(negated.smallest.lower, -bounds.largest.upper, 1e-15, size);
        expectNear(negated.largest.lower, -bounds.smallest.upper, 1e-15, size);
      }),
      runs,
    );
  });
});

/** s of the eigenvalues themselves, without the cancellation of traces. */
function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return euclidean(values.map((value) => value - mean)) / Math.sqrt(values.length);
}
