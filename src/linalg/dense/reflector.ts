/** Below this a sum of squares may have lost digits to underflow, beside entries of about 1. */
const TINY = 1e-200;

/**
 * The reflector that sends a_i0 … a_i,i−1 to a multiple of the last unit vector: its vector to `u` and to row i.
 * Returns ½‖u‖², or 0 where the row needs no reflection.
 */
export function reflectRow(
  a: Float64Array,
  row: number,
  i: number,
  u: Float64Array,
  offDiagonal: Float64Array,
): number {
  // Two sums hide each other's latency.
  let even = 0;
  let odd = 0;
  let k = 0;
  for (; k + 1 < i - 1; k += 2) {
    const entry = a[row + k];
    const next = a[row + k + 1];
    u[k] = entry;
    u[k + 1] = next;
    even += entry * entry;
    odd += next * next;
  }
  for (; k < i - 1; k++) {
    const entry = a[row + k];
    u[k] = entry;
    even += entry * entry;
  }
  let squares = even + odd;
  if (squares < TINY) return reflectTinyRow(a, row, i, u, offDiagonal);
  const f = a[row + i - 1];
  squares += f * f;
  const g = f >= 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  offDiagonal[i] = g;
  u[i - 1] = f - g;
  a[row + i - 1] = f - g;
  return squares - f * g;
}

/** The same where squares may underflow, or all but the last entry are 0. */
function reflectTinyRow(
  a: Float64Array,
  row: number,
  i: number,
  u: Float64Array,
  offDiagonal: Float64Array,
): number {
  const last = a[row + i - 1];
  let scale = 0;
  for (let k = 0; k < i - 1; k++) scale += Math.abs(a[row + k]);
  if (scale === 0) {
    offDiagonal[i] = last;
    u.fill(0, 0, i);
    a.fill(0, row, row + i);
    return 0;
  }
  scale += Math.abs(last);
  let squares = 0;
  for (let k = 0; k < i; k++) {
    const t = a[row + k] / scale;
    u[k] = t;
    squares += t * t;
  }
  const f = u[i - 1];
  const g = f >= 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  offDiagonal[i] = scale * g;
  u[i - 1] = f - g;
  for (let k = 0; k < i; k++) a[row + k] = u[k];
  return squares - f * g;
}

/** From p = A·u to q = (p − (uᵀp / 2h) u)/h, with h = ½‖u‖², so that the reflected block is A − u qᵀ − q uᵀ. */
export function correctProduct(u: Float64Array, p: Float64Array, i: number, halfNorm: number): void {
  let projection = 0;
  for (let k = 0; k < i; k++) projection += u[k] * p[k];
  const shift = projection / (2 * halfNorm);
  const inverse = 1 / halfNorm;
  for (let k = 0; k < i; k++) p[k] = inverse * (p[k] - shift * u[k]);
}

/**
 * T, upper triangular, of the product I − UᵀTU of reflectors I − τ_k u_k u_kᵀ, from UUᵀ (Schreiber & Van Loan 1989).
 * @param t where T (size, size) goes: to the place of UUᵀ, or to another @param gram where UUᵀ is @param tau 2/‖u‖², or 0 for none
 */
export function fillReflectorTriangle(
  data: Float64Array,
  t: number,
  gram: number,
  size: number,
  tau: Float64Array,
): void {
  for (let k = 0; k < size; k++) {
    // Column k is −τ_k T·(Uu_k) above the diagonal, from the top: what is overwritten is not read again.
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let l = i; l < k; l++) sum += data[t + i * size + l] * data[gram + l * size + k];
      data[t + i * size + k] = -tau[k] * sum;
    }
    data.fill(0, t + k * size, t + k * size + k);
    data[t + k * size + k] = tau[k];
  }
}
