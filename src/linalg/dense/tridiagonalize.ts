import { BLOCKED_FROM, PANEL, type Panel, type Reduction } from "./reduction.js";
import { correctProduct, reflectRow } from "./reflector.js";
import { tridiagonalizeByRows } from "./tridiagonalize-by-rows.js";

/**
 * Householder reduction QᵀAQ = T of a symmetric matrix to tridiagonal form, from the last row up (Martin, Reinsch
 * & Wilkinson 1968), in panels (Dongarra, Sorensen & Hammarling 1989): half of the work is a product of matrices.
 */
export function tridiagonalize(reduction: Reduction): void {
  const { matrix, diagonal, panel } = reduction;
  const n = diagonal.length;
  let size = n;
  if (panel) {
    for (; size >= BLOCKED_FROM; size -= PANEL) {
      reducePanel(reduction, panel, size);
      const { kernels, data, step, packed } = panel;
      kernels.updateTriangle(matrix, n, size - PANEL, data, step, 2 * PANEL, packed);
    }
  }
  tridiagonalizeByRows(reduction, size);
}

/** The reflectors of the last rows of the leading size×size block, which itself stays as it is. */
function reducePanel(
  { matrix, diagonal, offDiagonal, halfNorms }: Reduction,
  { data, step, rows, coefficients, kernels }: Panel,
  size: number,
): void {
  const n = diagonal.length;
  for (let pending = 0; pending < 2 * PANEL; pending += 2) {
    const i = size - 1 - pending / 2;
    const row = i * n;
    for (let r = 0; r < pending; r++) coefficients[r] = rows[r ^ 1][i];
    const last = matrix.subarray(row, row + i + 1);
    kernels.subtractCombination(last, i + 1, data, step, pending, coefficients);
    diagonal[i] = last[i];
    const u = rows[pending];
    const q = rows[pending + 1];
    const halfNorm = reflectRow(matrix, row, i, u, offDiagonal);
    halfNorms[i] = halfNorm;
    if (halfNorm === 0) {
      q.fill(0, 0, i);
      continue;
    }
    kernels.symmetricProduct(matrix, n, i, u, q);
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
