import { ArgumentError, describe, inFunction, requireFlag } from "../errors.js";
import { optionsOf } from "../options.js";
import { maxTo } from "../tensor/broadcast.js";
import { sizeOf } from "../tensor/view.js";
import { div, equal, mul } from "./arithmetic.js";
import { abs, sqrt, square } from "./elementary.js";
import { broadcastTo, concatenate, reshape, slice, sumTo, transpose } from "./shape.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, untraced, type Value } from "./value.js";

/** Which axes a reduction runs over, and whether they stay, with extent 1. */
export interface ReduceOptions {
  /** Default: all axes. Negative ones count from the last. */
  readonly axes?: number | readonly number[] | undefined;
  /** Default false. */
  readonly keepAxes?: boolean | undefined;
}

export const reduceOperations: { readonly maxTo: Operation<readonly number[]> } = {
  /** Largest element along stretched axes. Where several tie, each has an equal share of the derivative. */
  maxTo: {
    name: "max",
    run: ([x], shape) => maxTo(x, shape),
    jvp: ([dx], [x], y, shape) => sumTo(mul(dx as Value, shareOfLargest(x, y, shape)), shape),
    vjp: (_index, g, [x], y, shape) => mul(broadcastTo(g, x.shape), shareOfLargest(x, y, shape)),
  },
};

/** 1/(number of ties) at the largest elements, 0 elsewhere: constant between ties. */
function shareOfLargest(x: Value, y: Value, shape: readonly number[]): Value {
  const largest = equal(x, broadcastTo(untraced(y), x.shape));
  return div(largest, broadcastTo(sumTo(largest, shape), x.shape));
}

/** The shape after a reduction, with reduced axes of extent 1, and without them. */
export function reducedShapes(
  name: string,
  shape: readonly number[],
  axes: ReduceOptions["axes"],
): { kept: number[]; dropped: number[] } {
  const chosen = axes === undefined ? shape.map((_, axis) => axis) : typeof axes === "number" ? [axes] : axes;
  if (!Array.isArray(chosen)) {
    const alone = name.endsWith("oftmax");
    throw new ArgumentError({
      expected: alone ? "an axis" : "an axis, or an array of axes",
      got: describe(axes),
      next: alone ? `write ${name}(x, 1)` : `write ${name}(x, { axes: [0, 1] })`,
    });
  }
  const wanted = new Set(chosen.map((axis) => (axis < 0 ? axis + shape.length : axis)));
  for (const axis of wanted) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length) {
      throw new ArgumentError({
        expected: `axes of a tensor of rank ${shape.length}`,
        got: `[${chosen}]`,
      });
    }
  }
  return {
    kept: shape.map((extent, axis) => (wanted.has(axis) ? 1 : extent)),
    dropped: shape.filter((_, axis) => !wanted.has(axis)),
  };
}

/** A result whose reduced axes have extent 1, with them or without. */
export function finish(value: Value, dropped: readonly number[], keepAxes = false): Value {
  return keepAxes ? value : reshape(value, dropped);
}

/** The options of a reduction, checked. @throws ArgumentError */
export function reduceOptionsOf(name: string, options: ReduceOptions | undefined): ReduceOptions {
  const known = optionsOf(options, ["axes", "keepAxes"], `write ${name}(x, { axes: 0 })`);
  if (known.keepAxes !== undefined) requireFlag("keepAxes", known.keepAxes);
  return known;
}

/** Sum over axes. @throws ArgumentError */
export function sum(x: Operand, options: ReduceOptions = {}): Value {
  return inFunction("sum", () => {
    const { axes, keepAxes } = reduceOptionsOf("sum", options);
    const value = toValue(x);
    const { kept, dropped } = reducedShapes("sum", value.shape, axes);
    return finish(sumTo(value, kept), dropped, keepAxes);
  });
}

/**
 * Mean over axes. @throws ArgumentError
 * @example
 * import { mean } from "flatward/autodiff";
 * console.log(Array.from(mean([[1, 2], [3, 6]], { axes: [0] }).data)); // → [ 2, 4 ]
 */
export function mean(x: Operand, options: ReduceOptions = {}): Value {
  return inFunction("mean", () => {
    const known = reduceOptionsOf("mean", options);
    const value = toValue(x);
    const total = sum(value, known);
    return div(total, sizeOf(value.shape) / sizeOf(total.shape));
  });
}

/**
 * Largest element over axes; ties share the derivative equally, and second derivatives are 0. @throws ArgumentError
 * @example
 * import { max } from "flatward/autodiff";
 * console.log(Array.from(max([[1, 5], [7, 3]], { axes: [1] }).data)); // → [ 5, 7 ]
 */
export function max(x: Operand, options: ReduceOptions = {}): Value {
  return inFunction("max", () => {
    const { axes, keepAxes } = reduceOptionsOf("max", options);
    const value = toValue(x);
    const { kept, dropped } = reducedShapes("max", value.shape, axes);
    return finish(apply(reduceOperations.maxTo, [value], kept), dropped, keepAxes);
  });
}

/** Product over axes. @throws ArgumentError */
export function prod(x: Operand, options: ReduceOptions = {}): Value {
  return inFunction("prod", () => {
    const { axes, keepAxes } = reduceOptionsOf("prod", options);
    const value = toValue(x);
    const { kept, dropped } = reducedShapes("prod", value.shape, axes);
    const order = value.shape.map((_, axis) => axis);
    const over = order.filter((axis) => kept[axis] !== value.shape[axis]);
    const rest = order.filter((axis) => !over.includes(axis));
    const count = sizeOf(over.map((axis) => value.shape[axis]));
    if (count === 0) return finish(broadcastTo(1, kept), dropped, keepAxes);
    let factors = reshape(transpose(value, [...over, ...rest]), [count, sizeOf(kept)]);
    // Halves, multiplied with each other: no division, which would fail at 0.
    for (let left = count; left > 1; left = Math.ceil(left / 2)) {
      const half = Math.floor(left / 2);
      const pairs = mul(slice(factors, [0], [half]), slice(factors, [half], [2 * half]));
      factors = left % 2 === 0 ? pairs : concatenate([pairs, slice(factors, [2 * half], [left])]);
    }
    return finish(reshape(factors, kept), dropped, keepAxes);
  });
}

/**
 * Σ x y over all elements. @throws ShapeError
 * @example
 * import { item, dot } from "flatward/autodiff";
 * console.log(item(dot([1, 2, 3], [4, 5, 6]))); // → 32
 */
export function dot(x: Operand, y: Operand): Value {
  return sum(mul(x, y));
}

/**
 * √Σx² over all elements, without overflow of the squares. At 0 the derivative is taken to be 0, the least subgradient;
 * higher ones do not exist there, and are NaN. For the square of a norm write sum(square(x)).
 * @example
 * import { item, norm } from "flatward/autodiff";
 * console.log(item(norm([3, 4]))); // → 5
 */
export function norm(x: Operand): Value {
  return inFunction("norm", () => {
    const value = toValue(x);
    // ‖x‖ = c‖x/c‖ for every c > 0: the largest element will do, and needs no derivative.
    const largest = untraced(value).data.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    const scale = largest > 0 && Number.isFinite(largest) ? largest : 1;
    if (largest === 0) return sum(abs(value));
    return mul(scale, sqrt(sum(square(div(value, scale)))));
  });
}
