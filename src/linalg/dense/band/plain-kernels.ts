import type { Arena } from "./work.js";

/** Below this a sum of squares is nothing beside entries of about 1. */
export const TINY = 1e-200;

/** Memory and kernels in plain TypeScript; to the same bits as in WebAssembly. */
export function plainArena(length: number): Arena {
  const data = new Float64Array(length);
  return {
    data,
    kernels: {
      addTileProduct: (...places) => addTileProduct(data, ...places),
      sweepPanel: (...places) => sweepPanel(data, ...places),
      reflectColumn: (...places) => reflectColumn(data, ...places),
      reflectBlock: (...places) => reflectBlock(data, ...places),
      pushBulge: (...places) => pushBulge(data, ...places),
    },
  };
}

/** In squares of four sums: as many as V8's code keeps going without spilling registers. */
function addTileProduct(
  data: Float64Array,
  out: number,
  outStep: number,
  a: number,
  aDown: number,
  aAcross: number,
  b: number,
  bStep: number,
  size: number,
  depth: number,
): void {
  for (let row = 0; row < size; row += 2) {
    for (let column = 0; column < size; column += 2) {
      const to0 = out + row * outStep + column;
      const to1 = to0 + outStep;
      let sum00 = data[to0];
      let sum01 = data[to0 + 1];
      let sum10 = data[to1];
      let sum11 = data[to1 + 1];
      let row0 = a + row * aDown;
      let row1 = row0 + aDown;
      let at = b + column;
      for (let k = 0; k < depth; k++) {
        const b0 = data[at];
        const b1 = data[at + 1];
        const a0 = data[row0];
        const a1 = data[row1];
        sum00 += a0 * b0;
        sum01 += a0 * b1;
        sum10 += a1 * b0;
        sum11 += a1 * b1;
        row0 += aAcross;
        row1 += aAcross;
        at += bStep;
      }
      data[to0] = sum00;
      data[to0 + 1] = sum01;
      data[to1] = sum10;
      data[to1 + 1] = sum11;
    }
  }
}

function sweepPanel(
  data: Float64Array,
  panel: number,
  rows: number,
  size: number,
  j: number,
  w: number,
  z: number,
): void {
  for (let row = panel; row < panel + rows * size; row += size) {
    const u = data[row + j];
    for (let k = j + 1; k < size; k++) data[row + k] -= u * data[w + k];
    const x = data[row + j + 1];
    for (let k = j + 1; k < size; k++) data[z + k] += x * data[row + k];
  }
}

function reflectColumn(data: Float64Array, column: number, n: number, size: number, slot: number): void {
  let squares = 0;
  for (let k = 1, at = column + n; k < size; k++, at += n) {
    const entry = data[at];
    data[slot + k] = entry;
    squares += entry * entry;
    data[at] = 0;
  }
  if (squares < TINY) {
    data.fill(0, slot, slot + size + 1);
    return;
  }
  const f = data[column];
  squares += f * f;
  const root = Math.sqrt(squares);
  const g = f >= 0 ? -root : root;
  data[column] = g;
  data[slot] = f - g;
  data[slot + size] = 1 / (squares - f * g);
}

function reflectBlock(data: Float64Array, block: number, n: number, size: number, slot: number): void {
  const q = slot + size + 2;
  const inverse = data[slot + size];
  multiplyBlock(data.subarray(block), n, size, data.subarray(slot), data.subarray(q));
  let sum = 0;
  for (let k = 0; k < size; k++) sum += data[slot + k] * data[q + k];
  const shift = 0.5 * inverse * sum;
  for (let k = 0; k < size; k++) data[q + k] = inverse * (data[q + k] - shift * data[slot + k]);
  for (let r = 0, row = block; r < size; r++, row += n) {
    const ur = data[slot + r];
    const qr = data[q + r];
    for (let k = 0; k <= (r | 1); k++) data[row + k] -= ur * data[q + k] + qr * data[slot + k];
  }
}

