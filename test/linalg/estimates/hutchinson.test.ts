import fc from "fast-check";
import { symmetricMatrix } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  hutchPlusPlusTrace,
  type LinearOperator,
  NonFiniteError,
  productOperator,
  randomStream,
  type Tensor,
} from "../../../src/index.js";
import {
  type Estimate,
  frobeniusEstimate,
  hutchinsonTrace,
  matrixOperator,
} from "../../../src/linalg/index.js";
import { euclidean, expectNear } from "../../oracles/compare.js";
import { diagonalMatrix, symmetric, withSpectrum } from "../../oracles/plain-matrix.js";
import { expectCoverage, mean, slope, studentT975, variance } from "../../oracles/statistics.js";
import { refusals } from "../../refusals.js";

function traceOf({ data, shape }: Tensor): number {
  let trace = 0;
  for (let i = 0; i < shape[0]; i++) trace += data[i * shape[0] + i];
  return trace;
}

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

/** Dense, with a trace so large beside the scatter that a fault of 0.1 % is many standard errors of the grand mean. */
const stream = randomStream(8, "trace-test");
const n = 60;
const a = symmetric(n, (i, j) => (i === j ? 50 : 0) + stream.normal());
const A = matrixOperator(a);

const methods: readonly [string, (operator: LinearOperator, seed: number) => Estimate][] = [
  ["hutchinsonTrace", (operator, seed) => hutchinsonTrace(operator, { samples: 30, seed })],
  ["hutchPlusPlusTrace", (operator, seed) => hutchPlusPlusTrace(operator, { products: 90, seed })],
];

/** Twenty large eigenvalues for the sketch to find, and a tail of both signs to sample. */
const spiked = withSpectrum(
  Array.from({ length: 60 }, (_, i) => (i < 20 ? 80 + i : (i % 7) - 2.8)),
  12,
);

describe("over 1,000 seeds", () => {
  const [[, hutchinson], [, plusPlus]] = methods;
  it.each([
    ["hutchinsonTrace", hutchinson, a],
    ["hutchPlusPlusTrace", plusPlus, spiked],
    ["hutchPlusPlusTrace, where there is nothing for a sketch to find,", plusPlus, a],
  ] as const)(
    "%s has the truth in its 95 % interval at that rate, and in that of its mean",
    (_, method, matrix) => {
      // All draw 30 samples: 29 degrees of freedom.
      const operator = matrixOperator(matrix);
      const estimates = seeds(1000).map((seed) => method(operator, seed));
      const trace = traceOf(matrix);
      expectCoverage(estimates, trace, studentT975[29]);
      expect(estimates.every(({ products, status }) => products <= 90 && status === "converged")).toBe(true);
      // Small beside a bias of 0.1 %.
      expect(Math.sqrt(variance(estimates.map(({ value }) => value)) / 1000)).toBeLessThan(6e-4 * trace);
    },
  );

  it("hutchinsonTrace has the variance 2·Σ_{i≠j} a_ij²/samples, and its squared standard error is that on average", () => {
    const estimates = seeds(1000).map((seed) => hutchinsonTrace(A, { samples: 30, seed }));
    let squares = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) squares += a.data[i * n + j] ** 2;
    const wanted = (2 * squares) / 30;
    expectNear(variance(estimates.map(({ value }) => value)), wanted, 0.15);
    expectNear(mean(estimates.map(({ standardError }) => standardError ** 2)), wanted, 0.03);
  });
});

describe("with more products", () => {
  it("the variance of hutchPlusPlusTrace falls faster than that of hutchinsonTrace", () => {
    // λ_i = i⁻²: what is left after k columns has ‖·‖²_F ~ k⁻³, sampled k times: the variance falls as k⁻⁴.
    const decaying = withSpectrum(
      Array.from({ length: 100 }, (_, i) => 1 / (i + 1) ** 2),
      7,
    );
    const operator = matrixOperator(decaying);
    const budgets = [12, 24, 48, 96];
    const slopeOf = (estimate: (budget: number, seed: number) => Estimate) =>
      slope(
        budgets.map(Math.log),
        budgets.map((budget) => Math.log(variance(seeds(150).map((seed) => estimate(budget, seed).value)))),
      );
    const plain = slopeOf((samples, seed) => hutchinsonTrace(operator, { samples, seed }));
    const plusPlus = slopeOf((products, seed) => hutchPlusPlusTrace(operator, { products, seed }));
    expect(plain).toBeGreaterThan(-1.3);
    expect(plain).toBeLessThan(-0.7);
    expect(plusPlus).toBeLessThan(-3);
    expect(plusPlus).toBeGreaterThan(-5.5);
  });
});

