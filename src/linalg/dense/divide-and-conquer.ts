import type { Merging } from "./combine-eigenvectors.js";
import { createMerging, mergeHalves } from "./rank-one-merge.js";
import { tridiagonalQL } from "./tridiagonal-ql.js";

/** Blocks of this size or less are solved by QL. */
const LEAF = 32;

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer (Cuppen 1981): an off-diagonal entry in
 * the middle is torn out as a matrix of rank one, both halves are solved, and mended.
 *
 * @param d diagonal in, eigenvalues out @param e subdiagonal in 1 … n − 1; destroyed
 * @param rows n×n zeros; receives the eigenvectors as rows, that of d[i] in row i
 * @param scratch n·(n + 1) places
 * @returns the order in which d ascends
 * @throws ConvergenceError
 */
export function divideAndConquer(
  d: Float64Array,
  e: Float64Array,
  rows: Float64Array,
  scratch: Float64Array,
): Int32Array {
  const merging = createMerging(d, rows, scratch);
  solve(merging, e, 0, d.length);
  return merging.order;
}

function solve(merging: Merging, e: Float64Array, from: number, to: number): void {
  if (to - from <= LEAF) {
    solveLeaf(merging, e, from, to);
    return;
  }
  const { d } = merging;
  const middle = (from + to) >> 1;
  const coupling = e[middle];
  d[middle - 1] -= Math.abs(coupling);
  d[middle] -= Math.abs(coupling);
  solve(merging, e, from, middle);
  solve(merging, e, middle, to);
  mergeHalves(merging, from, middle, to, coupling);
}

function solveLeaf({ d, rows, scratch, order }: Merging, e: Float64Array, from: number, to: number): void {
  const n = d.length;
  const size = to - from;
  const vectors = scratch.subarray(0, size * size);
  vectors.fill(0);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  tridiagonalQL(d.subarray(from, to), e.subarray(from, to), vectors);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) rows[(from + i) * n + from + k] = vectors[k * size + i];
    order[from + i] = from + i;
  }
  order.subarray(from, to).sort((i, j) => d[i] - d[j]);
}
