import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divideAndConquer } from "../../../src/linalg/dense/divide-and-conquer.js";
import { rootFreeQL } from "../../../src/linalg/dense/root-free-ql.js";
import { secularRoot } from "../../../src/linalg/dense/secular-equation.js";
import { tridiagonalQL } from "../../../src/linalg/dense/tridiagonal-ql.js";
import { euclidean, expectNear, largest } from "../../oracles/compare.js";
import { countBelow, nastyTridiagonals, normOf, type Tridiagonal } from "../../oracles/tridiagonal.js";

/** Of ‖T‖: what a backward stable solver errs by. */
const tolerance = (n: number) => 2 * n * Number.EPSILON;

/** Every value has as many eigenvalues below it as its place says, to the tolerance. */
function expectEigenvalues(values: Float64Array, t: Tridiagonal): void {
  const margin = tolerance(values.length) * normOf(t) + 1e-300;
  const misplaced = values.filter(
    (value, k) => countBelow(t, value - margin) > k || countBelow(t, value + margin) <= k,
  );
  expect([...misplaced]).toEqual([]);
}

function decompose({ d, e }: Tridiagonal) {
  const n = d.length;
  const values = d.slice();
  const rows = new Float64Array(n * n);
  const order = divideAndConquer(values, e.slice(), rows, new Float64Array(n * (n + 1)));
  return { values, rows, order };
}

/** T·v = λ·v for every row v, which are orthonormal. */
function expectEigenvectors(values: Float64Array, rows: Float64Array, { d, e }: Tridiagonal): void {
  const n = values.length;
  const residuals = rows.map((entry, at) => {
    const i = at % n;
    const above = i > 0 ? e[i] * rows[at - 1] : 0;
    const below = i + 1 < n ? e[i + 1] * rows[at + 1] : 0;
    return (d[i] - values[(at - i) / n]) * entry + above + below;
  });
  expect(largest(residuals)).toBeLessThanOrEqual(1e-14 * normOf({ d, e }));
  let defect = 0;
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++) {
      let product = k === j ? -1 : 0;
      for (let i = 0; i < n; i++) product += rows[k * n + i] * rows[j * n + i];
      defect = Math.max(defect, Math.abs(product));
    }
  }
  expect(defect).toBeLessThanOrEqual(1e-14);
}

describe.each(nastyTridiagonals)("a tridiagonal matrix, %s,", (_, t) => {
  it("has the eigenvalues that root-free QL finds, by Sturm counts", () => {
    const values = t.d.slice();
    rootFreeQL(values, t.e.slice());
    expectEigenvalues(values.sort(), t);
  });

  it("has the eigenvalues that QL finds", () => {
    const values = t.d.slice();
    if (values.length > 0) tridiagonalQL(values, t.e.slice());
    expectEigenvalues(values.sort(), t);
  });

  it("has the eigenvalues and eigenvectors that divide and conquer finds", () => {
    const { values, rows, order } = decompose(t);
    const ascending = Float64Array.from(order, (i) => values[i]);
    expect(ascending).toEqual(values.slice().sort());
    expectEigenvalues(ascending, t);
    expectEigenvectors(values, rows, t);
  });
});

/** Mostly of order 1, often 0, tiny or equal to others. */
const entry = fc.oneof(
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.constantFrom(0, 0.5, 1, -1),
  fc.integer({ min: -300, max: 0 }).map((exponent) => 10 ** exponent),
);

describe("divide and conquer", () => {
  it("decomposes every tridiagonal matrix", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(entry, entry), { minLength: 33, maxLength: 80, size: "max" }),
        (pairs) => {
          const t = {
            d: Float64Array.from(pairs, ([d]) => d),
            e: Float64Array.from(pairs, ([, e], i) => (i === 0 ? 0 : e)),
          };
          const { values, rows } = decompose(t);
          expectEigenvectors(values, rows, t);
          expectEigenvalues(values.sort(), t);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("gives the same bits whatever stood in its scratch", () => {
    const [, t] = nastyTridiagonals[4];
    const n = t.d.length;
    const results = [0, Number.NaN].map((filled) => {
      const values = t.d.slice();
      const rows = new Float64Array(n * n);
      divideAndConquer(values, t.e.slice(), rows, new Float64Array(n * (n + 1)).fill(filled));
      return [...values, ...rows];
    });
    expect(results[0].every((entry, at) => Object.is(entry, results[1][at]))).toBe(true);
  });
});

describe("secularRoot", () => {
  const cases: [string, number[], number[], number][] = [
    ["of one pole", [2], [1], 0.5],
    ["of two poles", [0, 1], [1, 1], 1],
    ["of even poles", Array.from({ length: 20 }, (_, i) => i), Array(20).fill(1), 3],
    ["of poles a few roundings apart", [0, 1e-15, 2e-15, 1], [1, 1, 1, 1], 1],
    ["of weights from 1 to 1e-12", [0, 1, 2, 3, 4], [1, 1e-3, 1e-6, 1e-9, 1e-12], 2],
    ["of weights from 1e-12 to 1", [0, 1, 2, 3, 4], [1e-12, 1e-9, 1e-6, 1e-3, 1], 2],
    ["of a small ρ", [-1, 0, 1e-8, 1], [1, 2, 3, 4], 1e-14],
    ["of a large ρ", [-1, 0, 1e-8, 1], [1, 2, 3, 4], 1e8],
  ];

  it.each(cases)("interlaces, and keeps trace and sum of squares, %s", (_, poles, entries, rho) => {
    const d = Float64Array.from(poles);
    const length = euclidean(entries);
    const z = Float64Array.from(entries, (x) => x / length);
    const n = d.length;
    const differences = new Float64Array(n * n);
    const roots = d.map((_, j) => secularRoot(j, n, d, z, rho, differences, j * n));
    for (let j = 0; j < n; j++) {
      // d_i − λ_j: of the sign that interlacing says, and not 0 even where λ_j rounds to d_j.
      for (let i = 0; i < n; i++) expect(Math.sign(differences[j * n + i])).toBe(i <= j ? -1 : 1);
      expectNear(d[j] - differences[j * n + j], roots[j], 1e-15, Math.max(rho, 1));
    }
    const sum = (x: Float64Array) => x.reduce((total, each) => total + each, 0);
    const squares = (x: Float64Array) => x.reduce((total, each) => total + each * each, 0);
    expectNear(sum(roots), sum(d) + rho, 1e-15 * n, Math.max(rho, 1));
    const cross = d.reduce((total, each, i) => total + each * z[i] * z[i], 0);
    expectNear(squares(roots), squares(d) + 2 * rho * cross + rho * rho, 1e-14 * n, Math.max(rho * rho, 1));
    // det(D − λ₀I + ρzzᵀ) = Π (λ_j − λ₀): the weights that the roots belong to are those given.
    for (let i = 0; i < n; i++) {
      let weight = -differences[i * n + i] / rho;
      for (let j = 0; j < n; j++) if (j !== i) weight *= differences[j * n + i] / (d[i] - d[j]);
      expectNear(weight, z[i] * z[i], 1e-14 * n, Math.max(z[i] * z[i], 1e-3));
    }
  });
});
