import fc from "fast-check";
import { inFunction, requireInteger } from "../errors.js";
import { optionsOf } from "../options.js";
import { type Tensor, tensor } from "../tensor/view.js";
import { requireSomeOf } from "./checks.js";
import { exactly, exactRows, hundredths } from "./numbers.js";
import { printable } from "./printable.js";

/** What `symmetricMatrix` draws. */
export const symmetricMatrixKinds = [
  "diagonal",
  "dense",
  "clustered",
  "low-rank",
  "saddle",
  "zero",
  "repeated",
  "graded",
] as const;

/** The kinds of matrices that `symmetricMatrix` generates. */
export type SymmetricMatrixKind = (typeof symmetricMatrixKinds)[number];

/** How large a generated matrix may be, and of which kinds. */
export interface SymmetricMatrixOptions {
  /** Smallest n, ≥ 1. Default 1. */
  readonly minSize?: number | undefined;
  /** Largest n. Default 8. */
  readonly maxSize?: number | undefined;
  /** Default all. */
  readonly kinds?: readonly SymmetricMatrixKind[] | undefined;
}

type Rows = readonly (readonly number[])[];

/**
 * Real symmetric matrices (n,n), symmetric to the bit: dense, clustered (nearly a multiple of I), of rank one or two, of
 * one eigenvalue repeated n − 1 or n − 2 times, diagonal, zero, of saddle form with eigenvalues in pairs ±λ, and graded
 * over up to 12 orders of magnitude; all scaled by 1e-8 … 1e8. They shrink to small unscaled matrices of short decimal
 * numbers.
 * @example
 * import fc from "fast-check";
 * import { symmetricEigen } from "flatward";
 * import { symmetricMatrix } from "flatward/testing";
 * fc.assert(fc.property(symmetricMatrix(), (a) => symmetricEigen(a).values.length === a.shape[0]));
 * console.log("holds"); // → holds
 */
export function symmetricMatrix(options: SymmetricMatrixOptions = {}): fc.Arbitrary<Tensor> {
  return inFunction("symmetricMatrix", () => matrixOf(optionsOf(options, ["minSize", "maxSize", "kinds"])));
}

function matrixOf(options: SymmetricMatrixOptions): fc.Arbitrary<Tensor> {
  const { minSize = 1, maxSize = 8, kinds = symmetricMatrixKinds } = options;
  requireInteger("minSize", minSize, 1);
  requireInteger("maxSize", maxSize, 1);
  requireSomeOf("kinds", kinds, symmetricMatrixKinds);
  return fc
    .integer({ min: minSize, max: Math.max(minSize, maxSize) })
    .chain((n) =>
      fc.tuple(
        fc.oneof(...kinds.map((kind) => rowsOf[kind](n))),
        fc.constantFrom(1, 1e-8, 1e-4, 1e-2, 1e2, 1e4, 1e8),
      ),
    )
    .map(([rows, scale]) => asTensor(rows, scale));
}

const rowsOf: Readonly<Record<SymmetricMatrixKind, (n: number) => fc.Arbitrary<Rows>>> = {
  diagonal,
  dense,
  clustered,
  "low-rank": lowRank,
  saddle,
  zero: (n) => fc.constant(fill(n, () => 0)),
  repeated,
  graded,
};

/** The matrix of entry(i, j) for i ≥ j, mirrored. */
function fill(n: number, entry: (i: number, j: number) => number): Rows {
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => entry(Math.max(i, j), Math.min(i, j))),
  );
}

function dense(n: number): fc.Arbitrary<Rows> {
  return exactRows(n, n, hundredths(10)).map((rows) => fill(n, (i, j) => rows[i][j]));
}

function diagonal(n: number): fc.Arbitrary<Rows> {
  return exactly(n, hundredths(10)).map((values) => fill(n, (i, j) => (i === j ? values[i] : 0)));
}

/** cI + δA: all eigenvalues within a few nδ of c. */
function clustered(n: number): fc.Arbitrary<Rows> {
  return fc
    .tuple(hundredths(10), fc.constantFrom(1e-3, 1e-6, 1e-12), dense(n))
    .map(([centre, spread, rows]) => fill(n, (i, j) => (i === j ? centre : 0) + spread * rows[i][j]));
}

/** ±v vᵀ ± w wᵀ, w possibly 0. */
function lowRank(n: number): fc.Arbitrary<Rows> {
  const vector = exactly(n, hundredths(3));
  const sign = fc.constantFrom(1, -1);
  return fc
    .tuple(vector, sign, fc.option(vector, { nil: undefined, freq: 1 }), sign)
    .map(([v, first, w, second]) =>
      fill(n, (i, j) => first * v[i] * v[j] + (w === undefined ? 0 : second * w[i] * w[j])),
    );
}

/** cI ± v vᵀ ± w wᵀ: the eigenvalue c is repeated n − 1 or n − 2 times. */
function repeated(n: number): fc.Arbitrary<Rows> {
  return fc
    .tuple(hundredths(10), lowRank(n))
    .map(([centre, rows]) => fill(n, (i, j) => (i === j ? centre : 0) + rows[i][j]));
}

/** DAD with D diagonal, from 1 down by steps of 10, at the smallest 1e-6. */
function graded(n: number): fc.Arbitrary<Rows> {
  const grades = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];
  const grade = (i: number): number => grades[Math.min(i, grades.length - 1)];
  return dense(n).map((rows) => fill(n, (i, j) => grade(i) * grade(j) * rows[i][j]));
}

/** [[0, B], [Bᵀ, 0]]: eigenvalues ± the singular values of B, and zeros. */
function saddle(n: number): fc.Arbitrary<Rows> {
  const half = Math.floor(n / 2);
  return dense(n).map((rows) => fill(n, (i, j) => (i >= half && j < half ? rows[i][j] : 0)));
}

function asTensor(rows: Rows, scale: number): Tensor {
  const data = Float64Array.from(rows.flat(), (entry) => scale * entry);
  const text = rows.map((row) => `[${row.join(", ")}]`).join(", ");
  return printable({ ...tensor(data, [rows.length, rows.length]) }, `${scale} * [${text}]`);
}
