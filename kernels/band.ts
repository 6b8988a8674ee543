// What the way from a band to three diagonals spends its time on: functions of src/linalg/dense/band/plain-kernels.ts, to the same
// bits. Arguments count numbers: places in the memory, which is imported, steps and extents.

import { lanes } from "./tridiagonal";

const NUMBER: usize = 8;

/** Below this a sum of squares is nothing beside entries of about 1. */
const TINY: f64 = 1e-200;

export function reflectColumn(column: usize, n: usize, size: usize, slot: usize): void {
  reflect(column * NUMBER, n * NUMBER, size, slot * NUMBER);
}

/** The reflector that sends a column to a multiple of the first unit vector: u, and behind it 2/‖u‖². */
function reflect(x: usize, step: usize, size: usize, u: usize): void {
  let squares: f64 = 0;
  let at = x + step;
  for (let k: usize = 1; k < size; k++) {
    const entry = f64.load(at);
    f64.store(u + k * NUMBER, entry);
    squares += entry * entry;
    f64.store(at, 0);
    at += step;
  }
  if (squares < TINY) {
    for (let k: usize = 0; k <= size; k++) f64.store(u + k * NUMBER, 0);
    return;
  }
  const f = f64.load(x);
  squares += f * f;
  const root = Math.sqrt(squares);
  const g = f >= 0 ? -root : root;
  f64.store(x, g);
  f64.store(u, f - g);
  f64.store(u + size * NUMBER, 1 / (squares - f * g));
}

export function reflectBlock(block: usize, n: usize, size: usize, slot: usize): void {
  const a = block * NUMBER;
  const bytes = size * NUMBER;
  const u = slot * NUMBER;
  const q = u + bytes + 2 * NUMBER;
  const inverse = f64.load(u + bytes);
  multiplyBlock(a, n, size, u, q);
  let sum: f64 = 0;
  for (let at: usize = 0; at < bytes; at += NUMBER) sum += f64.load(u + at) * f64.load(q + at);
  const shift = f64x2.splat(0.5 * inverse * sum);
  const factor = f64x2.splat(inverse);
  for (let at: usize = 0; at < bytes; at += 16) {
    const uk = v128.load(u + at);
    v128.store(q + at, f64x2.mul(factor, f64x2.sub(v128.load(q + at), f64x2.mul(shift, uk))));
  }
  const step = n * NUMBER;
  for (let at: usize = 0; at < bytes; at += 16) {
    const row = a + (at >> 3) * step;
    subtractFromRows(row, step, at + 16, u + at, q, q + at, u);
  }
}

/** p ← A·v for a symmetric block, whose lower triangle is read; its rows are n numbers apart. */
function multiplyBlock(a: usize, n: usize, size: usize, v: usize, p: usize): void {
  const rowStep = n * NUMBER;
  for (let j: usize = 0; j < size; j += 4) {
    const bytes = j * NUMBER;
    let row0 = a + j * rowStep;
    let row1 = row0 + rowStep;
    let row2 = row1 + rowStep;
    let row3 = row2 + rowStep;
    const end = v + bytes;
    const v0 = v128.load64_splat(end);
    const v1 = v128.load64_splat(end, 8);
    const v2 = v128.load64_splat(end, 16);
    const v3 = v128.load64_splat(end, 24);
    let sums0 = f64x2.splat(0);
    let sums1 = sums0;
    let sums2 = sums0;
    let sums3 = sums0;
    for (let at: usize = 0; at < bytes; at += 16) {
      const vk = v128.load(v + at);
      const a0 = v128.load(row0 + at);
      sums0 = f64x2.add(sums0, f64x2.mul(a0, vk));
      let pk = f64x2.add(v128.load(p + at), f64x2.mul(a0, v0));
      const a1 = v128.load(row1 + at);
      sums1 = f64x2.add(sums1, f64x2.mul(a1, vk));
      pk = f64x2.add(pk, f64x2.mul(a1, v1));
      const a2 = v128.load(row2 + at);
      sums2 = f64x2.add(sums2, f64x2.mul(a2, vk));
      pk = f64x2.add(pk, f64x2.mul(a2, v2));
      const a3 = v128.load(row3 + at);
      sums3 = f64x2.add(sums3, f64x2.mul(a3, vk));
      v128.store(p + at, f64x2.add(pk, f64x2.mul(a3, v3)));
    }
    row0 += bytes;
    row1 += bytes;
    row2 += bytes;
    row3 += bytes;
    const out = p + bytes;
    const w0 = f64.load(end);
    const w1 = f64.load(end, 8);
    const w2 = f64.load(end, 16);
    const w3 = f64.load(end, 24);
    const a10 = f64.load(row1);
    const a20 = f64.load(row2);
    const a21 = f64.load(row2, 8);
    const a30 = f64.load(row3);
    const a31 = f64.load(row3, 8);
    const a32 = f64.load(row3, 16);
    f64.store(out, lanes(sums0) + f64.load(row0) * w0 + a10 * w1 + a20 * w2 + a30 * w3);
    f64.store(out, lanes(sums1) + a10 * w0 + f64.load(row1, 8) * w1 + a21 * w2 + a31 * w3, 8);
    f64.store(out, lanes(sums2) + a20 * w0 + a21 * w1 + f64.load(row2, 16) * w2 + a32 * w3, 16);
    f64.store(out, lanes(sums3) + a30 * w0 + a31 * w1 + a32 * w2 + f64.load(row3, 24) * w3, 24);
  }
}

