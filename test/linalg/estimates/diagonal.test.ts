import fc from "fast-check";
import { symmetricMatrix } from "flatward/testing";
import { describe, expect, it } from "vitest";
import { ArgumentError, productOperator, randomStream } from "../../../src/index.js";
import { diagonalEstimate, matrixOperator } from "../../../src/linalg/index.js";
import { euclidean, expectClose, expectNear } from "../../oracles/compare.js";
import { diagonalMatrix, symmetric } from "../../oracles/plain-matrix.js";
import { expectCoverage, mean, studentT975, variance } from "../../oracles/statistics.js";
import { refusals } from "../../refusals.js";

const stream = randomStream(5, "estimates-test");
const n = 40;
const a = symmetric(n, (i, j) => (i === j ? 20 + i : 0) + stream.normal());
const A = matrixOperator(a);
const diagonal = Float64Array.from({ length: n }, (_, i) => a.data[i * n + i]);
const seeds = Array.from({ length: 1000 }, (_, seed) => seed);

describe("diagonalEstimate", () => {
  const estimates = seeds.map((seed) => diagonalEstimate(A, { samples: 30, seed }));

  it.each([0, 7, 39])("over 1,000 seeds has entry %i in its interval at the stated rate", (i) => {
    const entry = estimates.map(({ values, standardErrors }) => ({
      value: values[i],
      standardError: standardErrors[i],
    }));
    expectCoverage(entry, diagonal[i], studentT975[29]);
    // The variance is Σ_{j≠i} a_ij²/samples.
    const row = a.data.slice(i * n, (i + 1) * n).filter((_, j) => j !== i);
    const wanted = euclidean(row) ** 2 / 30;
    expectNear(variance(entry.map(({ value }) => value)), wanted, 0.15);
    expectNear(mean(entry.map(({ standardError }) => standardError ** 2)), wanted, 0.025);
  });

  it("has no bias of 0.1 % in any entry", () => {
    const means = diagonal.map((_, i) => mean(estimates.map(({ values }) => values[i])));
    // 1,000 · 30 samples of standard deviation about √39; five standard errors, for forty entries at once.
    expectClose(means, diagonal, (5 * Math.sqrt(39 / 30_000)) / 20, 20);
    // Together they would show a bias of 0.1 %.
    expectNear(mean(Array.from(means)), mean(Array.from(diagonal)), 3e-4);
  });

  it("is exact for a diagonal matrix, however scaled", () => {
    const values = [1, -2, 0, 1e-9, 3];
    for (const scale of [1, 1e-300, 1e150, 1e300]) {
      const scaled = values.map((value) => value * scale);
      const found = diagonalEstimate(matrixOperator(diagonalMatrix(scaled)), { samples: 7 });
      expectClose(found.values, scaled, 1e-15);
      expectClose(found.standardErrors, [0, 0, 0, 0, 0], 1e-15, scale);
      expect(found).toMatchObject({ iterations: 7, products: 7, status: "converged" });
    }
  });

  it("is within six standard errors and rounding on every symmetric matrix", () => {
    fc.assert(
      fc.property(symmetricMatrix({ maxSize: 12 }), fc.nat(1000), (matrix, seed) => {
        const size = euclidean(matrix.data);
        const { values, standardErrors } = diagonalEstimate(matrixOperator(matrix), { seed });
        const k = matrix.shape[0];
        values.forEach((value, i) => {
          const off = Math.abs(value - matrix.data[i * k + i]);
          expect(off).toBeLessThanOrEqual(6 * standardErrors[i] + 1e-12 * size);
        });
      }),
    );
  });

  it("gives the same bits for the same seed, and others for another", () => {
    expect(diagonalEstimate(A, { seed: 2 })).toEqual(diagonalEstimate(A, { seed: 2 }));
    expect(diagonalEstimate(A, { seed: 2 }).values).not.toEqual(diagonalEstimate(A).values);
  });

  it("throws where a product is not finite", () => {
    const operator = productOperator(3, (v) => v.map((x) => x / 0));
    expect(() => diagonalEstimate(operator)).toThrow(
      /^diagonalEstimate: expected finite products .*Infinity/,
    );
  });
});

describe("diagonalEstimate refuses", () => {
  const A = matrixOperator([
    [2, 1, 0],
    [1, 3, 1],
    [0, 1, 4],
  ]);
  refusals(ArgumentError, "invalid-argument", [
    ["one sample of the diagonal", () => diagonalEstimate(A, { samples: 1 }), /diagonalEstimate: .*samples/],
  ]);
});
