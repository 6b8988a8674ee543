import fc from "fast-check";
import { symmetricMatrix } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  exactHessian,
  hessianOperator,
  type LanczosOptions,
  type LanczosResult,
  lanczos,
  NonFiniteError,
  productOperator,
  randomStream,
  symmetricEigen,
  type Tensor,
  threeLayerNet,
} from "../../../src/index.js";
import { matrixOperator } from "../../../src/linalg/index.js";
import { expectClose, largest } from "../../oracles/compare.js";
import {
  column,
  diagonalMatrix,
  orthonormalityDefect,
  residualNorm,
  symmetric,
  times,
  withSpectrum,
} from "../../oracles/plain-matrix.js";
import { refusals } from "../../refusals.js";

type Which = NonNullable<LanczosOptions["which"]>;

/** What is wanted of all eigenvalues, ascending. */
function wantedOf(values: Float64Array, k: number, which: Which): number[] {
  const n = values.length;
  const all = Array.from(values);
  if (which === "largest") return all.slice(n - k);
  if (which === "smallest") return all.slice(0, k);
  return 2 * k >= n ? all : [...all.slice(0, k), ...all.slice(n - k)];
}

/** Residuals by plain loops, and orthonormal vectors: neither shares code with the solver. */
function expectHonest(a: Tensor, result: LanczosResult, size: number): void {
  const n = a.shape[0];
  expect(result.vectors.shape).toEqual([n, result.values.length]);
  expect(orthonormalityDefect(result.vectors)).toBeLessThan(1e-13 * n);
  result.values.forEach((value, j) => {
    const residual = residualNorm(a, value, column(result.vectors, j));
    expect(Math.abs(residual - result.residuals[j])).toBeLessThanOrEqual(1e-15 * n * size);
  });
  expect(result.norm).toBeLessThanOrEqual(size * (1 + 1e-14 * n));
}

function expectExtremes(a: Tensor, spectrum: Float64Array, options: LanczosOptions): LanczosResult {
  const { k = 1, which = "largest" } = options;
  const size = largest(spectrum);
  const result = lanczos(matrixOperator(a), options);
  expect(result.status).toBe("converged");
  expectClose(result.values, wantedOf(spectrum, k, which), 1e-10, size);
  for (const residual of result.residuals) expect(residual).toBeLessThanOrEqual(1e-10 * size);
  expectHonest(a, result, size);
  return result;
}

const ends = fc.constantFrom<Which>("largest", "smallest", "both");

