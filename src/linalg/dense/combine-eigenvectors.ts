import { addProduct } from "../../tensor/product.js";
import { secularRoot } from "./secular-equation.js";

/** What the merges of one decomposition share. */
export interface Merging {
  /** Eigenvalues of what is solved so far. */
  readonly d: Float64Array;
  /** n×n: the eigenvector of d[i] in row i, in the columns of the block that is solved. */
  readonly rows: Float64Array;
  /** n·(n + 1) places. */
  readonly scratch: Float64Array;
  /** The rows of each solved block by ascending d. */
  readonly order: Int32Array;
  readonly z: Float64Array;
  /** In which half a row has entries: UPPER, BOTH or LOWER. */
  readonly support: Uint8Array;
  /** The rows that take part, by ascending d, and where each begins. */
  readonly active: Int32Array;
  readonly starts: Int32Array;
  /** The d and z of these. */
  readonly poles: Float64Array;
  readonly weights: Float64Array;
  readonly roots: Float64Array;
  /** Where each stands when they are ordered by support. */
  readonly places: Int32Array;
  /** One row of secular eigenvectors. */
  readonly vector: Float64Array;
}

/** The columns of the upper half alone, of both, of the lower half alone. */
export const UPPER = 0;
export const BOTH = 1;
export const LOWER = 2;

/** Columns of the block, and the active rows that have entries there, which have places in a row. */
interface Half {
  readonly column: number;
  readonly size: number;
  readonly firstPlace: number;
  readonly count: number;
  /** Where these rows are kept in `scratch`. */
  readonly at: number;
}

/**
 * Replaces the active rows by their combinations with the eigenvectors of diag(poles) + ρ·weights·weightsᵀ, and their d by its
 * eigenvalues (Gu & Eisenstat 1995).
 */
export function combineEigenvectors(
  merging: Merging,
  from: number,
  middle: number,
  to: number,
  count: number,
  rho: number,
): void {
  const { d, rows, active, starts, poles, weights, roots } = merging;
  const n = d.length;
  for (let i = 0; i < count; i++) starts[i] = active[i] * n;
  // The halves are multiplied apart, so that next to nothing is multiplied with zeros.
  const [upper, lower, free] = packHalves(merging, from, middle, to, count);
  for (let j = 0; j < count; j++)
    roots[j] = secularRoot(j, count, poles, weights, rho, rows, starts[j] + from);
  secularVectors(merging, from, count);
  for (let j = 0; j < count; j++) d[active[j]] = roots[j];
  // The secular eigenvectors stand in the first columns: written last, the upper half does not hide them from the lower one.
  multiplyHalf(merging, from, count, lower, free);
  multiplyHalf(merging, from, count, upper, free);
}

/** Copies what the active rows have in either half to `scratch`. */
function packHalves(
  { rows, scratch, support, active, starts, places }: Merging,
  from: number,
  middle: number,
  to: number,
  count: number,
): readonly [Half, Half, number] {
  const next = [0, 0, 0];
  for (let i = 0; i < count; i++) next[support[active[i]] + 1]++;
  next[2] += next[1];
  const [, both, lowerOnly] = next;
  for (let i = 0; i < count; i++) places[i] = next[support[active[i]]]++;

  const size = middle - from;
  const upper = { column: from, size, firstPlace: 0, count: lowerOnly, at: 0 };
  const lower = {
    column: middle,
    size: to - middle,
    firstPlace: both,
    count: count - both,
    at: lowerOnly * size,
  };
  for (const half of [upper, lower]) {
    for (let i = 0; i < count; i++) {
      const place = places[i] - half.firstPlace;
      if (place < 0 || place >= half.count) continue;
      const start = starts[i] + half.column;
      const target = half.at + place * half.size;
      for (let k = 0; k < half.size; k++) scratch[target + k] = rows[start + k];
    }
  }
  return [upper, lower, lower.at + lower.count * lower.size];
}

/**
 * From d_i − λ_j in row j the unit eigenvectors, ordered by place. They belong to the z for which the λ found are exact (Löwner
 * 1934), so that they are orthogonal however near the λ are.
 */
function secularVectors(
  { rows, starts, poles, weights, places, vector }: Merging,
  from: number,
  count: number,
): void {
  vector.fill(1, 0, count);
  for (let j = 0; j < count; j++) {
    const at = starts[j] + from;
    const pole = poles[j];
    for (let i = 0; i < j; i++) vector[i] *= rows[at + i] / (poles[i] - pole);
    vector[j] *= rows[at + j];
    for (let i = j + 1; i < count; i++) vector[i] *= rows[at + i] / (poles[i] - pole);
  }
  for (let i = 0; i < count; i++) {
    const size = Math.sqrt(Math.abs(vector[i]));
    weights[i] = weights[i] < 0 ? -size : size;
  }
  for (let j = 0; j < count; j++) {
    const at = starts[j] + from;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const t = weights[i] / rows[at + i];
      vector[places[i]] = t;
      squares += t * t;
    }
    const length = Math.sqrt(squares);
    for (let i = 0; i < count; i++) rows[at + i] = vector[i] / length;
  }
}

/** What the active rows become in the columns of one half. */
function multiplyHalf(
  { rows, scratch, starts }: Merging,
  from: number,
  count: number,
  { column, size, firstPlace, count: depth, at }: Half,
  free: number,
): void {
  for (let j = 0; j < count; j++) {
    const vector = starts[j] + from + firstPlace;
    const target = free + j * depth;
    for (let i = 0; i < depth; i++) scratch[target + i] = rows[vector + i];
  }
  addProduct(
    { data: rows, offset: column, down: starts, across: 1 },
    { data: scratch, offset: free, down: depth, across: 1 },
    { data: scratch, offset: at, down: size, across: 1 },
    [count, depth, size],
    1,
    0,
  );
}
