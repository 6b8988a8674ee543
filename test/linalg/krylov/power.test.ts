import fc from "fast-check";
import { symmetricMatrix } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  NonFiniteError,
  type PowerIterationResult,
  powerIteration,
  productOperator,
  symmetricEigen,
  type Tensor,
} from "../../../src/index.js";
import { matrixOperator, type PowerIterationOptions } from "../../../src/linalg/index.js";
import { euclidean, expectNear, largest } from "../../oracles/compare.js";
import { diagonalMatrix, inner, residualNorm, times, withSpectrum } from "../../oracles/plain-matrix.js";
import { refusals } from "../../refusals.js";

/** The Rayleigh quotient and the residual of the vector, by plain loops. */
function expectHonest(a: Tensor, result: PowerIterationResult, size: number): void {
  const n = a.shape[0];
  const { value, vector, residual } = result;
  expectNear(euclidean(vector), 1, 1e-15 * n);
  expectNear(value, inner(vector, times(a, vector)), 1e-15 * n, size);
  expectNear(residual, residualNorm(a, value, vector), 1e-15 * n, size);
  expect(result.norm).toBeLessThanOrEqual(size * (1 + 1e-14 * n));
}

const run = (a: Tensor, options?: PowerIterationOptions) => powerIteration(matrixOperator(a), options);

const spectrum = [-5, -2, -1, 0, 0.5, 1, 2.5, 3];
const a = withSpectrum(spectrum, 4);

describe("powerIteration", () => {
  it.each([
    ["magnitude", -5],
    ["largest", 3],
    ["smallest", -5],
  ] as const)("finds the extreme eigenvalue that is asked for: %s", (which, wanted) => {
    const result = run(a, { which, tolerance: 1e-10 });
    expect(result.status).toBe("converged");
    expect(result.residual).toBeLessThanOrEqual(1e-10 * 5);
    // Twice the digits of the residual, but for rounding.
    expectNear(result.value, wanted, 1e-14, 5);
    expectHonest(a, result, 5);
    expect(result.products).toBe(result.iterations);
  });

  it.each([
    ["largest", [1, 2, 3]],
    ["smallest", [1, 2, 3]],
    ["largest", [-3, -2, -1]],
    ["smallest", [-3, -2, -1]],
    ["largest", [-1000, 1, 2]],
    ["smallest", [-2, 1, 1000]],
    ["largest", [-1, -0.5, -0.5, -0.5, -0.4]],
    ["largest", [-1, -1 + 1e-4]],
  ] as const)("finds the %s of %j with its sign", (which, values) => {
    const result = run(withSpectrum(values, 2), { which, maxIterations: 100_000, tolerance: 1e-8 });
    expect(result.status).toBe("converged");
    expectNear(result.value, which === "largest" ? Math.max(...values) : Math.min(...values), 1e-8, 1000);
  });

  it("never takes the other end for the one asked for, where a small cap leaves ‖A‖ underestimated", () => {
    // The start vector has 1/140 of the eigenvector of −1: for a few steps ‖A‖ looks like 1/2.
    const operator = productOperator(20_000, (v) => v.map((x, i) => (i === 0 ? -x : -0.5 * x)));
    for (let maxIterations = 2; maxIterations <= 24; maxIterations++) {
      const result = powerIteration(operator, { which: "largest", maxIterations, tolerance: 1e-3 });
      if (result.status === "converged") expectNear(result.value, -0.5, 1e-3);
      else expect(result.status).toBe("max-iterations");
    }
  });

  it("reports the residual of the pair it returns at every cap, and never calls it converged too early", () => {
    for (let maxIterations = 1; maxIterations < 60; maxIterations++) {
      for (const which of ["magnitude", "largest", "smallest"] as const) {
        const result = run(a, { which, maxIterations, tolerance: 1e-6 });
        expectHonest(a, result, 5);
        expect(result.products).toBeLessThanOrEqual(maxIterations);
        if (result.status === "converged") {
          expectNear(result.value, which === "largest" ? 3 : -5, 1e-11, 5);
        } else expect(result.status).toBe("max-iterations");
      }
    }
  });

  it("converges in the ratio of the two largest magnitudes, quadratically in the value", () => {
    const errors = [40, 60].map((maxIterations) => {
      const result = run(diagonalMatrix([1, 0.8, 0.1]), { maxIterations, tolerance: 0 });
      return { residual: result.residual, value: 1 - result.value };
    });
    expectNear(errors[1].residual / errors[0].residual, 0.8 ** 20, 0.01);
    expectNear(errors[1].value / errors[0].value, 0.8 ** 40, 0.01);
  });
});

