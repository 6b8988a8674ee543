// Products of packed panels, in tiles of 4×4. Every sum goes over the depths in order, and no product is fused with an
// addition, so that the bits are those of src/tensor/plain-panels.ts. Larger or unrolled tiles spill registers in V8.

/** Rows and columns of a tile, and bytes of one number. */
const TILE: usize = 4;
const NUMBER: usize = 8;

/** Addresses, of as much room as src/tensor/panels.ts says. */
export const a: usize = memory.data(8 * 128 * 256, 16);
export const b: usize = memory.data(8 * 528 * 256, 16);
export const sums: usize = memory.data(8 * 128 * 4, 16);
export const c: usize = memory.data(8 * 128 * 528, 16);
export const unpacked: usize = memory.data(8 * 131072, 16);
export const lines: usize = memory.data(4 * 528, 16);

/** Sums of `rowPanels` panels at `a` with the one that starts with number `start` at `b`, tile by tile, from address `out` on. */
export function multiply(rowPanels: usize, start: usize, depths: usize, out: usize): void {
  const bStart = b + start * NUMBER;
  const step = TILE * NUMBER;
  let aAt = a;
  for (let panel: usize = 0; panel < rowPanels; panel++) {
    let c00 = f64x2.splat(0);
    let c01 = c00;
    let c10 = c00;
    let c11 = c00;
    let c20 = c00;
    let c21 = c00;
    let c30 = c00;
    let c31 = c00;
    let bAt = bStart;
    const end = aAt + depths * step;
    do {
      const b0 = v128.load(bAt);
      const b1 = v128.load(bAt, 16);
      const a0 = v128.load64_splat(aAt);
      c00 = f64x2.add(c00, f64x2.mul(a0, b0));
      c01 = f64x2.add(c01, f64x2.mul(a0, b1));
      const a1 = v128.load64_splat(aAt, 8);
      c10 = f64x2.add(c10, f64x2.mul(a1, b0));
      c11 = f64x2.add(c11, f64x2.mul(a1, b1));
      const a2 = v128.load64_splat(aAt, 16);
      c20 = f64x2.add(c20, f64x2.mul(a2, b0));
      c21 = f64x2.add(c21, f64x2.mul(a2, b1));
      const a3 = v128.load64_splat(aAt, 24);
      c30 = f64x2.add(c30, f64x2.mul(a3, b0));
      c31 = f64x2.add(c31, f64x2.mul(a3, b1));
      aAt += step;
      bAt += step;
    } while (aAt < end);
    v128.store(out, c00);
    v128.store(out, c01, 16);
    v128.store(out, c10, 32);
    v128.store(out, c11, 48);
    v128.store(out, c20, 64);
    v128.store(out, c21, 80);
    v128.store(out, c30, 96);
    v128.store(out, c31, 112);
    out += TILE * step;
  }
}

/**
 * The product of the panels of a block from column `first` on is added to C, whose `rows` rows of `columns` numbers lie at `c`:
 * for column j, to the first `reach` + j rows.
 */
export function addBlock(rows: i32, columns: usize, depths: usize, first: usize, reach: i32): void {
  const step = columns * NUMBER;
  for (let j = first; j < columns; j += TILE) {
    const tall: usize = min(rows, reach + <i32>j);
    multiply((tall + 3) >> 2, j * depths, depths, sums);
    const wide = (columns - j) * NUMBER;
    let at = sums;
    let to = c + j * NUMBER;
    const end = to + tall * step;
    for (; to < end; to += step, at += TILE * NUMBER) {
      if (wide >= TILE * NUMBER) {
        v128.store(to, f64x2.add(v128.load(to), v128.load(at)));
        v128.store(to, f64x2.add(v128.load(to, 16), v128.load(at, 16)), 16);
      } else {
        for (let k: usize = 0; k < wide; k += NUMBER) f64.store(to + k, f64.load(to + k) + f64.load(at + k));
      }
    }
  }
}

/**
 * Writes `count` lines in panels, from address `out` on; a last panel of fewer is filled up with its first line. They begin at
 * `unpacked`, as many numbers further as `lines` says, and each goes on by `step` numbers.
 */
