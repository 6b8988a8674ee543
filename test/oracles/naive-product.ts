// Independent: three plain loops over get(i, j), straight from the definition; no packing, tiles or strides.

/** A matrix as a function of its indices. */
export type Entries = (i: number, j: number) => number;

/** Row-major α·A·B + β·C, (m,k)·(k,n). */
export function naiveProduct(
  [m, k, n]: readonly [number, number, number],
  a: Entries,
  b: Entries,
  alpha = 1,
  beta = 0,
  c: Entries = () => 0,
): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a(i, l) * b(l, j);
      out[i * n + j] = alpha * sum + (beta === 0 ? 0 : beta * c(i, j));
    }
  }
  return out;
}
