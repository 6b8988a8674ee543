import {
  ArgumentError,
  describe,
  inFunction,
  requireInteger,
  requireNumber,
  requireVector,
  ShapeError,
  vectorAdvice,
} from "../errors.js";
import { isFloat64Array } from "../typed-arrays.js";
import * as elementwise from "./elementwise.js";
import * as reduce from "./reduce.js";
import * as view from "./view.js";
import { asMatrix, type MatrixLike, type Tensor } from "./view.js";

// The kernels trust their caller; these are what users call.

/**
 * The transpose of a matrix (m,n), as a view (n,m). @throws ShapeError for anything but a matrix, ArgumentError
 * @example
 * import { transpose } from "flatward/tensor";
 * const { shape, stride } = transpose([[1, 2, 3], [4, 5, 6]]);
 * console.log(shape, stride); // → [ 3, 2 ] [ 1, 3 ]
 */
export function transpose(a: MatrixLike): Tensor {
  return inFunction("transpose", () => view.transpose(asMatrix("a", a)));
}

/**
 * Rows `from` … `to` − 1 of a matrix (m,n), as a view (to − from, n). @throws ShapeError, ArgumentError unless 0 ≤ from ≤ to ≤ m
 * @example
 * import { rowRange } from "flatward/tensor";
 * const { shape, offset } = rowRange([[1, 2], [3, 4], [5, 6]], 1, 3);
 * console.log(shape, offset); // → [ 2, 2 ] 2
 */
export function rowRange(a: MatrixLike, from: number, to: number): Tensor {
  return inFunction("rowRange", () => {
    const matrix = asMatrix("a", a);
    requireRange(from, to, matrix.shape[0], "rows");
    return view.rowRange(matrix, from, to);
  });
}

/**
 * Columns `from` … `to` − 1 of a matrix (m,n), as a view (m, to − from). @throws ShapeError, ArgumentError unless 0 ≤ from ≤ to ≤ n
 * @example
 * import { columnRange } from "flatward/tensor";
 * const { shape, offset } = columnRange([[1, 2, 3], [4, 5, 6]], 1, 3);
 * console.log(shape, offset); // → [ 2, 2 ] 1
 */
export function columnRange(a: MatrixLike, from: number, to: number): Tensor {
  return inFunction("columnRange", () => {
    const matrix = asMatrix("a", a);
    requireRange(from, to, matrix.shape[1], "columns");
    return view.columnRange(matrix, from, to);
  });
}

/**
 * Σ x_i y_i, in index order. @param y as long as x @throws ShapeError, ArgumentError
 * @example
 * import { dot } from "flatward/tensor";
 * console.log(dot(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6))); // → 32
 */
export function dot(x: Float64Array, y: Float64Array): number {
  return inFunction("dot", () => reduce.dot(vector("x", x), requireVector("y", x.length, y)));
}

/**
 * ‖x‖₂, without overflow or underflow of the squares. @throws ArgumentError unless x is a Float64Array
 * @example
 * import { norm } from "flatward/tensor";
 * console.log(norm(Float64Array.of(3, 4)), norm(Float64Array.of(3e200, 4e200)).toExponential(3)); // → 5 5.000e+200
 */
export function norm(x: Float64Array): number {
  return inFunction("norm", () => reduce.norm(vector("x", x)));
}

/**
 * max |x_i|, 0 for none; NaN if any is NaN. @throws ArgumentError unless x is a Float64Array
 * @example
 * import { maxAbs } from "flatward/tensor";
 * console.log(maxAbs(Float64Array.of(3, -7, 2))); // → 7
 */
export function maxAbs(x: Float64Array): number {
  return inFunction("maxAbs", () => reduce.maxAbs(vector("x", x)));
}

/**
 * out ← out + factor · x. @param x as long as out @throws ShapeError, ArgumentError
 * @example
 * import { addScaled } from "flatward/tensor";
 * const out = Float64Array.of(1, 2);
 * addScaled(out, 10, Float64Array.of(3, 4));
 * console.log(Array.from(out)); // → [ 31, 42 ]
 */
export function addScaled(out: Float64Array, factor: number, x: Float64Array): void {
  inFunction("addScaled", () => {
    requireNumber("factor", factor);
    elementwise.addScaled(vector("out", out), factor, requireVector("x", out.length, x));
  });
}

/**
 * x + factor · y, in memory of its own. @param y as long as x @throws ShapeError, ArgumentError
 * @example
 * import { plusScaled } from "flatward/tensor";
 * console.log(Array.from(plusScaled(Float64Array.of(1, 2), 10, Float64Array.of(3, 4)))); // → [ 31, 42 ]
 */
export function plusScaled(x: Float64Array, factor: number, y: Float64Array): Float64Array {
  return inFunction("plusScaled", () => {
    requireNumber("factor", factor);
    return elementwise.plusScaled(vector("x", x), factor, requireVector("y", x.length, y));
  });
}

function vector(name: string, x: unknown): Float64Array {
  if (isFloat64Array(x)) return x;
  throw new ArgumentError({ expected: `${name} to be a Float64Array`, got: describe(x), ...vectorAdvice(x) });
}

function requireRange(from: number, to: number, extent: number, what: string): void {
  requireInteger("from", from, 0);
  requireInteger("to", to, from);
  if (to > extent) throw new ShapeError({ expected: `to ≤ ${extent}, the number of ${what}`, got: `${to}` });
}
