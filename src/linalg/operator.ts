/** A symmetric linear map: all that an iterative eigen-solver may know of a matrix. */
export interface LinearOperator {
  /** The dimension n. */
  readonly size: number;
  /** out ← A·v; both of length `size`, not overlapping. Overwrites all of `out`, and leaves `v` as it is. */
  apply(v: Float64Array, out: Float64Array): void;
}