describe("lanczos, against the dense eigendecomposition,", () => {
  // Householder and QL on the whole matrix; what they share with Lanczos is QL, on another matrix.
  it("finds the k pairs at either end of every symmetric matrix, with honest residuals", () => {
    fc.assert(
      fc.property(
        symmetricMatrix({ maxSize: 24 }),
        ends,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, which, share) => {
          const k = 1 + Math.floor(share * (a.shape[0] - 1));
          expectExtremes(a, symmetricEigen(a).values, { k, which });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("finds them from the smallest basis, with restarts", () => {
    fc.assert(
      fc.property(symmetricMatrix({ minSize: 6, maxSize: 30 }), ends, (a, which) => {
        expectExtremes(a, symmetricEigen(a).values, { k: 2, which, basisSize: 6 });
      }),
      { numRuns: 150 },
    );
  });
});

/** Spectra that were put in; the numbers of n in names are of n = 60. */
const filled = (n: number, ...groups: readonly (readonly [value: number, times: number])[]): number[] => {
  const values = groups.flatMap(([value, count]) => new Array<number>(count).fill(value));
  while (values.length < n) values.push(-0.5 + values.length / n);
  return values;
};

const cases: readonly [name: string, values: readonly number[], options: LanczosOptions][] = [
  ["the largest five times, k = 7", filled(60, [3, 5]), { k: 7 }],
  ["the largest five times, k = 3", filled(60, [3, 5]), { k: 3 }],
  ["the second three times, k = 2", filled(60, [4, 1], [3, 3]), { k: 2 }],
  ["the k-th of three, far from the rest", filled(60, [1000, 1], [999, 2]), { k: 2 }],
  ["either end repeated four times", filled(60, [3, 4], [-3, 4]), { k: 5, which: "both" }],
  ["the smallest six times", filled(60, [-2, 6]), { k: 6, which: "smallest" }],
  ["two values alone", filled(60, [1, 45], [2, 15]), { k: 20 }],
  ["two values alone, both ends", filled(60, [1, 45], [2, 15]), { k: 20, which: "both" }],
  ["rank one, from above", filled(60, [5, 1], [0, 59]), { k: 4 }],
  ["rank one, from below", filled(60, [5, 1], [0, 59]), { k: 4, which: "smallest" }],
  ["rank one, negative", filled(60, [-5, 1], [0, 59]), { k: 4, which: "both" }],
  ["the identity", filled(60, [1, 60]), { k: 7 }],
  ["the identity, k = n", filled(60, [1, 60]), { k: 60 }],
  ["k = n, all distinct", filled(60), { k: 60 }],
  ["k = n, some repeated", filled(60, [2, 9], [-1, 7]), { k: 60, which: "smallest" }],
  ["both ends, 2k = n", filled(60, [2, 9]), { k: 30, which: "both" }],
  ["both ends, 2k > n", filled(60, [2, 9]), { k: 41, which: "both" }],
  ["a pair 1e-6 apart", filled(60, [2, 1], [2 - 1e-6, 1]), { k: 3 }],
  ["a pair 1e-9 apart", filled(60, [2, 1], [2 - 1e-9, 1]), { k: 3 }],
  ["a cluster of ten within 1e-5", filled(60).map((x, i) => (i < 10 ? 1 + i * 1e-6 : x / 2)), { k: 5 }],
  ["all within 1e-9", filled(60).map((x) => 1 + x * 1e-9), { k: 5, which: "both" }],
  ["λ and −λ", filled(60, [2, 2], [-2, 2]), { k: 3, which: "both" }],
  ["sixteen orders of magnitude", Array.from({ length: 17 }, (_, i) => 10 ** -i), { k: 6, which: "both" }],
  ["scaled by 1e-150", filled(40, [3, 3]).map((x) => 1e-150 * x), { k: 4 }],
  ["scaled by 1e-290", filled(40, [3, 3]).map((x) => 1e-290 * x), { k: 4 }],
  ["scaled by 1e150", filled(40, [3, 3]).map((x) => 1e150 * x), { k: 4 }],
  ["scaled by 1e300", filled(40, [3, 3]).map((x) => 1e300 * x), { k: 4 }],
];

describe("lanczos finds what was put into a matrix:", () => {
  it.each(cases)("%s", (_, values, options) => {
    expectExtremes(withSpectrum(values, 11), Float64Array.from(values).sort(), options);
  });

  it.each([1, 2, 3, 4, 5])("repeated eigenvalues whatever the seed, %i", (seed) => {
    const values = filled(100, [10, 3], [9, 2]);
    const a = withSpectrum(values, seed);
    expectExtremes(a, Float64Array.from(values).sort(), { k: 5, seed });
    expectExtremes(a, Float64Array.from(values).sort(), { k: 4, seed, basisSize: 8 });
  });

  it("the eigenvalues 2 − 2cos(kπ/(n+1)) of the second difference matrix, crowded at both ends", () => {
    const n = 150;
    const a = symmetric(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0));
    const values = Float64Array.from(
      { length: n },
      (_, i) => 2 - 2 * Math.cos(((i + 1) * Math.PI) / (n + 1)),
    );
    expectExtremes(a, values, { k: 3, which: "both", basisSize: 20 });
  });

  it("a zero matrix: k zeros, and any orthonormal vectors", () => {
    for (const k of [1, 3, 8]) {
      const result = expectExtremes(diagonalMatrix(new Float64Array(8)), new Float64Array(8), { k });
      expect(Array.from(result.values)).toEqual(new Array(k).fill(0));
      expect(Array.from(result.residuals)).toEqual(new Array(k).fill(0));
    }
  });

  it.each<Which>(["largest", "smallest", "both"])("a matrix of one entry, %s", (which) => {
    const result = expectExtremes(diagonalMatrix([-3]), Float64Array.of(-3), { which });
    expect(result.values).toEqual(Float64Array.of(-3));
  });

  it("the smallest eigenvalues of a spectrum that decays by orders of magnitude, from the basis that is kept by default", () => {
    const decaying = Float64Array.from({ length: 67 }, (_, i) => Math.exp(-i / 3));
    const operator = productOperator(67, (v) => v.map((entry, i) => decaying[i] * entry));
    const { status, products } = lanczos(operator, { k: 10, which: "smallest" });
    expect(status).toBe("converged");
    expect(products).toBeLessThan(500);
  });

  it("outliers with few products: it does not wait for the bulk to converge", () => {
    const values = [20, 18, 16, 16, 14, ...Array.from({ length: 295 }, (_, i) => i / 1000)];
    const result = expectExtremes(diagonalMatrix(values), Float64Array.from(values).sort(), { k: 5 });
    expect(result.products).toBeLessThan(60);
  });

  it("the extremes of a network's Hessian, without forming it", () => {
    const net = threeLayerNet({ inputs: 3, hidden: 6, outputs: 3 });
    const theta = net.init(2);
    const stream = randomStream(1, "lanczos-test");
    const batch = {
      x: Array.from({ length: 20 }, () => [stream.normal(), stream.normal(), stream.normal()]),
      y: Array.from({ length: 20 }, (_, i) => i % 3),
    };
    const { values } = symmetricEigen(exactHessian(net, theta, batch));
    const found = lanczos(hessianOperator(net, theta, batch), { k: 3, which: "both" });
    expect(found.status).toBe("converged");
    expectClose(found.values, wantedOf(values, 3, "both"), 1e-13, largest(values));
  });

  it("and keeps its vectors orthogonal where one eigenvalue towers over the others", () => {
    const values = [1e8, ...Array.from({ length: 199 }, (_, i) => 1 + i / 198)];
    const a = diagonalMatrix(values);
    const { values: found, vectors } = lanczos(matrixOperator(a), { k: 5, tolerance: 1e-14 });
    expectClose(found, [1 + 195 / 198, 1 + 196 / 198, 1 + 197 / 198, 2, 1e8], 1e-14, 1e8);
    expect(orthonormalityDefect(vectors)).toBeLessThan(1e-12);
  });
});

describe("lanczos without certification", () => {
  const uncertified = (a: Tensor, k: number) => lanczos(matrixOperator(a), { k, certify: false });

  it("finds distinct eigenvalues as well, from fewer products", () => {
    const values = Array.from({ length: 200 }, (_, i) => Math.sqrt(i));
    const a = withSpectrum(values, 5);
    const certified = expectExtremes(a, Float64Array.from(values), { k: 5 });
    const found = expectExtremes(a, Float64Array.from(values), { k: 5, certify: false });
    expect(found.products).toBeLessThan(0.65 * certified.products);
    expect([found.certified, certified.certified]).toEqual([false, true]);
  });

  it("finds a repeated eigenvalue once, and says that it did not look for more", () => {
    const { values, certified, status } = uncertified(withSpectrum(filled(60, [3, 5], [2, 1]), 11), 2);
    expect([status, certified]).toEqual(["converged", false]);
    expectClose(values, [2, 3], 1e-10);
  });

  it("finds as many pairs as are wanted, where a Krylov space has fewer", () => {
    const a = withSpectrum(filled(60, [1, 45], [2, 15]), 11);
    const result = uncertified(a, 20);
    expect(result.values).toHaveLength(20);
    expectHonest(a, result, 2);
  });

  it("is certain of its multiplicities nonetheless, where it has seen the whole space", () => {
    expect(uncertified(diagonalMatrix([1, 2, 3]), 3).certified).toBe(true);
  });
});

describe("lanczos ends truthfully:", () => {
  const n = 200;
  const difference = symmetric(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0));

  it("at the cap, with the pairs that there are and their own residuals", () => {
    const early = lanczos(matrixOperator(difference), { k: 8, maxIterations: 5 });
    expect(early.status).toBe("max-iterations");
    expect(early.certified).toBe(false);
    expect(early.values).toHaveLength(5);
    expect(early.iterations).toBe(5);
    expect(early.products).toBe(10);
    expectHonest(difference, early, 4);
    expect(largest(early.residuals)).toBeGreaterThan(1e-3);
    const later = lanczos(matrixOperator(difference), { k: 8, maxIterations: 60, basisSize: 20 });
    expect(later.status).toBe("max-iterations");
    expect(later.values).toHaveLength(8);
    expectHonest(difference, later, 4);
  });

  it("at the cap too, where a repeated eigenvalue could still be missing", () => {
    const a = withSpectrum(filled(60, [3, 5]), 3);
    for (let maxIterations = 1; maxIterations < 80; maxIterations++) {
      const { status, values } = lanczos(matrixOperator(a), { k: 5, maxIterations });
      if (status === "converged") expectClose(values, [3, 3, 3, 3, 3], 1e-10);
      else expect(status).toBe("max-iterations");
    }
  });

  it("below rounding, as an invariant subspace", () => {
    const { status, residuals, norm } = lanczos(matrixOperator(withSpectrum(filled(40, [2, 2]), 1)), {
      k: 3,
      tolerance: 0,
    });
    expect(status).toBe("invariant-subspace");
    expect(largest(residuals)).toBeLessThan(1e-14 * norm);
  });

  it("with an operator that is not symmetric, not as converged", () => {
    const operator = productOperator(9, (v) => v.map((x, i) => i * x + (i > 0 ? 2 * v[i - 1] : 0)));
    const { status, residuals } = lanczos(operator, { k: 2, maxIterations: 500 });
    expect(status).toBe("invariant-subspace");
    expect(largest(residuals)).toBeGreaterThan(1e-3);
  });

  it("when a product is not finite, with what was found before", () => {
    let count = 0;
    const once = productOperator(n, (v) => times(difference, ++count === 30 ? v.map(() => Number.NaN) : v));
    const result = lanczos(once, { k: 3 });
    expect(result.status).toBe("non-finite");
    expect(result.values).toHaveLength(3);
    expectHonest(difference, result, 4);
  });

  it("when no product is finite, with the NonFiniteError", () => {
    const never = productOperator(3, () => Float64Array.of(1, Number.NaN, 2));
    expect(() => lanczos(never)).toThrow(NonFiniteError);
    expect(() => lanczos(never)).toThrow(/^lanczos: expected finite products .*NaN at index 1 of product/);
    const unwritten = productOperator(3, (_v, _out) => {});
    expect(() => lanczos(unwritten)).toThrow(NonFiniteError);
  });

  it("and never with fewer pairs in silence: every end of every cap", () => {
    fc.assert(
      fc.property(
        symmetricMatrix({ maxSize: 12 }),
        fc.integer({ min: 1, max: 30 }),
        ends,
        (a, maxIterations, which) => {
          const k = Math.ceil(a.shape[0] / 2);
          const size = largest(symmetricEigen(a).values);
          const result = lanczos(matrixOperator(a), { k, which, maxIterations });
          const count = which === "both" ? Math.min(2 * k, a.shape[0]) : k;
          if (result.status === "converged") expect(result.values).toHaveLength(count);
          else expect(result.status).toBe("max-iterations");
          expect(result.iterations).toBeLessThanOrEqual(maxIterations);
          expectHonest(a, result, size);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("lanczos and its seed:", () => {
  const a = withSpectrum(filled(50, [3, 3]), 9);

  it("the same seed gives the same bits", () => {
    const options: LanczosOptions = { k: 4, which: "both", seed: 5 };
    expect(lanczos(matrixOperator(a), options)).toEqual(lanczos(matrixOperator(a), options));
  });

  it("another seed starts elsewhere, and ends at the same values", () => {
    const [one, other] = [1, 2].map((seed) => lanczos(matrixOperator(a), { k: 4, seed }));
    expect(one.vectors.data).not.toEqual(other.vectors.data);
    expectClose(one.values, other.values, 1e-13);
  });

  it("options may be null", () => {
    expect(lanczos(matrixOperator(a), null as never)).toEqual(lanczos(matrixOperator(a)));
  });
});

describe("lanczos refuses", () => {
  const A = matrixOperator([
    [2, 1, 0],
    [1, 3, 1],
    [0, 1, 4],
  ]);
  refusals(ArgumentError, "invalid-argument", [
    ["no pair", () => lanczos(A, { k: 0 }), /lanczos: .*k to be an integer ≥ 1, got 0/],
    ["more pairs than there are", () => lanczos(A, { k: 4 }), /lanczos: .*k to be .*≤ 3, got 4/],
    [
      "an end that is none",
      () => lanczos(A, { which: "middle" as never }),
      /which to be one of largest, smallest, both/,
    ],
    ["a negative tolerance", () => lanczos(A, { tolerance: -1 }), /lanczos: .*tolerance.*≥ 0/],
    ["no iterations", () => lanczos(A, { maxIterations: 0 }), /lanczos: .*maxIterations.*≥ 1/],
    [
      "a basis that is too small",
      () => lanczos(A, { k: 2, basisSize: 2 }),
      /lanczos: .*basisSize.*≥ 3, got 2/,
    ],
  ]);
});
