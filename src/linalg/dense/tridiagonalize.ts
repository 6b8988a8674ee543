import { copyTriangleRow } from "./packed-triangle.js";
import { BLOCKED_FROM, PANEL, type Panel, type Reduction } from "./reduction.js";
import { correctProduct, reflectRow } from "./reflector.js";
import { tridiagonalizeByRows } from "./tridiagonalize-by-rows.js";

/**
 * Householder reduction QᵀAQ = T of a symmetric matrix to tridiagonal form, from the last row up (Martin, Reinsch
 * & Wilkinson 1968), in panels (Dongarra, Sorensen & Hammarling 1989): half of the work is a product of matrices.
 */
export function tridiagonalize(reduction: Reduction): void {
  const { rows, step, diagonal, panel } = reduction;
  let size = diagonal.length;
  if (panel) {
    const { kernels, triangle, data, packed } = panel;
    for (; size >= BLOCKED_FROM; size -= PANEL) {
      reducePanel(reduction, panel, size);
      kernels.updateTriangle(triangle, size - PANEL, data, panel.step, 2 * PANEL, packed);
    }
    for (let i = 0; i < size; i++) copyTriangleRow(triangle, i, i + 1, rows, i * step);
  }
  tridiagonalizeByRows(reduction, size);
}

/** The reflectors of the last rows of the leading size×size block, which itself stays as it is. */
function reducePanel(
  { rows: kept, step: keptStep, diagonal, offDiagonal, halfNorms }: Reduction,
  { triangle, data, step, rows, coefficients, kernels }: Panel,
  size: number,
): void {
  const keeping = keptStep === diagonal.length;
  for (let pending = 0; pending < 2 * PANEL; pending += 2) {
    const i = size - 1 - pending / 2;
    for (let r = 0; r < pending; r++) coefficients[r] = rows[r ^ 1][i];
    const u = rows[pending];
    const q = rows[pending + 1];
    copyTriangleRow(triangle, i, i + 1, u, 0);
    kernels.subtractCombination(u, i + 1, data, step, pending, coefficients);
    diagonal[i] = u[i];
    const halfNorm = reflectRow(u, 0, i, u, offDiagonal);
    halfNorms[i] = halfNorm;
    if (keeping) kept.set(u.subarray(0, i), i * keptStep);
    if (halfNorm === 0) {
      q.fill(0, 0, i);
      continue;
    }
    kernels.symmetricProduct(triangle, i, u, q);
    kernels.multiplyRows(data, step, pending, u, i, coefficients);
    swapPairs(coefficients, pending);
    kernels.subtractCombination(q, i, data, step, pending, coefficients);
    correctProduct(u, q, i, halfNorm);
  }
}

function swapPairs(values: Float64Array, count: number): void {
  for (let r = 0; r < count; r += 2) {
    const first = values[r];
    values[r] = values[r + 1];
    values[r + 1] = first;
  }
}
