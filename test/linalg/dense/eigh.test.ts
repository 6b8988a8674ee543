import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import {
  exactHessian,
  NonFiniteError,
  randomStream,
  ShapeError,
  SymmetryError,
  symmetricEigen,
  type Tensor,
  tensor,
  threeLayerNet,
} from "../../../src/index.js";
import { euclidean, expectClose, expectNear, largest } from "../../oracles/compare.js";
import { jacobiEigenvalues } from "../../oracles/jacobi.js";
import { symmetric, withSpectrum } from "../../oracles/plain-matrix.js";

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
  // From here on large enough for divide and conquer; some for panels too.
  ["random, n = 96", random(96)],
  ["random, n = 97", random(97)],
  ["random, n = 161", random(161)],
  ["random, n = 178", random(178)],
  ["scaled by 1e300", random(170, 1e300)],
  ["scaled by 1e-300", random(170, 1e-300)],
  ["Hilbert's", symmetric(120, (i, j) => 1 / (i + j + 1))],
  ["Wilkinson's W+", symmetric(101, (i, j) => (i === j ? Math.abs(i - 50) : i - j === 1 ? 1 : 0))],
  ["of glued Wilkinson matrices", gluedWilkinson(1e-8)],
  ["of barely glued Wilkinson matrices", gluedWilkinson(1e-14)],
  ["large, of rank one", symmetric(170, (i, j) => Math.sin(i + 1) * Math.sin(j + 1))],
  ["large, of rank 12", lowRank(170, 12)],
  ["large, clustered about 1", symmetric(110, (i, j) => (i === j ? 1 : 0) + 1e-9 * stream.normal())],
  [
    "large, in two clusters",
    withSpectrum(
      Array.from({ length: 165 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
      1,
    ),
  ],
  ["large, a multiple of the identity", symmetric(165, (i, j) => (i === j ? 4 : 0))],
  ["large and zero", symmetric(165, () => 0)],
  ["large and diagonal", symmetric(165, (i, j) => (i === j ? stream.normal() : 0))],
  ["large, graded downwards", symmetric(165, (i, j) => stream.normal() / 10 ** ((i + j) / 20))],
  ["large, graded upwards", symmetric(165, (i, j) => stream.normal() / 10 ** ((328 - i - j) / 20))],
  ["large, graded over 300 orders", symmetric(150, (i) => stream.normal() / 10 ** (2 * i))],
  [
    "of three diagonals, but for noise of 1e-160",
    symmetric(90, (i, j) => (i - j > 1 ? 1e-160 * stream.normal() : i === j ? i % 3 : 1)),
  ],
  ["of a network's loss, its Hessian", hessian()],
];

function gluedWilkinson(glue: number): Tensor {
  return symmetric(126, (i, j) =>
    i === j ? Math.abs((i % 21) - 10) : i - j !== 1 ? 0 : i % 21 === 0 ? glue : 1,
  );
}

function lowRank(n: number, rank: number): Tensor {
  const factor = Array.from({ length: n }, () => Array.from({ length: rank }, () => stream.normal()));
  return symmetric(n, (i, j) => factor[i].reduce((sum, x, k) => sum + (k - 5) * x * factor[j][k], 0));
}

function hessian(): Tensor {
  const net = threeLayerNet({ inputs: 8, hidden: 12, outputs: 4 });
  const x = Array.from({ length: 30 }, () => Array.from({ length: 8 }, () => stream.normal()));
  return exactHessian(net, net.init(1), { x, y: x.map((_, i) => i % 4) });
}

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
