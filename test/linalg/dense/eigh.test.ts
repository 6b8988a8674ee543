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
import { euclidean, expectClose, expectNear } from "../../oracles/compare.js";
import { symmetric } from "../../oracles/plain-matrix.js";

const stream = randomStream(6, "eigh");

const random = (n: number, scale = 1) => symmetric(n, () => scale * stream.normal());
const v = Array.from({ length: 30 }, () => stream.normal());
const w = Array.from({ length: 30 }, () => stream.normal());

const matrices: [string, Tensor][] = [
  ["of one entry", symmetric(1, () => -3)],
  ["2×2", random(2)],
  ["3×3", random(3)],
  ["random, n = 10", random(10)],
  ["random, n = 41", random(41)],
  ["random, n = 64", random(64)],
  ["scaled by 1e8", random(20, 1e8)],
  ["scaled by 1e-8", random(20, 1e-8)],
  ["scaled by 1e150", random(20, 1e150)],
  ["scaled by 1e-150", random(20, 1e-150)],
  ["of subnormal entries", symmetric(5, () => 1e-310 * stream.normal())],
  ["with entries near the largest number", random(6, 1e306)],
  ["clustered about 1", symmetric(25, (i, j) => (i === j ? 1 : 0) + 1e-9 * stream.normal())],
  ["in two clusters", symmetric(24, (i, j) => (i === j ? (i % 2 === 0 ? 1 : -1) : 1e-12 * stream.normal()))],
  ["a multiple of the identity", symmetric(7, (i, j) => (i === j ? 4 : 0))],
  ["of rank one", symmetric(30, (i, j) => v[i] * v[j])],
  ["of rank two, indefinite", symmetric(30, (i, j) => v[i] * v[j] - w[i] * w[j])],
  ["diagonal", symmetric(12, (i, j) => (i === j ? stream.normal() : 0))],
  ["diagonal but for one pair", symmetric(9, (i, j) => (i === j ? i : i === 7 && j === 2 ? 3 : 0))],
  ["graded over 16 orders of magnitude", symmetric(17, (i, j) => stream.normal() / 10 ** ((i + j) / 2))],
  ["zero", symmetric(8, () => 0)],
  ["an arrow", symmetric(15, (i, j) => (j === 0 ? 1 : i === j ? i : 0))],
  ["of ones", symmetric(13, () => 1)],
];

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
    expect(a.data).toEqual(before);
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
