import type { Reduction } from "./reduction.js";
import { correctProduct, reflectRow } from "./reflector.js";

/**
 * Reduces the leading size×size block row by row. The rank-2 update of one step and the matrix–vector product of the next
 * are one sweep over the lower triangle, two rows at a time, so memory is read and written once a step.
 */
export function tridiagonalizeByRows(
  { rows: a, step, diagonal, offDiagonal, halfNorms }: Reduction,
  size: number,
): void {
  // The pending update is A − u qᵀ − q uᵀ; zero vectors make the first one void.
  let u = new Float64Array(size);
  let q = new Float64Array(size);
  let nextU = new Float64Array(size);
  let nextQ = new Float64Array(size);
  for (let i = size - 1; i >= 1; i--) {
    const row = i * step;
    updateRow(a, row, i + 1, u, q, i);
    diagonal[i] = a[row + i];
    const halfNorm = reflectRow(a, row, i, nextU, offDiagonal);
    halfNorms[i] = halfNorm;
    updateAndMultiply(a, step, i, u, q, nextU, nextQ);
    if (halfNorm > 0) correctProduct(nextU, nextQ, i, halfNorm);
    else nextQ.fill(0, 0, i);
    [u, nextU] = [nextU, u];
    [q, nextQ] = [nextQ, q];
  }
  if (size === 0) return;
  updateRow(a, 0, 1, u, q, 0);
  diagonal[0] = a[0];
  offDiagonal[0] = 0;
}

function updateRow(
  a: Float64Array,
  row: number,
  length: number,
  u: Float64Array,
  q: Float64Array,
  i: number,
): void {
  const ui = u[i];
  const qi = q[i];
  for (let k = 0; k < length; k++) a[row + k] -= ui * q[k] + qi * u[k];
}

/** Applies the pending update to the leading i×i block and forms p = (updated block)·v in the same sweep. */
function updateAndMultiply(
  a: Float64Array,
  step: number,
  i: number,
  u: Float64Array,
  q: Float64Array,
  v: Float64Array,
  p: Float64Array,
): void {
  p.fill(0, 0, i);
  let j = 0;
  for (; j + 1 < i; j += 2) {
    const row0 = j * step;
    const row1 = row0 + step;
    const u0 = u[j];
    const q0 = q[j];
    const v0 = v[j];
    const u1 = u[j + 1];
    const q1 = q[j + 1];
    const v1 = v[j + 1];
    let sum0 = 0;
    let sum1 = 0;
    for (let k = 0; k < j; k++) {
      const uk = u[k];
      const qk = q[k];
      const vk = v[k];
      const a0 = a[row0 + k] - (u0 * qk + q0 * uk);
      const a1 = a[row1 + k] - (u1 * qk + q1 * uk);
      a[row0 + k] = a0;
      a[row1 + k] = a1;
      sum0 += a0 * vk;
      sum1 += a1 * vk;
      p[k] += a0 * v0 + a1 * v1;
    }
    const corner = a[row0 + j] - 2 * (u0 * q0);
    const side = a[row1 + j] - (u1 * q0 + q1 * u0);
    const end = a[row1 + j + 1] - 2 * (u1 * q1);
    a[row0 + j] = corner;
    a[row1 + j] = side;
    a[row1 + j + 1] = end;
    p[j] += sum0 + corner * v0 + side * v1;
    p[j + 1] += sum1 + side * v0 + end * v1;
  }
  if (j < i) {
    const row = j * step;
    const vj = v[j];
    let sum = 0;
    for (let k = 0; k < j; k++) {
      const t = a[row + k] - (u[j] * q[k] + q[j] * u[k]);
      a[row + k] = t;
      sum += t * v[k];
      p[k] += t * vj;
    }
    const corner = a[row + j] - 2 * (u[j] * q[j]);
    a[row + j] = corner;
    p[j] += sum + corner * vj;
  }
}
