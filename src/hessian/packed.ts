/** Length of the packed upper triangle of an n×n matrix. */
export function triangle(n: number): number {
  return (n * (n + 1)) / 2;
}

/** Position of entry (k,k) in a packed upper triangle. */
export function diagonalPosition(k: number, n: number): number {
  return triangle(n) - triangle(n - k);
}

/** Packs the upper triangle of an n×n symmetric matrix from `at` on, off-diagonal entries times `offDiagonal`. */
export function packSymmetric(
  a: Float64Array,
  n: number,
  offDiagonal: number,
  out: Float64Array,
  at: number,
): void {
  for (let k = 0; k < n; k++) {
    out[at++] = a[k * n + k];
    for (let l = k + 1; l < n; l++) out[at++] = offDiagonal * a[k * n + l];
  }
}

/**
 * The adjoint of a symmetric matrix, itself symmetric, from the adjoint of its packing by `packSymmetric`:
 * each packed entry stands for two, so it is shared between them.
 */
export function unpackAdjoint(
  packed: Float64Array,
  at: number,
  n: number,
  offDiagonal: number,
  out: Float64Array,
): void {
  for (let k = 0; k < n; k++) {
    out[k * n + k] = packed[at++];
    for (let l = k + 1; l < n; l++) {
      const share = 0.5 * offDiagonal * packed[at++];
      out[k * n + l] = share;
      out[l * n + k] = share;
    }
  }
}

/** Trace of an n×n matrix packed from `at` on. */
export function packedTrace(packed: Float64Array, at: number, n: number): number {
  let trace = 0;
  for (let k = 0; k < n; k++) trace += packed[at + diagonalPosition(k, n)];
  return trace;
}