/** Subtracts x pᵀ + y qᵀ from two rows, of which so many bytes. */
function subtractFromRows(
  row: usize,
  step: usize,
  bytes: usize,
  x: usize,
  p: usize,
  y: usize,
  q: usize,
): void {
  const next = row + step;
  const x0 = v128.load64_splat(x);
  const x1 = v128.load64_splat(x, 8);
  const y0 = v128.load64_splat(y);
  const y1 = v128.load64_splat(y, 8);
  for (let at: usize = 0; at < bytes; at += 16) {
    const pk = v128.load(p + at);
    const qk = v128.load(q + at);
    const first = f64x2.add(f64x2.mul(x0, pk), f64x2.mul(y0, qk));
    v128.store(row + at, f64x2.sub(v128.load(row + at), first));
    const second = f64x2.add(f64x2.mul(x1, pk), f64x2.mul(y1, qk));
    v128.store(next + at, f64x2.sub(v128.load(next + at), second));
  }
}

export function pushBulge(block: usize, n: usize, size: usize, slot: usize): void {
  const e = block * NUMBER;
  const step = n * NUMBER;
  const bytes = size * NUMBER;
  const u = slot * NUMBER;
  const v = u + 2 * (bytes + NUMBER);
  const y = v + bytes + 2 * NUMBER;
  const z = y + bytes;
  const inverse = f64.load(u + bytes);
  const u0 = f64.load(u);
  const rows = e + size * step;
  let out = y;
  for (let row = e; row < rows; row += 4 * step) {
    let row0 = row;
    let row1 = row0 + step;
    let row2 = row1 + step;
    let row3 = row2 + step;
    const first0 = f64.load(row0);
    const first1 = f64.load(row1);
    const first2 = f64.load(row2);
    const first3 = f64.load(row3);
    let sums0 = f64x2.splat(0);
    let sums1 = sums0;
    let sums2 = sums0;
    let sums3 = sums0;
    for (let at = u; at < u + bytes; at += 16) {
      const uk = v128.load(at);
      sums0 = f64x2.add(sums0, f64x2.mul(v128.load(row0), uk));
      sums1 = f64x2.add(sums1, f64x2.mul(v128.load(row1), uk));
      sums2 = f64x2.add(sums2, f64x2.mul(v128.load(row2), uk));
      sums3 = f64x2.add(sums3, f64x2.mul(v128.load(row3), uk));
      row0 += 16;
      row1 += 16;
      row2 += 16;
      row3 += 16;
    }
    const y0 = inverse * lanes(sums0);
    const y1 = inverse * lanes(sums1);
    const y2 = inverse * lanes(sums2);
    const y3 = inverse * lanes(sums3);
    f64.store(out, y0);
    f64.store(out, y1, 8);
    f64.store(out, y2, 16);
    f64.store(out, y3, 24);
    // The first column, which the next reflector is made of.
    f64.store(row, first0 - y0 * u0);
    f64.store(row + step, first1 - y1 * u0);
    f64.store(row + 2 * step, first2 - y2 * u0);
    f64.store(row + 3 * step, first3 - y3 * u0);
    out += 32;
  }
  reflect(e, step, size, v);
  const next = f64.load(v + bytes);
  let sum: f64 = 0;
  for (let at: usize = 0; at < bytes; at += NUMBER) {
    sum += f64.load(v + at) * f64.load(y + at);
    f64.store(z + at, 0);
  }
  // vᵀE of the columns behind it; column 0 has been written, and is not touched again.
  let left = v;
  for (let row = e; row < rows; row += 4 * step) {
    let row0 = row;
    let row1 = row0 + step;
    let row2 = row1 + step;
    let row3 = row2 + step;
    const v0 = v128.load64_splat(left);
    const v1 = v128.load64_splat(left, 8);
    const v2 = v128.load64_splat(left, 16);
    const v3 = v128.load64_splat(left, 24);
    for (let at = z; at < z + bytes; at += 16) {
      let zk = f64x2.add(v128.load(at), f64x2.mul(v0, v128.load(row0)));
      zk = f64x2.add(zk, f64x2.mul(v1, v128.load(row1)));
      zk = f64x2.add(zk, f64x2.mul(v2, v128.load(row2)));
      zk = f64x2.add(zk, f64x2.mul(v3, v128.load(row3)));
      v128.store(at, zk);
      row0 += 16;
      row1 += 16;
      row2 += 16;
      row3 += 16;
    }
    left += 32;
  }
  const total = f64x2.splat(sum);
  const factor = f64x2.splat(next);
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(z + at, f64x2.mul(factor, f64x2.sub(v128.load(z + at), f64x2.mul(total, v128.load(u + at)))));
  // Column 0 stays: it is subtracted zeros.
  f64.store(z, 0);
  f64.store(u, 0);
  let row = e;
  for (let at: usize = 0; at < bytes; at += 16) {
    subtractFromRows(row, step, bytes, y + at, u, v + at, z);
    row += 2 * step;
  }
  for (let at: usize = 0; at <= bytes; at += NUMBER) f64.store(u + at, f64.load(v + at));
}
