import {
  ArgumentError,
  describe,
  inFunction,
  requireArray,
  requireInteger,
  requireObject,
  ShapeError,
} from "../errors.js";
import { checkExtents, formatShape, rowMajor, sameShape, sizeOf, type Tensor } from "../tensor/view.js";
import { linearOperations } from "./linear.js";
import { apply } from "./trace.js";
import { type Operand, toValue, untraced, type Value } from "./value.js";

/** Whether a tensor of shape `from` stretches to `to`. */
function stretches(from: readonly number[], to: readonly number[]): boolean {
  const lead = to.length - from.length;
  return lead >= 0 && from.every((extent, axis) => extent === 1 || extent === to[lead + axis]);
}

/** `x` stretched to `shape`, as by NumPy's rules. @throws ShapeError when it does not stretch to it */
export function broadcastTo(x: Operand, shape: readonly number[]): Value {
  return inFunction("broadcastTo", () => {
    const value = toValue(x);
    checkExtents("shape", shape);
    if (sameShape(value.shape, shape)) return value;
    if (!stretches(value.shape, shape)) {
      throw new ShapeError({
        expected: `a shape that stretches to ${formatShape(shape)}`,
        got: formatShape(value.shape),
      });
    }
    return apply(linearOperations.broadcastTo, [value], shape);
  });
}

/** The adjoint of `broadcastTo`: sums over the axes along which `shape` stretches to that of `x`. @throws ShapeError */
export function sumTo(x: Operand, shape: readonly number[]): Value {
  return inFunction("sumTo", () => {
    const value = toValue(x);
    checkExtents("shape", shape);
    if (sameShape(value.shape, shape)) return value;
    if (!stretches(shape, value.shape)) {
      throw new ShapeError({
        expected: `a shape that stretches to ${formatShape(value.shape)}`,
        got: formatShape(shape),
      });
    }
    return apply(linearOperations.sumTo, [value], shape);
  });
}

/** The elements in another shape; one extent may be −1 and is then computed. @throws ShapeError */
export function reshape(x: Operand, shape: readonly number[]): Value {
  return inFunction("reshape", () => {
    const value = toValue(x);
    requireArray("shape", shape, "[2, -1] is a shape");
    const size = sizeOf(value.shape);
    const known = shape.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
    const resolved = shape.map((extent) => (extent === -1 ? size / known : extent));
    if (
      sizeOf(resolved) !== size ||
      !resolved.every((extent) => Number.isSafeInteger(extent) && extent >= 0)
    ) {
      throw new ShapeError({
        expected: `a shape of ${size} elements`,
        got: formatShape(shape),
      });
    }
    return sameShape(value.shape, resolved) ? value : apply(linearOperations.reshape, [value], resolved);
  });
}

/** Axes in another order; the reverse order by default. @throws ArgumentError */
export function transpose(x: Operand, axes?: readonly number[]): Value {
  return inFunction("transpose", () => {
    const value = toValue(x);
    const rank = value.shape.length;
    const order = axes === undefined ? value.shape.map((_, axis) => rank - 1 - axis) : axes;
    requireArray("axes", order, "transpose(x, [1, 0]) is the default for a matrix");
    if (
      order.length !== rank ||
      new Set(order).size !== rank ||
      !order.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < rank)
    ) {
      throw new ArgumentError({
        expected: `a permutation of the ${rank} axes`,
        got: `[${order}]`,
      });
    }
    return apply(linearOperations.transpose, [value], order);
  });
}

/** Elements `start` … `end` − 1 along every axis; axes left out are taken whole. @throws ShapeError */
export function slice(x: Operand, start: readonly number[], end: readonly number[]): Value {
  return inFunction("slice", () => {
    const value = toValue(x);
    requireArray("start", start, "one index for each axis");
    requireArray("end", end, "one index for each axis");
    const corner = value.shape.map((_, axis) => start[axis] ?? 0);
    const extents = value.shape.map((extent, axis) => (end[axis] ?? extent) - corner[axis]);
    const inside = value.shape.every(
      (extent, axis) =>
        Number.isSafeInteger(corner[axis]) &&
        Number.isSafeInteger(extents[axis]) &&
        corner[axis] >= 0 &&
        extents[axis] >= 0 &&
        corner[axis] + extents[axis] <= extent,
    );
    if (!inside || start.length > value.shape.length || end.length > value.shape.length) {
      throw new ShapeError({
        expected: `a box inside ${formatShape(value.shape)}`,
        got: `${formatShape(start)} … ${formatShape(end)}`,
      });
    }
    return apply(linearOperations.slice, [value], { corner, extents, whole: value.shape });
  });
}

