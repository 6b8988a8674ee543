/** A square matrix, row by row. */
export type Square = readonly Float64Array[];

/** The matrix of a linear map of so many variables, column by column, from what it does to multiples of unit vectors. */
export function matrixOf(size: number, map: (x: Float64Array) => Float64Array, scale = 1): Square {
  const rows = Array.from({ length: size }, () => new Float64Array(size));
  for (let j = 0; j < size; j++) {
    const x = new Float64Array(size);
    x[j] = scale;
    map(x).forEach((entry, i) => {
      rows[i][j] = entry / scale;
    });
  }
  return rows;
}

/**
 * The spectral radius by Gelfand's formula, ‖Aᵏ‖^(1/k) at k = 2⁴⁵, by squaring: no eigenvalue, no characteristic
 * polynomial. Good to about 1e-12 where it is near 1.
 */
export function spectralRadius(a: Square): number {
  let power: readonly (readonly number[])[] = a.map((row) => Array.from(row));
  let logarithm = 0;
  for (let k = 0; k <= 45; k++) {
    const size = Math.max(...power.map((row) => row.reduce((sum, entry) => sum + Math.abs(entry), 0)));
    if (size === 0) return 0;
    logarithm += Math.log(size) / 2 ** k;
    const scaled = power.map((row) => row.map((entry) => entry / size));
    power = scaled.map((row) =>
      scaled.map((_, j) => row.reduce((sum, entry, m) => sum + entry * scaled[m][j], 0)),
    );
  }
  return Math.exp(logarithm);
}
