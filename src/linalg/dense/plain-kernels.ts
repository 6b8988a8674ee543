import { groupAt } from "./packed-triangle.js";
import type { TridiagonalKernels } from "./tridiagonal-kernels.js";

/** Kernels and arrays in plain TypeScript; to the same bits as in WebAssembly. */
export function plainKernels(lengths: readonly number[]): TridiagonalKernels {
  return {
    arrays: lengths.map((length) => new Float64Array(length)),
    symmetricProduct,
    multiplyRows,
    subtractCombination,
    updateTriangle,
  };
}

// Sums run over even and odd places apart, as they would in registers of two numbers.

function symmetricProduct(triangle: Float64Array, size: number, v: Float64Array, p: Float64Array): void {
  let at = 0;
  let j = 0;
  for (; j + 3 < size; j += 4) {
    const v0 = v[j];
    const v1 = v[j + 1];
    const v2 = v[j + 2];
    const v3 = v[j + 3];
    let even0 = 0;
    let even1 = 0;
    let even2 = 0;
    let even3 = 0;
    let odd0 = 0;
    let odd1 = 0;
    let odd2 = 0;
    let odd3 = 0;
    for (let k = 0; k < j; k += 2, at += 8) {
      const vk = v[k];
      const a0 = triangle[at];
      const a1 = triangle[at + 2];
      const a2 = triangle[at + 4];
      const a3 = triangle[at + 6];
      even0 += a0 * vk;
      even1 += a1 * vk;
      even2 += a2 * vk;
      even3 += a3 * vk;
      p[k] = p[k] + a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3;
      const vl = v[k + 1];
      const b0 = triangle[at + 1];
      const b1 = triangle[at + 3];
      const b2 = triangle[at + 5];
      const b3 = triangle[at + 7];
      odd0 += b0 * vl;
      odd1 += b1 * vl;
      odd2 += b2 * vl;
      odd3 += b3 * vl;
      p[k + 1] = p[k + 1] + b0 * v0 + b1 * v1 + b2 * v2 + b3 * v3;
    }
    const a10 = triangle[at + 2];
    const a20 = triangle[at + 4];
    const a21 = triangle[at + 5];
    const a30 = triangle[at + 6];
    const a31 = triangle[at + 7];
    const a32 = triangle[at + 14];
    p[j] = even0 + odd0 + triangle[at] * v0 + a10 * v1 + a20 * v2 + a30 * v3;
    p[j + 1] = even1 + odd1 + a10 * v0 + triangle[at + 3] * v1 + a21 * v2 + a31 * v3;
    p[j + 2] = even2 + odd2 + a20 * v0 + a21 * v1 + triangle[at + 12] * v2 + a32 * v3;
    p[j + 3] = even3 + odd3 + a30 * v0 + a31 * v1 + a32 * v2 + triangle[at + 15] * v3;
    at += 16;
  }
  for (; j < size; j++, at += 2) {
    const vj = v[j];
    let sum = 0;
    for (let k = 0; k < j; k++) {
      const entry = triangle[at + 8 * (k >> 1) + (k & 1)];
      sum += entry * v[k];
      p[k] += entry * vj;
    }
    p[j] = sum + triangle[at + 8 * (j >> 1) + (j & 1)] * vj;
  }
}

function multiplyRows(
  panel: Float64Array,
  step: number,
  count: number,
  v: Float64Array,
  length: number,
  out: Float64Array,
): void {
  for (let r = 0; r < count; r += 2) {
    const row0 = r * step;
    const row1 = row0 + step;
    let even0 = 0;
    let even1 = 0;
    let odd0 = 0;
    let odd1 = 0;
    let k = 0;
    for (; k + 1 < length; k += 2) {
      const vk = v[k];
      even0 += panel[row0 + k] * vk;
      even1 += panel[row1 + k] * vk;
      const vl = v[k + 1];
      odd0 += panel[row0 + k + 1] * vl;
      odd1 += panel[row1 + k + 1] * vl;
    }
    if (k < length) {
      even0 += panel[row0 + k] * v[k];
      even1 += panel[row1 + k] * v[k];
    }
    out[r] = even0 + odd0;
    out[r + 1] = even1 + odd1;
  }
}

function subtractCombination(
  target: Float64Array,
  length: number,
  panel: Float64Array,
  step: number,
  count: number,
  coefficients: Float64Array,
): void {
  let r = 0;
  for (; r + 3 < count; r += 4) {
    const row0 = r * step;
    const row1 = row0 + step;
    const row2 = row1 + step;
    const row3 = row2 + step;
    const c0 = coefficients[r];
    const c1 = coefficients[r + 1];
    const c2 = coefficients[r + 2];
    const c3 = coefficients[r + 3];
    for (let k = 0; k < length; k++) {
      const first = c0 * panel[row0 + k] + c1 * panel[row1 + k];
      const second = c2 * panel[row2 + k] + c3 * panel[row3 + k];
      target[k] = target[k] - first - second;
    }
  }
  for (; r < count; r += 2) {
    const row0 = r * step;
    const row1 = row0 + step;
    const c0 = coefficients[r];
    const c1 = coefficients[r + 1];
    for (let k = 0; k < length; k++) target[k] -= c0 * panel[row0 + k] + c1 * panel[row1 + k];
  }
}

/** In squares of four sums: as many as V8's code keeps going without spilling registers. */
function updateTriangle(
  triangle: Float64Array,
  size: number,
  panel: Float64Array,
  step: number,
  count: number,
): void {
  const end = count * step;
  for (let i = 0; i < size; i += 2) {
    const isPair = i + 1 < size;
    let at = groupAt(i >> 2) + 2 * (i & 3);
    for (let k = 0; k <= i; k += 2, at += 8) {
      let sum00 = 0;
      let sum01 = 0;
      let sum10 = 0;
      let sum11 = 0;
      // All u with q, then all q with u.
      for (let from = 0; from <= step; from += step) {
        for (let left = from, right = step - from; left < end; left += 2 * step, right += 2 * step) {
          const l0 = panel[left + i];
          const l1 = panel[left + i + 1];
          const r0 = panel[right + k];
          const r1 = panel[right + k + 1];
          sum00 += l0 * r0;
          sum01 += l0 * r1;
          sum10 += l1 * r0;
          sum11 += l1 * r1;
        }
      }
      triangle[at] -= sum00;
      triangle[at + 1] -= sum01;
      if (!isPair) continue;
      triangle[at + 2] -= sum10;
      triangle[at + 3] -= sum11;
    }
  }
}
