import fc from "fast-check";
import { type Tensor, tensor } from "../tensor/view.js";
import { exactly, exactRows, hundredths } from "./numbers.js";
import { printable } from "./printable.js";

export interface SymmetricMatrixOptions {
  /** Smallest n, ≥ 1. Default 1. */
  readonly minSize?: number;
  /** Largest n. Default 8. */
  readonly maxSize?: number;
}

type Rows = readonly (readonly number[])[];

/**
 * Real symmetric matrices (n,n), symmetric to the bit: dense, clustered (nearly a multiple of I), of rank one or two,
 * diagonal, zero, and of saddle form with eigenvalues in pairs ±λ; all scaled by 1e-8 … 1e8. They shrink to small
 * unscaled matrices of short decimal numbers.
 */
export function symmetricMatrix(options: SymmetricMatrixOptions = {}): fc.Arbitrary<Tensor> {
  const { minSize = 1, maxSize = 8 } = options;
  return fc
    .integer({ min: minSize, max: Math.max(minSize, maxSize) })
    .chain((n) =>
      fc.tuple(
        fc.oneof(diagonal(n), dense(n), clustered(n), lowRank(n), saddle(n), fc.constant(fill(n, () => 0))),
        fc.constantFrom(1, 1e-8, 1e-4, 1e-2, 1e2, 1e4, 1e8),
      ),
    )
    .map(([rows, scale]) => asTensor(rows, scale));
}

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
