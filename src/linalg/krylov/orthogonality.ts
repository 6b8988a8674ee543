import { gemm } from "../../tensor/matmul.js";
import { matrixView, transpose } from "../../tensor/view.js";
import { combineRows } from "./combine-rows.js";

/**
 * How far the rows of a Krylov basis are from being orthogonal. Lanczos' recurrence makes each row orthogonal to all before
 * it but for rounding, which every step multiplies by up to about ‖A‖/β. While an estimate of that is small, older rows
 * need not be read; then all rows since are made orthogonal at once, by products of matrices. The projected matrix needs no
 * correction: what the rows lose obeys the recurrence as they do, and cancels from it. Simon 1984.
 */
export interface Orthogonality {
  /** Components up to this stay. */
  readonly negligible: number;
  /** So many rows, from the first on, are orthogonal. */
  rows: number;
  /** The largest components of the last row on rows before, and of the row before it: about, and mostly less. */
  last: number;
  before: number;
  /** The error of a product relative to ‖A‖: the rounding unit, or more where larger components were found than expected. */
  noise: number;
}

/** Components from which on rows are made orthogonal: the square is below rounding. */
const LARGE = 1e-11;

/** Components from which on that may take more than once. */
export const LOST = 1e-8;

export function setOrthogonal(state: Orthogonality, rows: number, components = Number.EPSILON): void {
  state.rows = rows;
  state.last = components;
  state.before = components;
}

/** The components of v₊ along the basis, where A v = β₋ v₋ + α v + β₊ v₊. */
export function nextComponents(
  { last, before, noise }: Orthogonality,
  norm: number,
  couplingBefore: number,
  own: number,
  coupling: number,
): number {
  return ((norm + Math.abs(own)) * last + couplingBefore * before + noise * norm) / coupling;
}

/** One more row, with such components. */
export function addRow(state: Orthogonality, components: number): void {
  state.before = state.last;
  state.last = components;
}

/**
 * Whether rows are to be made orthogonal now, when there are so many. Of few that costs little, and tells early how
 * accurate the products are.
 */
export function isDue({ rows, last }: Orthogonality, count: number): boolean {
  return last > LARGE || count >= 2 * rows;
}

interface Rows {
  readonly size: number;
  /** Rows of `size`, one after the other. */
  readonly data: Float64Array;
  readonly orthogonality: Orthogonality;
}

/** Makes the first `count` rows orthogonal, where they are not. */
export function orthogonalizeRows({ size, data, orthogonality }: Rows, count: number): void {
  const { rows, last, before, negligible } = orthogonality;
  const added = count - rows;
  if (added <= 0) return;
  const coefficients = matrixView(new Float64Array(added * count), added, count);
  const newer = matrixView(data, added, size, rows * size);
  gemm(coefficients, newer, transpose(matrixView(data, count, size)), -1);
  let largest = 0;
  for (let i = 0; i < added; i++) {
    const row = coefficients.data.subarray(i * count, (i + 1) * count);
    row.fill(0, rows + i);
    for (const component of row) largest = Math.max(largest, Math.abs(component));
    row[rows + i] = 1;
  }
  const expected = Math.max(last, before);
  if (largest > expected) orthogonality.noise *= largest / expected;
  if (largest <= negligible) {
    setOrthogonal(orthogonality, count, largest);
  } else {
    combineRows(data, size, rows, coefficients);
    setOrthogonal(orthogonality, count);
  }
}
