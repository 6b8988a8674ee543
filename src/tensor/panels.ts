import type { Backend } from "./backend.js";

// Blocks of both factors, packed so that the inner loop reads memory in order: panels of four lines, depth by depth.
// kernels/product.ts knows these extents too.

export const BLOCK_ROWS = 128;
export const BLOCK_COLUMNS = 528;
export const BLOCK_DEPTH = 256;

/** Numbers that a kernel packs at once, with those between them. */
export const UNPACKED = 1 << 17;

/** Fewer numbers are packed here sooner than they are copied to a kernel. */
export const FEW_PACKED = 128;

/** How many of `rows` rows are wanted of the columns from `j` on, where column j reaches row `reach` + j. */
export const tallOf = (rows: number, reach: number, j: number): number => Math.min(rows, reach + j);

/** The first column of which any row is wanted. */
export const firstOf = (reach: number): number => Math.max(0, 4 - reach);

/** A kernel that packs. */
export interface LinePacker {
  /** Copies numbers to where it packs from, behind the first `to` of `UNPACKED`. */
  copy(data: Float64Array, start: number, count: number, to?: number): void;
  /** Writes lines `first` to `end` in panels to `a` or `b`; line i begins `lines[i]` − `lowest` numbers behind the first one copied. */
  pack(
    out: Float64Array,
    lines: Int32Array,
    lowest: number,
    first: number,
    end: number,
    step: number,
    depths: number,
    scale: number,
  ): void;
  /**
   * Writes columns `first` to `end` of a row-wise product in panels to `b`, column i the one numbered `columns[i]`: from `depths`
   * weights, and rows of `firstStep` and `secondStep` numbers that were copied behind the first `firstAt` and `secondAt`.
   * @param width of the second rows
   */
  packProducts(
    out: Float64Array,
    columns: Int32Array,
    first: number,
    end: number,
    depths: number,
    scale: number,
    firstAt: number,
    firstStep: number,
    secondAt: number,
    secondStep: number,
    width: number,
  ): void;
}

/** Room for packed panels and their product, and what multiplies them. */
export interface Panels {
  readonly name: Backend;
  /** Rows of A. */
  readonly a: Float64Array;
  /** Columns of B. */
  readonly b: Float64Array;
  /** What is computed, row by row: four numbers each. */
  readonly sums: Float64Array;
  /** From the first number of `sums` on, products of `rows` rows with `columns` columns, at most four, of the panel of B that begins at `start`. */
  multiply(rows: number, columns: number, start: number, depths: number): void;
  /** What packs lines that lie close. */
  readonly packer?: LinePacker;
  /**
   * Adds the product of a block to C, whose `rows` rows of `columns` numbers lie in one piece, or where it is new to zeros: to as
   * many rows as `tallOf` says.
   */
  addBlock?(
    c: Float64Array,
    from: number,
    rows: number,
    columns: number,
    depths: number,
    reach: number,
    isNew: boolean,
  ): void;
  /**
   * Products with all panels of B at once, where several threads do it, of as many rows as `tallOf` says.
   * @param add is called for every panel: its first column, and where in `sums` its product begins
   * @param packB packs columns of B, where that has not been done; is called for the last ones first, with nothing packed between
   * @returns false where the block is too small, and none was computed
   */
  multiplyBlock?(
    rows: number,
    columns: number,
    depths: number,
    reach: number,
    add: (column: number, from: number) => void,
    packB?: ((first: number, end: number) => void) | undefined,
  ): boolean;
}
