// What the panels of a tridiagonalisation spend their time on: the functions of src/linalg/dense/plain-kernels.ts, to the
// same bits. Every argument but a number of rows or entries is an address; rows of a panel are `step` numbers apart.

const NUMBER: usize = 8;

/** Columns that are updated together: of two panels of them, 16 KB. */
const COLUMNS: usize = 32;

/** Where arrays may begin. */
export const start: usize = memory.data(16, 16);

export function symmetricProduct(triangle: usize, size: usize, v: usize, p: usize): void {
  let a = triangle;
  let j: usize = 0;
  for (; j + 3 < size; j += 4) {
    const end = v + j * NUMBER;
    const v0 = v128.load64_splat(end);
    const v1 = v128.load64_splat(end, 8);
    const v2 = v128.load64_splat(end, 16);
    const v3 = v128.load64_splat(end, 24);
    let sums0 = f64x2.splat(0);
    let sums1 = sums0;
    let sums2 = sums0;
    let sums3 = sums0;
    let out = p;
    for (let at = v; at < end; at += 16) {
      const vk = v128.load(at);
      const a0 = v128.load(a);
      sums0 = f64x2.add(sums0, f64x2.mul(a0, vk));
      let pk = f64x2.add(v128.load(out), f64x2.mul(a0, v0));
      const a1 = v128.load(a, 16);
      sums1 = f64x2.add(sums1, f64x2.mul(a1, vk));
      pk = f64x2.add(pk, f64x2.mul(a1, v1));
      const a2 = v128.load(a, 32);
      sums2 = f64x2.add(sums2, f64x2.mul(a2, vk));
      pk = f64x2.add(pk, f64x2.mul(a2, v2));
      const a3 = v128.load(a, 48);
      sums3 = f64x2.add(sums3, f64x2.mul(a3, vk));
      v128.store(out, f64x2.add(pk, f64x2.mul(a3, v3)));
      a += 64;
      out += 16;
    }
    const w0 = f64.load(end);
    const w1 = f64.load(end, 8);
    const w2 = f64.load(end, 16);
    const w3 = f64.load(end, 24);
    const a10 = f64.load(a, 16);
    const a20 = f64.load(a, 32);
    const a21 = f64.load(a, 40);
    const a30 = f64.load(a, 48);
    const a31 = f64.load(a, 56);
    const a32 = f64.load(a, 112);
    f64.store(out, lanes(sums0) + f64.load(a) * w0 + a10 * w1 + a20 * w2 + a30 * w3);
    f64.store(out, lanes(sums1) + a10 * w0 + f64.load(a, 24) * w1 + a21 * w2 + a31 * w3, 8);
    f64.store(out, lanes(sums2) + a20 * w0 + a21 * w1 + f64.load(a, 96) * w2 + a32 * w3, 16);
    f64.store(out, lanes(sums3) + a30 * w0 + a31 * w1 + a32 * w2 + f64.load(a, 120) * w3, 24);
    a += 128;
  }
  for (; j < size; j++) {
    const vj = f64.load(v + j * NUMBER);
    let sum: f64 = 0;
    for (let k: usize = 0; k < j; k++) {
      const entry = f64.load(entryAt(a, k));
      const out = p + k * NUMBER;
      sum += entry * f64.load(v + k * NUMBER);
      f64.store(out, f64.load(out) + entry * vj);
    }
    f64.store(p + j * NUMBER, sum + f64.load(entryAt(a, j)) * vj);
    a += 16;
  }
}

/** Entry k of the row that begins at `row`. */
function entryAt(row: usize, k: usize): usize {
  return row + (k >> 1) * 64 + (k & 1) * NUMBER;
}

export function multiplyRows(
  rows: usize,
  step: usize,
  count: usize,
  v: usize,
  length: usize,
  out: usize,
): void {
  const rowStep = step * NUMBER;
  const end = v + (length & ~1) * NUMBER;
  for (let r: usize = 0; r < count; r += 2) {
    let row0 = rows + r * rowStep;
    let row1 = row0 + rowStep;
    let sums0 = f64x2.splat(0);
    let sums1 = sums0;
    for (let at = v; at < end; at += 16) {
      const vk = v128.load(at);
      sums0 = f64x2.add(sums0, f64x2.mul(v128.load(row0), vk));
      sums1 = f64x2.add(sums1, f64x2.mul(v128.load(row1), vk));
      row0 += 16;
      row1 += 16;
    }
    let even0 = f64x2.extract_lane(sums0, 0);
    let even1 = f64x2.extract_lane(sums1, 0);
    if (length & 1) {
      even0 += f64.load(row0) * f64.load(end);
      even1 += f64.load(row1) * f64.load(end);
    }
    f64.store(out, even0 + f64x2.extract_lane(sums0, 1));
    f64.store(out, even1 + f64x2.extract_lane(sums1, 1), 8);
    out += 16;
  }
}

