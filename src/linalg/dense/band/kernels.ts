/**
 * What the way over a band spends its time on, in one memory. Arguments count numbers: places in that memory, steps and extents.
 * `size` is a multiple of 4.
 */
export interface BandKernels {
  /** A size×size tile at `out` plus A·B, A of `size` rows and B of `depth`. Rows of `out` and B are contiguous. */
  addTileProduct(
    out: number,
    outStep: number,
    a: number,
    aDown: number,
    aAcross: number,
    b: number,
    bStep: number,
    size: number,
    depth: number,
  ): void;

  /**
   * Of every row x of a panel of `size` columns: x ← x − x_j·w, and then z ← z + x_j+1·x, from column j + 1 on. Entries of w up
   * to j are 0; with j = −1 all are.
   */
  sweepPanel(panel: number, rows: number, size: number, j: number, w: number, z: number): void;

  /**
   * The reflector I − u uᵀ/h that sends a column, of entries n numbers apart, to a multiple of the first unit vector, which is done.
   * @param slot receives u, and behind it 1/h; zeros where there is nothing to reflect
   */
  reflectColumn(column: number, n: number, size: number, slot: number): void;

  /** The reflector of a slot from both sides on a symmetric block, whose lower triangle is there. May change what is just above. */
  reflectBlock(block: number, n: number, size: number, slot: number): void;

  /**
   * The reflector of a slot from the right on the block below, and from the left the one that clears its first column, which takes
   * the other's place in the slot.
   */
  pushBulge(block: number, n: number, size: number, slot: number): void;
}
