/**
 * The orthogonal Q of `tridiagonalize`, from the vectors it left in `a`.
 * @returns n×n row-major
 */
export function accumulateReflectors(a: Float64Array, n: number, halfNorms: Float64Array): Float64Array {
  // Row r of Qᵀ is e_rᵀ P_r+1 P_r+2 …: rows stay contiguous, and do not need each other.
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    rows[i * n + i] = 1;
    if (halfNorms[i] === 0) continue;
    let r = 0;
    for (; r + 3 < i; r += 4) reflectFourRows(rows, r * n, n, a, i * n, i, halfNorms[i]);
    for (; r < i; r++) reflectOneRow(rows, r * n, a, i * n, i, halfNorms[i]);
  }
  transposeInPlace(rows, n);
  return rows;
}

/** row ← row − (row·u/h) u, u being the first `length` entries from `at` on. */
function reflectOneRow(
  rows: Float64Array,
  row: number,
  u: Float64Array,
  at: number,
  length: number,
  halfNorm: number,
): void {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += rows[row + k] * u[at + k];
  sum /= halfNorm;
  for (let k = 0; k < length; k++) rows[row + k] -= sum * u[at + k];
}

/** Reflects four rows at once, whose sums hide each other's latency. */
function reflectFourRows(
  rows: Float64Array,
  row: number,
  n: number,
  u: Float64Array,
  at: number,
  length: number,
  halfNorm: number,
): void {
  const row1 = row + n;
  const row2 = row1 + n;
  const row3 = row2 + n;
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let k = 0; k < length; k++) {
    const uk = u[at + k];
    sum0 += rows[row + k] * uk;
    sum1 += rows[row1 + k] * uk;
    sum2 += rows[row2 + k] * uk;
    sum3 += rows[row3 + k] * uk;
  }
  sum0 /= halfNorm;
  sum1 /= halfNorm;
  sum2 /= halfNorm;
  sum3 /= halfNorm;
  for (let k = 0; k < length; k++) {
    const uk = u[at + k];
    rows[row + k] -= sum0 * uk;
    rows[row1 + k] -= sum1 * uk;
    rows[row2 + k] -= sum2 * uk;
    rows[row3 + k] -= sum3 * uk;
  }
}

export function transposeInPlace(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const above = a[i * n + j];
      a[i * n + j] = a[j * n + i];
      a[j * n + i] = above;
    }
  }
}