/**
 * Tensors one after the other along an axis, 0 by default; negative ones count from the last.
 * @throws ShapeError when other extents differ, ArgumentError for an axis that the tensors do not have
 * @example
 * import { concatenate } from "flatward/autodiff";
 * console.log(Array.from(concatenate([[1, 2], [3]]).data)); // → [ 1, 2, 3 ]
 */
export function concatenate(parts: readonly Operand[], along = 0): Value {
  return inFunction("concatenate", () => {
    requireArray("parts", parts, "concatenate([x, y], axis)");
    return concatenated(parts.map(toValue), along);
  });
}

function concatenated(values: readonly Value[], along: number): Value {
  const rank = values[0]?.shape.length ?? 0;
  const axis = along < 0 ? along + rank : along;
  if (rank > 0 && !(Number.isInteger(axis) && axis >= 0 && axis < rank))
    throw new ArgumentError({ expected: `an axis of tensors of rank ${rank}`, got: describe(along) });
  const fits = values.every(
    ({ shape }) =>
      shape.length === rank && shape.every((extent, a) => a === axis || extent === values[0].shape[a]),
  );
  if (!fits || rank === 0) throw unlike(values, `at least one tensor, all alike but for axis ${axis}`);
  const starts: number[] = [];
  let whole = 0;
  for (const { shape } of values) {
    starts.push(whole);
    whole += shape[axis];
  }
  return apply(linearOperations.concatenate, values, { axis, starts, whole });
}

const unlike = (values: readonly Value[], expected: string): ShapeError =>
  new ShapeError({ expected, got: values.map(({ shape }) => formatShape(shape)).join(", ") || "none" });

/**
 * x as a constant: no derivative goes through it, in no transformation.
 * @example
 * import { grad, mul, stopGradient, sum } from "flatward/autodiff";
 * const f = (x) => sum(mul(x, stopGradient(x))); // its derivative is x, where that of x² would be 2x
 * console.log(Array.from(grad(f)(Float64Array.of(3)))); // → [ 3 ]
 */
export function stopGradient(x: Operand): Tensor {
  return inFunction("stopGradient", () => {
    const { data, shape } = untraced(toValue(x));
    return rowMajor(data.slice(), shape);
  });
}

/**
 * Tensors of one shape along a new first axis. @throws ShapeError
 * @example
 * import { stack } from "flatward/autodiff";
 * console.log(stack([[1, 2], [3, 4], [5, 6]]).shape); // → [ 3, 2 ]
 */
export function stack(parts: readonly Operand[]): Value {
  return inFunction("stack", () => {
    requireArray("parts", parts, "stack([x, y])");
    const values = parts.map(toValue);
    const [first] = values;
    if (first === undefined || values.some(({ shape }) => !sameShape(shape, first.shape)))
      throw unlike(values, "at least one tensor, all of one shape");
    return concatenated(
      values.map((value) => reshape(value, [1, ...value.shape])),
      0,
    );
  });
}

/**
 * Rows (first axis) with the given indices, which may repeat. @throws ArgumentError
 * @example
 * import { gather } from "flatward/autodiff";
 * console.log(Array.from(gather([10, 20, 30], [2, 0, 0]).data)); // → [ 30, 10, 10 ]
 */
export function gather(x: Operand, rows: ArrayLike<number>): Value {
  return inFunction("gather", () => {
    const value = toValue(x);
    const count = value.shape[0] ?? 0;
    requireObject("rows", rows, "[0, 1] are such");
    requireInteger("the number of rows", rows.length, 0);
    const indices = Array.from(rows);
    const wrong = indices.find((row) => !(Number.isInteger(row) && row >= 0 && row < count));
    if (wrong !== undefined)
      throw new ArgumentError({
        expected: `indices in 0 … ${count - 1}`,
        got: describe(wrong),
      });
    return apply(linearOperations.gather, [value], { rows: indices, count });
  });
}
