import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import {
  NonFiniteError,
  randomStream,
  ShapeError,
  SymmetryError,
  symmetricEigen,
  type Tensor,
  tensor,
} from "../../../src/index.js";
import { euclidean, expectClose, expectNear, largest } from "../../oracles/compare.js";
import { jacobiEigenvalues } from "../../oracles/jacobi.js";
import { symmetric, withSpectrum } from "../../oracles/plain-matrix.js";
import { matrices } from "./matrices.js";

const stream = randomStream(7, "eigh");

const random = (n: number) => symmetric(n, () => stream.normal());

const rowsOf = ({ data, shape: [n] }: Tensor) =>
  Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * n, (i + 1) * n)));

/** Errors are a few n·ε·‖A‖; this asks for no more than 4n. */
const tolerance = (n: number) => 4 * n * Number.EPSILON;

describe.each(matrices)("symmetricEigen of a matrix %s", (_, a) => {
  const n = a.shape[0];
  const before = a.data.slice();
  const { values, vectors } = symmetricEigen(a, { vectors: true });
  const size = euclidean(a.data);
  const V = vectors.data;
  // Divided by a power of two first, so that products neither overflow nor underflow.
  const unit = size === 0 ? 1 : 2 ** Math.floor(Math.log2(size));

  it("satisfies A·V = V·Λ", () => {
    const residual = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = -(values[j] / unit) * V[i * n + j];
        for (let k = 0; k < n; k++) sum += (a.data[i * n + k] / unit) * V[k * n + j];
        residual[i * n + j] = sum;
      }
    }
    expect(euclidean(residual)).toBeLessThanOrEqual(tolerance(n) * 2);
  });

  it("has orthonormal vectors", () => {
    const defect = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = i === j ? -1 : 0;
        for (let k = 0; k < n; k++) sum += V[k * n + i] * V[k * n + j];
        defect[i * n + j] = sum;
      }
    }
    expect(euclidean(defect)).toBeLessThanOrEqual(tolerance(n) * Math.sqrt(n));
  });

  it("keeps the trace and the Frobenius norm", () => {
    let trace = 0;
    for (let i = 0; i < n; i++) trace += a.data[i * n + i] / unit;
    expectNear(
      values.reduce((sum, value) => sum + value / unit, 0),
      trace,
      tolerance(n) * Math.sqrt(n),
      2,
    );
    // Subnormal numbers carry fewer bits: one unit in the last place of 5e-324 each.
    expectNear(euclidean(values), size, tolerance(n), size + n * n * 5e-324 * 1e16);
  });

  it("is ascending, and the same without the vectors", () => {
    expect(Array.from(values)).toEqual(Array.from(values).sort((x, y) => x - y));
    const alone = symmetricEigen(a);
    expect(alone.vectors).toBeUndefined();
    expectClose(alone.values, values, tolerance(n), size);
  });

  it("leaves its input unchanged", () => {
    expect(a.data.every((entry, at) => Object.is(entry, before[at]))).toBe(true);
  });
});

describe("symmetricEigen", () => {
  it.each([1, 2, 3, 10, 50, 101])(
    "finds 2 − 2cos(kπ/(n+1)) for the second difference matrix, n = %i",
    (n) => {
      const a = symmetric(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0));
      const wanted = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
      expectClose(symmetricEigen(a).values, wanted, tolerance(n), 4);
      expectClose(symmetricEigen(a, { vectors: true }).values, wanted, tolerance(n), 4);
    },
  );

  it.each([1, 2, 3, 20, 45, 97, 165])("finds what Jacobi rotations and ml-matrix find, n = %i", (n) => {
    const a = random(n);
    const wanted = jacobiEigenvalues(a);
    const size = largest(wanted);
    const { values } = symmetricEigen(a, { vectors: true });
    expectClose(values, wanted, tolerance(n), size);
    expectClose(symmetricEigen(a).values, wanted, tolerance(n), size);
    const other = new EigenvalueDecomposition(new Matrix(rowsOf(a)), { assumeSymmetric: true });
    expectClose(values, Float64Array.from(other.realEigenvalues).sort(), tolerance(n), size);
  });

  it.each([31, 98, 170])("finds the spectrum that a matrix was made with, n = %i", (n) => {
    const spectrum = Float64Array.from({ length: n }, (_, i) => 10 ** -(i % 9) * (i % 4 === 3 ? -1 : 1));
    const a = withSpectrum(spectrum, n);
    expectClose(symmetricEigen(a).values, spectrum.sort(), tolerance(n), 1);
    expectClose(symmetricEigen(a, { vectors: true }).values, spectrum, tolerance(n), 1);
  });

  it("solves the 2×2 quadratic", () => {
    const { values, vectors } = symmetricEigen(
      [
        [1, 2],
        [2, -2],
      ],
      { vectors: true },
    );
    expectClose(values, [-3, 2], 1e-15);
    expectNear(Math.abs(vectors.data[0] / vectors.data[2]), 0.5, 1e-15);
  });

  it("gives nothing for an empty matrix", () => {
    const { values, vectors } = symmetricEigen(tensor(new Float64Array(0), [0, 0]), { vectors: true });
    expect(values).toHaveLength(0);
    expect(vectors.shape).toEqual([0, 0]);
  });

  it("decomposes the symmetric part of what is symmetric up to rounding", () => {
    const near = symmetricEigen([
      [1, 0.3 + 1e-16],
      [0.3, 2],
    ]);
    const even = symmetricEigen([
      [1, 0.3],
      [0.3, 2],
    ]);
    expectClose(near.values, even.values, 1e-15);
  });

  it("gives the same bits twice", () => {
    const a = random(33);
    expect(symmetricEigen(a, { vectors: true })).toEqual(symmetricEigen(a, { vectors: true }));
  });

  it.each([
    [
      "an asymmetric matrix",
      [
        [1, 2],
        [2.1, 3],
      ],
      SymmetryError,
      "not-symmetric",
      /a\[1,0\] and a\[0,1\]/,
    ],
    [
      "NaN above the diagonal",
      [
        [1, Number.NaN],
        [2, 3],
      ],
      NonFiniteError,
      "non-finite",
      /NaN at \[0,1\]/,
    ],
    [
      "infinity",
      [
        [1, 2],
        [2, Number.POSITIVE_INFINITY],
      ],
      NonFiniteError,
      "non-finite",
      /Infinity at \[1,1\]/,
    ],
    [
      "a matrix that is not square",
      [
        [1, 2, 3],
        [2, 1, 3],
      ],
      ShapeError,
      "shape-mismatch",
      /\(2,3\)/,
    ],
  ])("refuses %s", (_, rows, type, code, message) => {
    expect(() => symmetricEigen(rows)).toThrow(type);
    expect(() => symmetricEigen(rows)).toThrow(expect.objectContaining({ code }));
    expect(() => symmetricEigen(rows)).toThrow(message);
  });

  it("does not return infinity where an eigenvalue is beyond the largest number", () => {
    const a = symmetric(3, () => 1.5e308);
    expect(() => symmetricEigen(a)).toThrow(NonFiniteError);
  });
});
