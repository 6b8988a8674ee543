import { sizeOf } from "./view.js";

/**
 * Visits lines of `inner` elements, as many as `extents` say, in row-major order: with the number of the line's first
 * element, and where that is in one or two memories that the extents step through by strides of their own.
 */
export function forEachLine(
  extents: readonly number[],
  inner: number,
  visit: (start: number, aAt: number, bAt: number) => void,
  aStride: readonly number[],
  bStride: readonly number[] = aStride,
): void {
  const index = extents.map(() => 0);
  const size = sizeOf(extents) * inner;
  let aAt = 0;
  let bAt = 0;
  for (let start = 0; start < size; start += inner) {
    visit(start, aAt, bAt);
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      aAt += aStride[axis];
      bAt += bStride[axis];
      if (++index[axis] < extents[axis]) break;
      aAt -= aStride[axis] * extents[axis];
      bAt -= bStride[axis] * extents[axis];
      index[axis] = 0;
    }
  }
}
