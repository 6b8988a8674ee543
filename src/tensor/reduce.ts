import type { Tensor } from "./view.js";

/** Σ x_i y_i over flat memory of equal length, in index order. */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** Σ x_i² over a run of flat memory, in index order. */
export function squaredNorm(x: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let at = from; at < from + count; at++) sum += x[at] * x[at];
  return sum;
}

/** max |x_i|, 0 for none; NaN if any is NaN. */
export function maxAbs(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]);
    if (Number.isNaN(size)) return size;
    if (size > largest) largest = size;
  }
  return largest;
}

/** ‖x‖₂, without overflow or underflow of the squares. */
export function norm(x: Float64Array): number {
  const plain = Math.sqrt(dot(x, x));
  if (plain > 1e-140 && plain < 1e150) return plain;
  const scale = maxAbs(x);
  if (scale === 0 || !Number.isFinite(scale)) return scale;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const t = x[i] / scale;
    sum += t * t;
  }
  return scale * Math.sqrt(sum);
}

/** out_j ← out_j + Σ_i a_ij: adds the column sums of a matrix to `out` from `offset` on. */
export function addColumnSums(out: Float64Array, offset: number, a: Tensor): void {
  const { data } = a;
  const [rows, columns] = a.shape;
  const [down, across] = a.stride;
  // Two columns at a time, whose sums hide each other's latency; of an odd number the last one twice.
  for (let j = 0; j < columns; j += 2) {
    const next = j + 1 < columns ? 1 : 0;
    let sum = out[offset + j];
    let other = out[offset + j + next];
    for (let i = 0, at = a.offset + j * across; i < rows; i++, at += down) {
      sum += data[at];
      other += data[at + next * across];
    }
    out[offset + j] = sum;
    out[offset + j + next] = other;
  }
}
