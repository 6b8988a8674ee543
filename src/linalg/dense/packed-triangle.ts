import type { Tensor } from "../../tensor/view.js";
import { halfSum } from "./symmetric-part.js";

// The lower triangle of a symmetric matrix in groups of four rows, one behind the other, so that products read one stream. Of a group
// two columns after two are together, row by row: eight numbers. What is above the diagonal may be anything.

/** Where a group begins. */
export const groupAt = (group: number): number => 8 * group * (group + 1);

/** Numbers that n rows take. */
export const packedLength = (n: number): number => groupAt(Math.ceil(n / 4));

/** Packs the symmetric part of A, divided by `scale`, a power of two. */
export function packTriangle(out: Float64Array, a: Tensor, scale: number): void {
  const n = a.shape[0];
  const { data, offset } = a;
  const [down, across] = a.stride;
  for (let i = 0; i < n; i++) {
    let to = groupAt(i >> 2) + 2 * (i & 3);
    let left = offset + i * down;
    let above = offset + i * across;
    for (let k = 0; k <= i; k++, left += across, above += down) {
      out[to] = halfSum(data[left], data[above], scale);
      to += k & 1 ? 7 : 1;
    }
  }
}

/** Copies the first `length` entries of row i. */
export function copyTriangleRow(
  triangle: Float64Array,
  i: number,
  length: number,
  out: Float64Array,
  to: number,
): void {
  let from = groupAt(i >> 2) + 2 * (i & 3);
  let k = 0;
  for (; k + 1 < length; k += 2, from += 8) {
    out[to + k] = triangle[from];
    out[to + k + 1] = triangle[from + 1];
  }
  if (k < length) out[to + k] = triangle[from];
}