/** p ← A·v for a symmetric block, whose lower triangle is read. Sums run over even and odd places apart, as in registers of two. */
function multiplyBlock(a: Float64Array, n: number, size: number, v: Float64Array, p: Float64Array): void {
  for (let j = 0; j < size; j += 4) {
    const row0 = j * n;
    const row1 = row0 + n;
    const row2 = row1 + n;
    const row3 = row2 + n;
    const v0 = v[j];
    const v1 = v[j + 1];
    const v2 = v[j + 2];
    const v3 = v[j + 3];
    let even0 = 0;
    let even1 = 0;
    let even2 = 0;
    let even3 = 0;
    let odd0 = 0;
    let odd1 = 0;
    let odd2 = 0;
    let odd3 = 0;
    for (let k = 0; k < j; k += 2) {
      const vk = v[k];
      const a0 = a[row0 + k];
      const a1 = a[row1 + k];
      const a2 = a[row2 + k];
      const a3 = a[row3 + k];
      even0 += a0 * vk;
      even1 += a1 * vk;
      even2 += a2 * vk;
      even3 += a3 * vk;
      p[k] = p[k] + a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3;
      const vl = v[k + 1];
      const b0 = a[row0 + k + 1];
      const b1 = a[row1 + k + 1];
      const b2 = a[row2 + k + 1];
      const b3 = a[row3 + k + 1];
      odd0 += b0 * vl;
      odd1 += b1 * vl;
      odd2 += b2 * vl;
      odd3 += b3 * vl;
      p[k + 1] = p[k + 1] + b0 * v0 + b1 * v1 + b2 * v2 + b3 * v3;
    }
    const a10 = a[row1 + j];
    const a20 = a[row2 + j];
    const a21 = a[row2 + j + 1];
    const a30 = a[row3 + j];
    const a31 = a[row3 + j + 1];
    const a32 = a[row3 + j + 2];
    p[j] = even0 + odd0 + a[row0 + j] * v0 + a10 * v1 + a20 * v2 + a30 * v3;
    p[j + 1] = even1 + odd1 + a10 * v0 + a[row1 + j + 1] * v1 + a21 * v2 + a31 * v3;
    p[j + 2] = even2 + odd2 + a20 * v0 + a21 * v1 + a[row2 + j + 2] * v2 + a32 * v3;
    p[j + 3] = even3 + odd3 + a30 * v0 + a31 * v1 + a32 * v2 + a[row3 + j + 3] * v3;
  }
}

function pushBulge(data: Float64Array, block: number, n: number, size: number, slot: number): void {
  const v = slot + 2 * (size + 1);
  const y = v + size + 2;
  const z = y + size;
  const inverse = data[slot + size];
  const u0 = data[slot];
  for (let r = 0, row = block; r < size; r++, row += n) {
    let even = 0;
    let odd = 0;
    for (let k = 0; k < size; k += 2) {
      even += data[row + k] * data[slot + k];
      odd += data[row + k + 1] * data[slot + k + 1];
    }
    const component = inverse * (even + odd);
    data[y + r] = component;
    data[row] -= component * u0;
  }
  reflectColumn(data, block, n, size, v);
  const next = data[v + size];
  let total = 0;
  for (let r = 0; r < size; r++) total += data[v + r] * data[y + r];
  // With zeros there, column 0 stays as it is.
  data[slot] = 0;
  data.fill(0, z, z + size);
  for (let r = 0, row = block; r < size; r++, row += n) {
    const vr = data[v + r];
    for (let k = 1; k < size; k++) data[z + k] += vr * data[row + k];
  }
  for (let k = 1; k < size; k++) data[z + k] = next * (data[z + k] - total * data[slot + k]);
  for (let r = 0, row = block; r < size; r++, row += n) {
    const yr = data[y + r];
    const vr = data[v + r];
    for (let k = 1; k < size; k++) data[row + k] -= yr * data[slot + k] + vr * data[z + k];
  }
  data.copyWithin(slot, v, v + size + 1);
}
