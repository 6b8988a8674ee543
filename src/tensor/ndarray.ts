import ndarray from "ndarray";
import { inFunction } from "../errors.js";
import { asTensor, type Tensor, type TensorLike } from "./view.js";

/**
 * What the `ndarray` package returns, described here so that its types need not be installed; assignable to its
 * own `NdArray<Float64Array>`.
 */
export interface Float64NdArray extends Tensor {
  data: Float64Array;
  shape: number[];
  stride: number[];
  offset: number;
  dtype: "float64";
  size: number;
  order: number[];
  dimension: number;
  T: Float64NdArray;
  /** The entry at an index. */
  get(...index: number[]): number;
  /** Writes the entry at an index. */
  set(...indexAndValue: number[]): number;
  /** Where in `data` the entry at an index lies. */
  index(...index: number[]): number;
  /** The view from a corner on. */
  lo(...corner: number[]): Float64NdArray;
  /** The view of that many entries along each axis. */
  hi(...corner: number[]): Float64NdArray;
  /** The view of every so many-th entry along each axis. */
  step(...step: number[]): Float64NdArray;
  /** The view with its axes in that order. */
  transpose(...axes: number[]): Float64NdArray;
  /** The view at the given indices, along the axes where one is null. */
  pick(...index: (number | null)[]): Float64NdArray;
}

/**
 * The same memory as an `ndarray`. The `ndarray` package compiles accessors on first use, so this throws where a
 * content security policy forbids code generation; nothing else in the engine does.
 * @throws ArgumentError, ShapeError for what is no valid view
 * @example
 * import { tensor, toNdarray } from "flatward";
 * const matrix = tensor(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
 * const transposed = toNdarray(matrix).transpose(1, 0);
 * console.log(transposed.shape, transposed.get(2, 0)); // → [ 3, 2 ] 3
 * transposed.set(2, 0, 30);
 * console.log(matrix.data[2]); // → 30
 */
export function toNdarray(t: TensorLike): Float64NdArray {
  return inFunction("toNdarray", () => {
    const { data, shape, stride, offset } = asTensor("t", t);
    return ndarray(data, [...shape], [...stride], offset) as unknown as Float64NdArray;
  });
}

/**
 * The same memory as a `Tensor`. Rarely needed: every function takes an `NdArray<Float64Array>` as it is.
 * @throws ArgumentError, ShapeError for what is no float64 ndarray
 * @example
 * import { fromNdarray } from "flatward";
 * import ndarray from "ndarray";
 * const column = ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]).pick(null, 1);
 * const { shape, stride, offset } = fromNdarray(column);
 * console.log(shape, stride, offset); // → [ 2 ] [ 3 ] 1
 */
export function fromNdarray(a: TensorLike): Tensor {
  return inFunction("fromNdarray", () => asTensor("a", a));
}