describe("hutchinsonTrace", () => {
  it("is exact for a diagonal matrix", () => {
    const { value, standardError } = hutchinsonTrace(matrixOperator(diagonalMatrix([1, 2, -7, 0.5])), {
      samples: 5,
    });
    expectNear(value, -3.5, 1e-15);
    expectNear(standardError, 0, 1e-15, 1);
  });

  it("draws independent signs, also beyond the 32 of one word", () => {
    const places = [0, 1, 31, 32, 33, 63, 64, 65, 69];
    for (const [i, j] of places.flatMap((from) => places.filter((to) => to > from).map((to) => [from, to]))) {
      const single = productOperator(70, (v, out) => {
        out.fill(0);
        out[i] = v[j];
        out[j] = v[i];
      });
      const { value, standardError } = hutchinsonTrace(single, { samples: 1000 });
      // Mean 0, variance 4.
      expect(Math.abs(value)).toBeLessThan(4 * standardError);
      expectNear(standardError, 2 / Math.sqrt(1000), 0.02);
    }
  });
});

describe("hutchPlusPlusTrace", () => {
  it("is exact for a matrix of low rank, and says that nothing was left to sample", () => {
    const lowRank = withSpectrum([5, -3, 2, ...new Array<number>(37).fill(0)], 3);
    const estimate = hutchPlusPlusTrace(matrixOperator(lowRank), { products: 15 });
    expectNear(estimate.value, 4, 1e-13);
    expect(estimate.standardError).toBeLessThan(1e-13);
    expect(estimate).toMatchObject({ rank: 3, status: "invariant-subspace" });
    expect(estimate.products).toBeLessThanOrEqual(15);
  });

  it("is exact when the sketch spans the whole space", () => {
    const estimate = hutchPlusPlusTrace(matrixOperator(withSpectrum([4, 3, -2, 1], 3)), { products: 99 });
    expectNear(estimate.value, 6, 1e-13);
    expect(estimate).toMatchObject({ standardError: 0, rank: 4, products: 8, status: "invariant-subspace" });
  });

  it("is the sum of its parts, and counts its products", () => {
    const estimate = hutchPlusPlusTrace(A, { products: 50 });
    expect(estimate.value).toBe(estimate.projected + estimate.residual);
    expect(estimate).toMatchObject({ rank: 16, products: 50, iterations: 16 + 18 });
  });
});

describe.each(methods)("%s", (_, method) => {
  it("is within five standard errors and rounding on every symmetric matrix", () => {
    fc.assert(
      fc.property(symmetricMatrix({ maxSize: 12 }), fc.nat(1000), (matrix, seed) => {
        const { value, standardError } = method(matrixOperator(matrix), seed);
        const size = euclidean(matrix.data);
        expect(Math.abs(value - traceOf(matrix))).toBeLessThanOrEqual(6 * standardError + 1e-12 * size);
      }),
    );
  });

  it("gives the same bits for the same seed, and others for another", () => {
    expect(method(A, 5)).toEqual(method(A, 5));
    expect(method(A, 5).value).not.toBe(method(A, 6).value);
  });

  it.each([1e-300, 1e150, 1e290])("keeps its digits at a scale of %d", (scale) => {
    const [one, scaled] = [1, scale].map((factor) =>
      method(
        matrixOperator(
          withSpectrum(
            [3, 2, 1, -1, 0.5].map((x) => x * factor),
            2,
          ),
        ),
        4,
      ),
    );
    expectNear(scaled.value / scale, one.value, 1e-12);
    expectNear(scaled.standardError / scale, one.standardError, 1e-9, one.value);
  });

  it("does not average over products that are not finite", () => {
    let count = 0;
    const operator = productOperator(9, (v) =>
      ++count === 20 ? v.map(() => Number.NaN) : v.map((x) => 2 * x),
    );
    // Of rank nine Hutch++ makes 18 products at a time, and then stops.
    expect(() => {
      for (let seed = 0; seed < 9; seed++) method(operator, seed);
    }).toThrow(NonFiniteError);
  });
});

