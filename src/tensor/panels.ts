import type { Backend } from "./backend.js";

// Blocks of both factors, packed so that the inner loop reads memory in order: panels of four lines, depth by depth.
// kernels/product.ts knows these extents too.

export const BLOCK_ROWS = 128;
export const BLOCK_COLUMNS = 512;
export const BLOCK_DEPTH = 256;

/** Room for packed panels and their product, and what multiplies them. */
export interface Panels {
  readonly name: Backend;
  /** Rows of A. */
  readonly a: Float64Array;
  /** Columns of B. */
  readonly b: Float64Array;
  /** What `multiply` writes, row by row: four numbers each. */
  readonly sums: Float64Array;
  /** Products of `rows` rows with `columns` columns, at most four, of the panel of B that begins at `start`. */
  multiply(rows: number, columns: number, start: number, depths: number): void;
}
