// What the reduction of a large matrix to a band spends its time on: functions of src/linalg/dense/band/plain-kernels.ts, to the
// same bits. Arguments count numbers: places in the memory, which is imported, steps and extents.

const NUMBER: usize = 8;

export function addTileProduct(
  out: usize,
  outStep: usize,
  a: usize,
  aDown: usize,
  aAcross: usize,
  b: usize,
  bStep: usize,
  size: usize,
  depth: usize,
): void {
  const down = aDown * NUMBER;
  const across = aAcross * NUMBER;
  const bBytes = bStep * NUMBER;
  const outBytes = outStep * NUMBER;
  for (let column: usize = 0; column < size; column += 4) {
    let rows = a * NUMBER;
    let to = (out + column) * NUMBER;
    for (let row: usize = 0; row < size; row += 4) {
      const to1 = to + outBytes;
      const to2 = to1 + outBytes;
      const to3 = to2 + outBytes;
      let c00 = v128.load(to);
      let c01 = v128.load(to, 16);
      let c10 = v128.load(to1);
      let c11 = v128.load(to1, 16);
      let c20 = v128.load(to2);
      let c21 = v128.load(to2, 16);
      let c30 = v128.load(to3);
      let c31 = v128.load(to3, 16);
      let row0 = rows;
      let row1 = row0 + down;
      let row2 = row1 + down;
      let row3 = row2 + down;
      let at = (b + column) * NUMBER;
      const end = at + depth * bBytes;
      do {
        const b0 = v128.load(at);
        const b1 = v128.load(at, 16);
        const a0 = v128.load64_splat(row0);
        c00 = f64x2.add(c00, f64x2.mul(a0, b0));
        c01 = f64x2.add(c01, f64x2.mul(a0, b1));
        const a1 = v128.load64_splat(row1);
        c10 = f64x2.add(c10, f64x2.mul(a1, b0));
        c11 = f64x2.add(c11, f64x2.mul(a1, b1));
        const a2 = v128.load64_splat(row2);
        c20 = f64x2.add(c20, f64x2.mul(a2, b0));
        c21 = f64x2.add(c21, f64x2.mul(a2, b1));
        const a3 = v128.load64_splat(row3);
        c30 = f64x2.add(c30, f64x2.mul(a3, b0));
        c31 = f64x2.add(c31, f64x2.mul(a3, b1));
        row0 += across;
        row1 += across;
        row2 += across;
        row3 += across;
        at += bBytes;
      } while (at < end);
      v128.store(to, c00);
      v128.store(to, c01, 16);
      v128.store(to1, c10);
      v128.store(to1, c11, 16);
      v128.store(to2, c20);
      v128.store(to2, c21, 16);
      v128.store(to3, c30);
      v128.store(to3, c31, 16);
      rows += 4 * down;
      to += 4 * outBytes;
    }
  }
}

export function sweepPanel(
  panel: usize,
  rows: usize,
  size: usize,
  column: usize,
  combination: usize,
  products: usize,
): void {
  const bytes = size * NUMBER;
  const own = column * NUMBER;
  const next = own + NUMBER;
  const w = combination * NUMBER;
  const z = products * NUMBER;
  const first = next & ~15;
  let row = panel * NUMBER;
  const end = row + rows * bytes;
  for (; row + bytes < end; row += 2 * bytes) {
    const row1 = row + bytes;
    const u0 = v128.load64_splat(row + own);
    const u1 = v128.load64_splat(row1 + own);
    const w0 = v128.load64_splat(w + next);
    const x0 = f64x2.sub(v128.load64_splat(row + next), f64x2.mul(u0, w0));
    const x1 = f64x2.sub(v128.load64_splat(row1 + next), f64x2.mul(u1, w0));
    for (let at = first; at < bytes; at += 16) {
      const wk = v128.load(w + at);
      const a0 = f64x2.sub(v128.load(row + at), f64x2.mul(u0, wk));
      const a1 = f64x2.sub(v128.load(row1 + at), f64x2.mul(u1, wk));
      v128.store(row + at, a0);
      v128.store(row1 + at, a1);
      v128.store(z + at, f64x2.add(f64x2.add(v128.load(z + at), f64x2.mul(x0, a0)), f64x2.mul(x1, a1)));
    }
  }
  if (row < end) {
    const u0 = v128.load64_splat(row + own);
    const x0 = f64x2.sub(v128.load64_splat(row + next), f64x2.mul(u0, v128.load64_splat(w + next)));
    for (let at = first; at < bytes; at += 16) {
      const a0 = f64x2.sub(v128.load(row + at), f64x2.mul(u0, v128.load(w + at)));
      v128.store(row + at, a0);
      v128.store(z + at, f64x2.add(v128.load(z + at), f64x2.mul(x0, a0)));
    }
  }
}
