import { rowMajor, type Tensor } from "../tensor/view.js";
import { untraced, type Value } from "./value.js";

/** A function of one vector with one vector for a result. */
export type VectorFunction = (x: Value) => Value;

/** Rounding errors that f's values may have, in units of the last place. */
const NOISE = 8;

/** A finite difference, and how much of it may be rounding: that of f's values, divided by the step. */
export interface Quotient {
  readonly values: Float64Array;
  readonly noise: Float64Array;
}

/** Of f at x along v. */
export function centralDifference(f: VectorFunction, x: Tensor, v: Tensor, step: number): Quotient {
  const at = (t: number): Float64Array => {
    const moved = x.data.map((entry, j) => entry + t * v.data[j]);
    return untraced(f(rowMajor(moved, x.shape))).data;
  };
  const right = at(step);
  const left = at(-step);
  return {
    values: right.map((value, i) => (value - left[i]) / (2 * step)),
    noise: right.map((value, i) => (NOISE * Number.EPSILON * (Math.abs(value) + Math.abs(left[i]))) / step),
  };
}

/** Of a function with one result at x, along every coordinate in turn, by steps in units of `scales`. */
export function coordinateDifferences(
  f: VectorFunction,
  x: Tensor,
  scales: Float64Array,
  step: number,
): Quotient {
  const quotients = Array.from(x.data, (_, j) => {
    const axis = rowMajor(new Float64Array(x.data.length), x.shape);
    axis.data[j] = scales[j];
    return centralDifference(f, x, axis, step);
  });
  return {
    values: Float64Array.from(quotients, ({ values }) => values[0]),
    noise: Float64Array.from(quotients, ({ noise }) => noise[0]),
  };
}
