/**
 * What a tridiagonalisation in panels spends its time on. A panel is an even number of rows, `step` numbers apart, in pairs
 * u, q.
 */
export interface TridiagonalKernels {
  /** As many as were asked for, in memory that the functions below work on; not cleared. */
  readonly arrays: readonly Float64Array[];

  /** p ← A·v for the leading size×size block of a symmetric matrix, as `packTriangle` packs it. */
  symmetricProduct(triangle: Float64Array, size: number, v: Float64Array, p: Float64Array): void;

  /** The inner products of `count` rows of a panel with v, of `length` entries. */
  multiplyRows(
    panel: Float64Array,
    step: number,
    count: number,
    v: Float64Array,
    length: number,
    out: Float64Array,
  ): void;

  /** Subtracts Σ coefficients[r]·row r, of `count` rows of a panel, from the first `length` entries of a vector. */
  subtractCombination(
    target: Float64Array,
    length: number,
    panel: Float64Array,
    step: number,
    count: number,
    coefficients: Float64Array,
  ): void;

  /**
   * Subtracts Σ (u qᵀ + q uᵀ) from the leading size×size block of a packed matrix. May change what is above its diagonal.
   * @param packed room for 3/2·count·size numbers
   */
  updateTriangle(
    triangle: Float64Array,
    size: number,
    panel: Float64Array,
    step: number,
    count: number,
    packed: Float64Array,
  ): void;
}