export function subtractCombination(
  target: usize,
  length: usize,
  rows: usize,
  step: usize,
  count: usize,
  coefficients: usize,
): void {
  const rowStep = step * NUMBER;
  const end = target + (length & ~1) * NUMBER;
  let r: usize = 0;
  for (; r + 3 < count; r += 4) {
    let row0 = rows + r * rowStep;
    let row1 = row0 + rowStep;
    let row2 = row1 + rowStep;
    let row3 = row2 + rowStep;
    const factors = coefficients + r * NUMBER;
    const c0 = v128.load64_splat(factors);
    const c1 = v128.load64_splat(factors, 8);
    const c2 = v128.load64_splat(factors, 16);
    const c3 = v128.load64_splat(factors, 24);
    for (let at = target; at < end; at += 16) {
      const first = f64x2.add(f64x2.mul(c0, v128.load(row0)), f64x2.mul(c1, v128.load(row1)));
      const second = f64x2.add(f64x2.mul(c2, v128.load(row2)), f64x2.mul(c3, v128.load(row3)));
      v128.store(at, f64x2.sub(f64x2.sub(v128.load(at), first), second));
      row0 += 16;
      row1 += 16;
      row2 += 16;
      row3 += 16;
    }
    if (length & 1) {
      const first = f64.load(factors) * f64.load(row0) + f64.load(factors, 8) * f64.load(row1);
      const second = f64.load(factors, 16) * f64.load(row2) + f64.load(factors, 24) * f64.load(row3);
      f64.store(end, f64.load(end) - first - second);
    }
  }
  if (r < count) {
    let row0 = rows + r * rowStep;
    let row1 = row0 + rowStep;
    const factors = coefficients + r * NUMBER;
    const c0 = v128.load64_splat(factors);
    const c1 = v128.load64_splat(factors, 8);
    for (let at = target; at < end; at += 16) {
      const pair = f64x2.add(f64x2.mul(c0, v128.load(row0)), f64x2.mul(c1, v128.load(row1)));
      v128.store(at, f64x2.sub(v128.load(at), pair));
      row0 += 16;
      row1 += 16;
    }
    if (length & 1) {
      const pair = f64.load(factors) * f64.load(row0) + f64.load(factors, 8) * f64.load(row1);
      f64.store(end, f64.load(end) - pair);
    }
  }
}

export function updateTriangle(
  triangle: usize,
  size: usize,
  rows: usize,
  step: usize,
  count: usize,
  packed: usize,
): void {
  const rowStep = step * NUMBER;
  const whole = size & ~3;
  const half = count * 16;
  packPairs(packed, rows, rowStep, whole, half);
  // What belongs to some columns stays in the nearest cache for all rows.
  for (let first: usize = 0; first < whole; first += COLUMNS) {
    for (let i = first; i < whole; i += 4) {
      const left = packed + i * 3 * (half / 4);
      let right = packed + first * 3 * (half / 4) + half;
      let out = triangle + i * (i + 4) * (NUMBER / 2) + first * 32;
      const end = out + min<usize>(i + 4 - first, COLUMNS) * 32;
      for (; out < end; out += 128) {
        let c00 = f64x2.splat(0);
        let c01 = c00;
        let c10 = c00;
        let c11 = c00;
        let c20 = c00;
        let c21 = c00;
        let c30 = c00;
        let c31 = c00;
        let from = left;
        const last = left + 2 * half;
        let at = right;
        do {
          const b0 = v128.load(at);
          const b1 = v128.load(at, 16);
          const a0 = v128.load64_splat(from);
          c00 = f64x2.add(c00, f64x2.mul(a0, b0));
          c01 = f64x2.add(c01, f64x2.mul(a0, b1));
          const a1 = v128.load64_splat(from, 8);
          c10 = f64x2.add(c10, f64x2.mul(a1, b0));
          c11 = f64x2.add(c11, f64x2.mul(a1, b1));
          const a2 = v128.load64_splat(from, 16);
          c20 = f64x2.add(c20, f64x2.mul(a2, b0));
          c21 = f64x2.add(c21, f64x2.mul(a2, b1));
          const a3 = v128.load64_splat(from, 24);
          c30 = f64x2.add(c30, f64x2.mul(a3, b0));
          c31 = f64x2.add(c31, f64x2.mul(a3, b1));
          from += 32;
          at += 32;
        } while (from < last);
        subtract(out, c00, c10);
        subtract(out + 32, c20, c30);
        subtract(out + 64, c01, c11);
        subtract(out + 96, c21, c31);
        right += 3 * half;
      }
    }
  }
  let out = triangle + whole * (whole + 4) * (NUMBER / 2);
  const pairs = rows + count * rowStep;
  for (let i = whole; i < size; i++) {
    for (let k: usize = 0; k <= i; k++) {
      let sum: f64 = 0;
      for (let row = rows; row < pairs; row += 2 * rowStep)
        sum += f64.load(row + i * NUMBER) * f64.load(row + rowStep + k * NUMBER);
      for (let row = rows; row < pairs; row += 2 * rowStep)
        sum += f64.load(row + rowStep + i * NUMBER) * f64.load(row + k * NUMBER);
      const at = entryAt(out, k);
      f64.store(at, f64.load(at) - sum);
    }
    out += 16;
  }
}

/** Of every four columns the u, the q and the u again, `half` bytes each: from the first on stand u and q, from the second q and u. */
function packPairs(packed: usize, rows: usize, rowStep: usize, columns: usize, half: usize): void {
  for (const end = rows + columns * NUMBER; rows < end; rows += 32) {
    let row = rows;
    for (const next = packed + half; packed < next; packed += 32) {
      copyFour(packed, row);
      copyFour(packed + half, row + rowStep);
      copyFour(packed + 2 * half, row);
      row += 2 * rowStep;
    }
    packed += 2 * half;
  }
}

function copyFour(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

function subtract(at: usize, first: v128, second: v128): void {
  v128.store(at, f64x2.sub(v128.load(at), first));
  v128.store(at, f64x2.sub(v128.load(at, 16), second), 16);
}

export function lanes(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}