describe("frobeniusEstimate", () => {
  const stream = randomStream(5, "estimates-test");
  const a = symmetric(40, (i, j) => (i === j ? 20 + i : 0) + stream.normal());
  const A = matrixOperator(a);
  const squares = euclidean(a.data) ** 2;

  it("over 1,000 seeds has ‖A‖² in its 95 % interval at that rate, and shows no bias of 0.1 %", () => {
    const estimates = seeds(1000).map((seed) => frobeniusEstimate(A, { samples: 30, seed }));
    expectCoverage(estimates, squares, studentT975[29]);
    expectNear(mean(estimates.map(({ value }) => value)), squares, 4e-4);
  });

  it("is exact for a diagonal matrix", () => {
    const { value, standardError } = frobeniusEstimate(matrixOperator(diagonalMatrix([1, -2, 3])), {
      samples: 4,
    });
    expectNear(value, 14, 1e-15);
    expectNear(standardError, 0, 1e-14, 14);
  });

  it("refuses to return infinity where the square is beyond the largest number", () => {
    expect(() => frobeniusEstimate(matrixOperator(diagonalMatrix([1e200])))).toThrow(NonFiniteError);
  });

  it("is within six standard errors and rounding on every symmetric matrix", () => {
    fc.assert(
      fc.property(symmetricMatrix({ maxSize: 12 }), fc.nat(1000), (matrix, seed) => {
        const size = euclidean(matrix.data);
        const norm = frobeniusEstimate(matrixOperator(matrix), { seed });
        expect(Math.abs(norm.value - size * size)).toBeLessThanOrEqual(
          6 * norm.standardError + 1e-12 * size * size,
        );
      }),
    );
  });

  it("gives the same bits for the same seed, and others for another", () => {
    expect(frobeniusEstimate(A, { seed: 2 })).toEqual(frobeniusEstimate(A, { seed: 2 }));
    expect(frobeniusEstimate(A, { seed: 2 }).value).not.toBe(frobeniusEstimate(A).value);
  });

  it("throws where a product is not finite", () => {
    const operator = productOperator(3, (v) => v.map((x) => x / 0));
    expect(() => frobeniusEstimate(operator)).toThrow(
      /^frobeniusEstimate: expected finite products .*Infinity/,
    );
  });
});

describe("estimates of sums refuse", () => {
  const A = matrixOperator([
    [2, 1, 0],
    [1, 3, 1],
    [0, 1, 4],
  ]);
  refusals(ArgumentError, "invalid-argument", [
    [
      "one sample",
      () => hutchinsonTrace(A, { samples: 1 }),
      /hutchinsonTrace: .*samples.*≥ 2, got 1; .*standard error/,
    ],
    ["one sample of the norm", () => frobeniusEstimate(A, { samples: 1 }), /frobeniusEstimate: .*samples/],
    [
      "too few products",
      () => hutchPlusPlusTrace(A, { products: 5 }),
      /hutchPlusPlusTrace: .*products.*≥ 6, got 5/,
    ],
  ]);
});

describe("of a diagonal matrix", () => {
  it.each([2, 7, 100])("estimates from %i samples are exact, and say so", (samples) => {
    const diagonal = Float64Array.from({ length: 37 }, (_, i) => Math.sin(i) / 3);
    const operator = productOperator(37, (v) => v.map((entry, i) => diagonal[i] * entry));
    const trace = hutchinsonTrace(operator, { samples });
    expect(trace.value).toBe(diagonal.reduce((sum, entry) => sum + entry, 0));
    expect(trace.standardError).toBe(0);
    expect(frobeniusEstimate(operator, { samples }).standardError).toBe(0);
  });
});
