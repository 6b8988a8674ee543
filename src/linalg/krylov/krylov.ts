import { addScaled } from "../../tensor/elementwise.js";
import { matrixView, type Tensor } from "../../tensor/view.js";
import { symmetricEigen } from "../dense/eigh.js";
import { normalize, orthogonalize, removeComponent } from "../vectors.js";
import { combineRows } from "./combine-rows.js";
import {
  addRow,
  isDue,
  LOST,
  nextComponents,
  type Orthogonality,
  orthogonalizeRows,
  setOrthogonal,
} from "./orthogonality.js";
import type { Products } from "./products.js";

/**
 * An orthonormal basis V of a Krylov space, one vector a row, with A Vᵀ = Vᵀ H + β v eₘᵀ: H = V A Vᵀ, β the coupling to
 * the next basis vector v. After a restart the first rows are Ritz vectors.
 */
export interface Krylov {
  readonly size: number;
  /** The most basis vectors. */
  readonly capacity: number;
  /** m. */
  dimension: number;
  /** β. */
  coupling: number;
  /** capacity + 1 rows of n: V in the first m, v in the next; `data` is their memory. */
  readonly rows: readonly Float64Array[];
  readonly data: Float64Array;
  /** H: the leading m×m block of capacity×capacity. */
  readonly projected: Float64Array;
  readonly coefficients: Float64Array;
  /** Rows that a restart kept: only the step after it couples with all of them. */
  kept: number;
  readonly orthogonality: Orthogonality;
}

/** Couplings and residuals below this multiple of ‖A‖ are rounding: the Krylov space is closed. */
export const ROUNDING = 8 * Number.EPSILON;

/** Ritz values and what belongs to them. */
export interface RitzPairs {
  /** (m), ascending. */
  readonly values: Float64Array;
  /** (m,m): column i has the i-th Ritz vector in the basis. */
  readonly vectors: Tensor;
  /** ‖Ax − θx‖ = β·|last component|. */
  readonly residuals: Float64Array;
}

/**
 * Room for `capacity` basis vectors of length `size`.
 * @param negligible components that they may have on one another, and relative to ‖A‖ an error of H's
 */
export function createKrylov(size: number, capacity: number, negligible = 0): Krylov {
  const data = new Float64Array((capacity + 1) * size);
  return {
    size,
    capacity,
    dimension: 0,
    coupling: 0,
    data,
    rows: Array.from({ length: capacity + 1 }, (_, i) => data.subarray(i * size, (i + 1) * size)),
    projected: new Float64Array(capacity * capacity),
    coefficients: new Float64Array(capacity),
    kept: 0,
    orthogonality: { negligible, rows: 0, last: 0, before: 0, noise: Number.EPSILON },
  };
}

/** Begins again from the vector that the caller has put in row 0, made orthogonal to `locked` and of length 1. */
export function startKrylov(krylov: Krylov, locked: readonly Float64Array[]): void {
  krylov.dimension = 0;
  krylov.coupling = 0;
  krylov.kept = 0;
  setOrthogonal(krylov.orthogonality, 1);
  normalize(krylov.rows[0], orthogonalize(krylov.rows[0], locked, [], 0));
}

/**
 * One Lanczos step in the orthogonal complement of `locked`. Where β = 0 there is no next vector. Returns false, and
 * changes nothing, where the product is not finite.
 */
export function expandKrylov(krylov: Krylov, products: Products, locked: readonly Float64Array[]): boolean {
  const { rows, projected, coefficients, capacity, dimension: m, kept, orthogonality } = krylov;
  const w = rows[m + 1];
  if (Number.isNaN(products.multiply(rows[m], w))) return false;
  const before = krylov.coupling;
  coefficients.fill(0, 0, m);
  if (m > kept) {
    coefficients[m - 1] = before;
    addScaled(w, -before, rows[m - 1]);
  }
  coefficients[m] = removeComponent(w, rows[m]);
  krylov.coupling = orthogonalize(w, locked, [], 0);
  const next = nextComponents(orthogonality, products.largest, before, coefficients[m], krylov.coupling);
  if (m > kept && next <= LOST) {
    addRow(orthogonality, next);
  } else {
    // After a restart v couples with all rows; otherwise what it has of them is rounding, which H is not told.
    orthogonalizeRows(krylov, m + 1);
    krylov.coupling = orthogonalize(w, locked, rows, m + 1, m > kept ? undefined : coefficients);
    setOrthogonal(orthogonality, m + 2);
  }
  for (let i = 0; i <= m; i++) {
    projected[i * capacity + m] = coefficients[i];
    projected[m * capacity + i] = coefficients[i];
  }
  if (krylov.coupling > 0) normalize(w, krylov.coupling);
  krylov.dimension++;
  if (isDue(orthogonality, m + 2)) orthogonalizeRows(krylov, m + 2);
  return true;
}

/** The Rayleigh–Ritz approximations from a basis whose last row was just expanded. */
export function ritzPairs({ projected, capacity, dimension: m, coupling }: Krylov): RitzPairs {
  const { values, vectors } = symmetricEigen(matrixView(projected, m, m, 0, capacity), { vectors: true });
  const last = vectors.data.subarray((m - 1) * m, m * m);
  return { values, vectors, residuals: last.map((component) => Math.abs(coupling * component)) };
}

/** Overwrites `out` with the i-th Ritz vector. */
export function ritzVector(krylov: Krylov, { vectors }: RitzPairs, i: number, out: Float64Array): void {
  const { rows, dimension: m } = krylov;
  orthogonalizeRows(krylov, m + 1);
  out.fill(0);
  for (let j = 0; j < m; j++) addScaled(out, vectors.data[j * m + i], rows[j]);
}

/** Thick restart: keeps the Ritz vectors `kept`, and goes on in the direction that was next (Wu & Simon 2000). */
export function restartKrylov(krylov: Krylov, { values, vectors }: RitzPairs, kept: readonly number[]): void {
  const { rows, data, size, capacity, dimension: m, orthogonality } = krylov;
  orthogonalizeRows(krylov, m + 1);
  const count = kept.length;
  const coordinates = new Float64Array(count * m);
  kept.forEach((i, row) => {
    for (let j = 0; j < m; j++) coordinates[row * m + j] = vectors.data[j * m + i];
  });
  combineRows(data, size, 0, matrixView(coordinates, count, m));
  rows[count].set(rows[m]);
  krylov.projected.fill(0);
  kept.forEach((i, row) => {
    krylov.projected[row * capacity + row] = values[i];
  });
  krylov.dimension = count;
  krylov.kept = count;
  setOrthogonal(orthogonality, count + 1);
}
