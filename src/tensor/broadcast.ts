import { ShapeError } from "../errors.js";
import { forEachLine } from "./lines.js";
import { formatShape, rowMajor, sameShape, sizeOf, type Tensor, withData, zeros } from "./view.js";

/**
 * The shape that two shapes broadcast to: aligned at their last axis, where an extent of 1 stretches.
 * @throws ShapeError
 */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const extentA = a[a.length - rank + axis] ?? 1;
    const extentB = b[b.length - rank + axis] ?? 1;
    if (extentA !== extentB && extentA !== 1 && extentB !== 1) {
      throw new ShapeError({
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

/** Elements `start` … `end` − 1 of a dense tensor, and where two others, stretched to its shape, have theirs. */
type Row = (start: number, end: number, aAt: number, aStep: number, bAt: number, bStep: number) => void;

/**
 * Visits a tensor of shape `to` in rows, beside tensors of shapes `a` and `b` that stretch to it: rows as long as may be,
 * for neighbouring axes are one where both others step through them alike.
 */
function forEachRow(to: readonly number[], a: readonly number[], b: readonly number[], visit: Row): void {
  const [aOwn, bOwn] = [stretchedStride(a, to), stretchedStride(b, to)];
  const extents: number[] = [];
  const aStride: number[] = [];
  const bStride: number[] = [];
  to.forEach((extent, axis) => {
    if (extent === 1) return;
    const last = extents.length - 1;
    const one = last >= 0 && aStride[last] === aOwn[axis] * extent && bStride[last] === bOwn[axis] * extent;
    const at = one ? last : last + 1;
    extents[at] = one ? extents[last] * extent : extent;
    aStride[at] = aOwn[axis];
    bStride[at] = bOwn[axis];
  });
  const inner = extents.pop() ?? 1;
  const aStep = aStride.pop() ?? 0;
  const bStep = bStride.pop() ?? 0;
  const visitLine = (start: number, aAt: number, bAt: number) =>
    visit(start, start + inner, aAt, aStep, bAt, bStep);
  forEachLine(extents, inner, visitLine, aStride, bStride);
}

/** Fills a row of the result from rows of two tensors, along which each steps by 0 or 1. */
export type RowLoop = (
  out: Float64Array,
  start: number,
  end: number,
  a: Float64Array,
  aAt: number,
  aStep: number,
  b: Float64Array,
  bAt: number,
  bStep: number,
) => void;

/** What `loop` makes of two dense row-major tensors, stretched to one shape without being copied. @throws ShapeError */
export function zip(a: Tensor, b: Tensor, loop: RowLoop): Tensor {
  const same = sameShape(a.shape, b.shape);
  const out = same ? withData(a, new Float64Array(a.data.length)) : zeros(broadcastShapes(a.shape, b.shape));
  return zipInto(out, a, b, loop);
}

/** `zip` in the memory of a dense tensor that both stretch to. */
export function zipInto(out: Tensor, a: Tensor, b: Tensor, loop: RowLoop): Tensor {
  if (sameShape(a.shape, out.shape) && sameShape(b.shape, out.shape)) {
    loop(out.data, 0, out.data.length, a.data, 0, 1, b.data, 0, 1);
    return out;
  }
  forEachRow(out.shape, a.shape, b.shape, (start, end, aAt, aStep, bAt, bStep) => {
    loop(out.data, start, end, a.data, aAt, aStep, b.data, bAt, bStep);
  });
  return out;
}

/** A dense row-major tensor stretched to `shape`. */
export function broadcastTo(a: Tensor, shape: readonly number[]): Tensor {
  const out = zeros(shape);
  forEachRow(shape, a.shape, [], (start, end, at, step) => {
    if (step === 0) out.data.fill(a.data[at], start, end);
    else for (let i = start; i < end; i++) out.data[i] = a.data[at + i - start];
  });
  return out;
}

/** The adjoint of `broadcastTo`: sums a dense row-major tensor over the axes along which `shape` stretches to its own. */
export function sumTo(a: Tensor, shape: readonly number[]): Tensor {
  const out = new Float64Array(sizeOf(shape));
  forEachRow(a.shape, shape, [], (start, end, at, step) => {
    if (step === 0) {
      let sum = 0;
      for (let i = start; i < end; i++) sum += a.data[i];
      out[at] += sum;
    } else {
      for (let i = start; i < end; i++) out[at + i - start] += a.data[i];
    }
  });
  return rowMajor(out, shape);
}

/** The largest element over the axes along which `shape` stretches to that of a dense row-major tensor; NaN if any is. */
export function maxTo(a: Tensor, shape: readonly number[]): Tensor {
  const out = new Float64Array(sizeOf(shape)).fill(Number.NEGATIVE_INFINITY);
  forEachRow(a.shape, shape, [], (start, end, from, step) => {
    for (let i = start, at = from; i < end; i++, at += step) out[at] = Math.max(out[at], a.data[i]);
  });
  return rowMajor(out, shape);
}
