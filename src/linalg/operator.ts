/** A symmetric linear map: all that an iterative eigen-solver may know of a matrix. */
export interface LinearOperator {
  /** The dimension n. */
  readonly size: number;
  /** out ← A·v; both of length `size`, not overlapping. */
  apply(v: Float64Array, out: Float64Array): void;
}