describe("powerIteration under near-ties ends truthfully:", () => {
  it("equal signs that it cannot tell apart in time: max-iterations, between the two", () => {
    const near = withSpectrum([1, 1 - 1e-6, 0.3, 0.1], 5);
    const result = run(near, { tolerance: 1e-10, maxIterations: 200 });
    expect(result.status).toBe("max-iterations");
    expect(result.residual).toBeGreaterThan(1e-10);
    expect(result.value).toBeGreaterThan(1 - 1.1e-6);
    expect(result.value).toBeLessThan(1 + 1e-14);
    expectHonest(near, result, 1);
  });

  it("opposite signs, exactly: an invariant subspace, and no eigenvalue is claimed", () => {
    const tied = withSpectrum([2, -2, 0.3, 0.1], 5);
    const result = run(tied);
    expect(result.status).toBe("invariant-subspace");
    expect(result.residual).toBeGreaterThan(0.1);
    expect(result.products).toBeLessThan(50);
    expectHonest(tied, result, 2);
    for (const [which, wanted] of [
      ["largest", 2],
      ["smallest", -2],
    ] as const) {
      const signed = run(tied, { which });
      expect(signed.status).toBe("converged");
      expectNear(signed.value, wanted, 1e-14);
    }
  });

  it("opposite signs, nearly: max-iterations or an invariant subspace, never converged", () => {
    for (const gap of [1e-3, 1e-5, 1e-7, 1e-9, 1e-12]) {
      const result = run(withSpectrum([1, -1 + gap, 0.2], 8), { maxIterations: 500 });
      expect(result.status).toBe(gap > 1e-8 ? "max-iterations" : "invariant-subspace");
      expect(result.residual).toBeGreaterThan(1e-2);
    }
  });

  it("opposite signs 1 % apart: slow, but converged", () => {
    const result = run(withSpectrum([-1, 0.99, 0.2], 8), { maxIterations: 3000 });
    expect(result.status).toBe("converged");
    expectNear(result.value, -1, 1e-14);
  });

  it("what repeats exactly: it is the eigenvalue", () => {
    const result = run(withSpectrum([3, 3, 3, 1], 6), { tolerance: 1e-12 });
    expect(result.status).toBe("converged");
    expectNear(result.value, 3, 1e-14);
  });

  it("on every symmetric matrix", () => {
    fc.assert(
      fc.property(
        symmetricMatrix({ maxSize: 10 }),
        fc.constantFrom("magnitude" as const, "largest" as const, "smallest" as const),
        (matrix, which) => {
          const values = symmetricEigen(matrix).values;
          const size = largest(values);
          const result = run(matrix, { which, tolerance: 1e-7, maxIterations: 400 });
          expectHonest(matrix, result, size);
          if (result.status !== "converged") {
            expect(result.residual).toBeGreaterThan(1e-7 * result.norm);
            return;
          }
          expect(result.residual).toBeLessThanOrEqual(1e-7 * size);
          const last = values.length - 1;
          const wanted = which === "magnitude" ? size : which === "largest" ? values[last] : values[0];
          expectNear(which === "magnitude" ? Math.abs(result.value) : result.value, wanted, 1e-6, size);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("tolerance zero, at a vector that no longer changes or at the cap", () => {
    const result = run(diagonalMatrix([1, 1e-3]), { tolerance: 0, maxIterations: 500 });
    expect(result.residual).toBeLessThan(1e-15);
    expect(["invariant-subspace", "converged"]).toContain(result.status);
  });
});

describe("powerIteration at the edges:", () => {
  it.each(["magnitude", "largest", "smallest"] as const)("a zero matrix and one entry, %s", (which) => {
    expect(run(diagonalMatrix([0, 0, 0]), { which })).toMatchObject({ residual: 0, status: "converged" });
    expect(Math.abs(run(diagonalMatrix([0, 0, 0]), { which }).value)).toBe(0);
    expect(run(diagonalMatrix([-7]), { which })).toMatchObject({ value: -7, status: "converged" });
  });

  it.each([1e-300, 1e-150, 1e150, 1e300])("entries of about %d", (scale) => {
    const values = [3, 1, -1].map((value) => value * scale);
    for (const which of ["magnitude", "smallest"] as const) {
      const result = run(withSpectrum(values, 1), { which });
      expect(result.status).toBe("converged");
      expectNear(result.value, which === "smallest" ? -scale : 3 * scale, 1e-13);
    }
  });

  it("a product that is not finite: the pair before it, or the error where there is none", () => {
    let count = 0;
    const until = (last: number) => {
      count = 0;
      return productOperator(8, (v) => times(a, ++count > last ? v.map(() => Number.NaN) : v));
    };
    for (const which of ["magnitude", "largest"] as const) {
      for (const last of [1, 2, 7, 510]) {
        const result = powerIteration(until(last), { which, tolerance: 0 });
        expect(result.status).toBe("non-finite");
        expect(result.products).toBe(last + 1);
        expectHonest(a, result, 5);
      }
    }
    expect(() => powerIteration(until(0))).toThrow(NonFiniteError);
    expect(() => powerIteration(until(0))).toThrow(/^powerIteration: expected finite products/);
  });

  it("the same seed gives the same bits, another starts elsewhere", () => {
    expect(run(a, { seed: 3 })).toEqual(run(a, { seed: 3 }));
    expect(run(a, { seed: 3, maxIterations: 3 }).vector).not.toEqual(
      run(a, { seed: 4, maxIterations: 3 }).vector,
    );
  });
});

describe("powerIteration refuses", () => {
  const A = matrixOperator([
    [2, 1, 0],
    [1, 3, 1],
    [0, 1, 4],
  ]);
  refusals(ArgumentError, "invalid-argument", [
    [
      "an unknown extreme",
      () => powerIteration(A, { which: "both" as never }),
      /powerIteration: .*magnitude, largest, smallest/,
    ],
    ["a tolerance of NaN", () => powerIteration(A, { tolerance: Number.NaN }), /powerIteration: .*tolerance/],
    ["half an iteration", () => powerIteration(A, { maxIterations: 0.5 }), /powerIteration: .*maxIterations/],
  ]);
});
