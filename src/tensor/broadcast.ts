import { ShapeError } from "../errors.js";
import { formatShape, rowMajor, sizeOf, type Tensor, zeros } from "./view.js";

/**
 * The shape that two shapes broadcast to: aligned at their last axis, where an extent of 1 stretches.
 * @throws ShapeError
 */
export function broadcastShapes(where: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const extentA = a[a.length - rank + axis] ?? 1;
    const extentB = b[b.length - rank + axis] ?? 1;
    if (extentA !== extentB && extentA !== 1 && extentB !== 1) {
      throw new ShapeError({
        where,
        expected: "shapes that broadcast",
        got: `${formatShape(a)} and ${formatShape(b)}`,
      });
    }
    shape[axis] = extentA === 1 ? extentB : extentA;
  }
  return shape;
}

/** Strides that read a row-major tensor of shape `from` as if it had shape `to`: 0 where it stretches. */
function stretchedStride(from: readonly number[], to: readonly number[]): number[] {
  const stride = new Array<number>(to.length).fill(0);
  let step = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    if (from[axis] !== 1) stride[to.length - from.length + axis] = step;
    step *= from[axis];
  }
  return stride;
}

/**
 * Calls `visit(row, offset, innerStride)` for every row (last axis) of shape `to`, with the offset and the inner stride
 * of the same elements in a smaller, stretched tensor.
 */
function forEachRow(
  from: readonly number[],
  to: readonly number[],
  visit: (row: number, offset: number, innerStride: number) => void,
): void {
  const stride = stretchedStride(from, to);
  const last = to.length - 1;
  const inner = to[last] ?? 1;
  const index = new Array<number>(Math.max(last, 0)).fill(0);
  const rows = sizeOf(to) / (inner || 1);
  let offset = 0;
  for (let row = 0; row < rows; row++) {
    visit(row * inner, offset, stride[last] ?? 0);
    for (let axis = last - 1; axis >= 0; axis--) {
      offset += stride[axis];
      if (++index[axis] < to[axis]) break;
      offset -= stride[axis] * to[axis];
      index[axis] = 0;
    }
  }
}

/** A dense row-major tensor stretched to `shape`. */
export function broadcastTo(a: Tensor, shape: readonly number[]): Tensor {
  const out = zeros(shape);
  const inner = shape[shape.length - 1] ?? 1;
  forEachRow(a.shape, shape, (row, offset, innerStride) => {
    if (innerStride === 0) out.data.fill(a.data[offset], row, row + inner);
    else for (let j = 0; j < inner; j++) out.data[row + j] = a.data[offset + j];
  });
  return out;
}

/** The adjoint of `broadcastTo`: sums a dense row-major tensor over the axes along which `shape` stretches to its own. */
export function sumTo(a: Tensor, shape: readonly number[]): Tensor {
  const out = new Float64Array(sizeOf(shape));
  const inner = a.shape[a.shape.length - 1] ?? 1;
  forEachRow(shape, a.shape, (row, offset, innerStride) => {
    if (innerStride === 0) {
      let sum = 0;
      for (let j = 0; j < inner; j++) sum += a.data[row + j];
      out[offset] += sum;
    } else {
      for (let j = 0; j < inner; j++) out[offset + j] += a.data[row + j];
    }
  });
  return rowMajor(out, shape);
}

/** The largest element over the axes along which `shape` stretches to that of a dense row-major tensor; NaN if any is. */
export function maxTo(a: Tensor, shape: readonly number[]): Tensor {
  const out = new Float64Array(sizeOf(shape)).fill(Number.NEGATIVE_INFINITY);
  const inner = a.shape[a.shape.length - 1] ?? 1;
  forEachRow(shape, a.shape, (row, offset, innerStride) => {
    for (let j = 0; j < inner; j++)
      out[offset + j * innerStride] = Math.max(out[offset + j * innerStride], a.data[row + j]);
  });
  return rowMajor(out, shape);
}