export function pack(out: usize, count: usize, step: usize, depths: usize, scale: f64): void {
  const scales = f64x2.splat(scale);
  const bytes = step * NUMBER;
  for (let line: usize = 0; line < count; line += TILE) {
    const at = lines + 4 * line;
    let first = unpacked + load<u32>(at) * NUMBER;
    let second = line + 1 < count ? unpacked + load<u32>(at, 4) * NUMBER : first;
    let third = line + 2 < count ? unpacked + load<u32>(at, 8) * NUMBER : first;
    let fourth = line + 3 < count ? unpacked + load<u32>(at, 12) * NUMBER : first;
    const end = out + TILE * NUMBER * depths;
    if (second === first + NUMBER && third === second + NUMBER && fourth === third + NUMBER) {
      for (; out < end; out += TILE * NUMBER, first += bytes) {
        v128.store(out, f64x2.mul(scales, v128.load(first)));
        v128.store(out, f64x2.mul(scales, v128.load(first, 16)), 16);
      }
      continue;
    }
    for (; out < end; out += TILE * NUMBER) {
      f64.store(out, scale * f64.load(first));
      f64.store(out, scale * f64.load(second), 8);
      f64.store(out, scale * f64.load(third), 16);
      f64.store(out, scale * f64.load(fourth), 24);
      first += bytes;
      second += bytes;
      third += bytes;
      fourth += bytes;
    }
  }
}

/**
 * Writes `count` columns of a row-wise product in panels, from address `out` on: number a·width + b of `lines` is the column of entry
 * a of every first row times entry b of every second one, times the row's weight. At `unpacked` lie the weights of `depths` rows, the
 * first rows from number `first` on, and the second from `second` on.
 */
export function packProducts(
  out: usize,
  count: usize,
  depths: usize,
  scale: f64,
  first: usize,
  firstStep: usize,
  second: usize,
  secondStep: usize,
  width: usize,
): void {
  const aBytes = firstStep * NUMBER;
  const bBytes = secondStep * NUMBER;
  const aStart = unpacked + first * NUMBER;
  const bStart = unpacked + second * NUMBER;
  for (let line: usize = 0; line < count; line += TILE) {
    const at = lines + 4 * line;
    const column0: usize = load<u32>(at);
    const column1: usize = line + 1 < count ? load<u32>(at, 4) : column0;
    const column2: usize = line + 2 < count ? load<u32>(at, 8) : column0;
    const column3: usize = line + 3 < count ? load<u32>(at, 12) : column0;
    let a0 = aStart + (column0 / width) * NUMBER;
    let a1 = aStart + (column1 / width) * NUMBER;
    let a2 = aStart + (column2 / width) * NUMBER;
    let a3 = aStart + (column3 / width) * NUMBER;
    let b0 = bStart + (column0 % width) * NUMBER;
    let b1 = bStart + (column1 % width) * NUMBER;
    let b2 = bStart + (column2 % width) * NUMBER;
    let b3 = bStart + (column3 % width) * NUMBER;
    let weight = unpacked;
    const end = out + TILE * NUMBER * depths;
    if (a3 === a0 && column1 === column0 + 1 && column2 === column1 + 1 && column3 === column2 + 1) {
      for (; out < end; out += TILE * NUMBER) {
        const scaled = f64x2.splat(scale * f64.load(weight) * f64.load(a0));
        v128.store(out, f64x2.mul(scaled, v128.load(b0)));
        v128.store(out, f64x2.mul(scaled, v128.load(b0, 16)), 16);
        weight += NUMBER;
        a0 += aBytes;
        b0 += bBytes;
      }
      continue;
    }
    for (; out < end; out += TILE * NUMBER) {
      const scaled = scale * f64.load(weight);
      f64.store(out, scaled * f64.load(a0) * f64.load(b0));
      f64.store(out, scaled * f64.load(a1) * f64.load(b1), 8);
      f64.store(out, scaled * f64.load(a2) * f64.load(b2), 16);
      f64.store(out, scaled * f64.load(a3) * f64.load(b3), 24);
      weight += NUMBER;
      a0 += aBytes;
      a1 += aBytes;
      a2 += aBytes;
      a3 += aBytes;
      b0 += bBytes;
      b1 += bBytes;
      b2 += bBytes;
      b3 += bBytes;
    }
  }
}
