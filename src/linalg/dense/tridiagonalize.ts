/**
 * Householder reduction QᵀAQ = T of a symmetric matrix to tridiagonal form, from the last row up (Martin, Reinsch
 * & Wilkinson 1968). The rank-2 update of one step and the matrix–vector product of the next are one sweep over the
 * lower triangle, two rows at a time, so memory is read and written once a step.
 *
 * @param a n×n row-major; the lower triangle is read and overwritten: row i then holds the i-th Householder vector
 * @param diagonal receives T's diagonal @param offDiagonal receives T's subdiagonal in 1 … n − 1, 0 in 0
 * @param halfNorms receives ½‖u_i‖² of the i-th Householder vector, 0 where there is none
 */
export function tridiagonalize(
  a: Float64Array,
  n: number,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  halfNorms: Float64Array,
): void {
  // The pending update is A − u qᵀ − q uᵀ; zero vectors make the first one void.
  let u = new Float64Array(n);
  let q = new Float64Array(n);
  let nextU = new Float64Array(n);
  let nextQ = new Float64Array(n);
  for (let i = n - 1; i >= 1; i--) {
    const row = i * n;
    updateRow(a, row, i + 1, u, q, i);
    diagonal[i] = a[row + i];
    const halfNorm = reflectRow(a, row, i, nextU, offDiagonal);
    halfNorms[i] = halfNorm;
    updateAndMultiply(a, n, i, u, q, nextU, nextQ);
    if (halfNorm > 0) correctProduct(nextU, nextQ, i, halfNorm);
    else nextQ.fill(0, 0, i);
    [u, nextU] = [nextU, u];
    [q, nextQ] = [nextQ, q];
  }
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

/**
 * The reflector that sends a_i0 … a_i,i−1 to a multiple of the last unit vector: its vector to `u` and to row i.
 * Returns ½‖u‖², or 0 where the row needs no reflection.
 */
function reflectRow(
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

/** Applies the pending update to the leading i×i block and forms p = (updated block)·v in the same sweep. */
function updateAndMultiply(
  a: Float64Array,
  n: number,
  i: number,
  u: Float64Array,
  q: Float64Array,
  v: Float64Array,
  p: Float64Array,
): void {
  p.fill(0, 0, i);
  let j = 0;
  for (; j + 1 < i; j += 2) {
    const row0 = j * n;
    const row1 = row0 + n;
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
    const row = j * n;
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

/** From p = A·u to q = p/h − (uᵀp / 2h²) u, with h = ½‖u‖², so that the reflected block is A − u qᵀ − q uᵀ. */
function correctProduct(u: Float64Array, p: Float64Array, i: number, halfNorm: number): void {
  let projection = 0;
  for (let k = 0; k < i; k++) {
    p[k] /= halfNorm;
    projection += u[k] * p[k];
  }
  const shift = projection / (2 * halfNorm);
  for (let k = 0; k < i; k++) p[k] -= shift * u[k];
}

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

/** The same for four rows, whose four sums hide each other's latency. */
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

function transposeInPlace(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const above = a[i * n + j];
      a[i * n + j] = a[j * n + i];
      a[j * n + i] = above;
    }
  }
}
