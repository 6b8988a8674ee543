import { BOTH, combineEigenvectors, LOWER, type Merging, UPPER } from "./combine-eigenvectors.js";

export function createMerging(d: Float64Array, rows: Float64Array, scratch: Float64Array): Merging {
  const n = d.length;
  return {
    d,
    rows,
    scratch,
    order: new Int32Array(n),
    z: new Float64Array(n),
    support: new Uint8Array(n),
    active: new Int32Array(n),
    starts: new Int32Array(n),
    poles: new Float64Array(n),
    weights: new Float64Array(n),
    roots: new Float64Array(n),
    places: new Int32Array(n),
    vector: new Float64Array(n),
  };
}

/**
 * From the eigenvectors of the blocks from … middle − 1 and middle … to − 1 those of both with the rank-one matrix
 * |c|·(e_m−1 ± e_m)(e_m−1 ± e_m)ᵀ, c being the coupling and ± its sign.
 */
export function mergeHalves(
  merging: Merging,
  from: number,
  middle: number,
  to: number,
  coupling: number,
): void {
  const { d, rows, z, order, support } = merging;
  const n = d.length;
  // z of length 1 has the entries of the vectors beside the tear.
  const sign = coupling < 0 ? -Math.SQRT1_2 : Math.SQRT1_2;
  for (let i = from; i < middle; i++) {
    z[i] = Math.SQRT1_2 * rows[i * n + middle - 1];
    support[i] = UPPER;
  }
  for (let i = middle; i < to; i++) {
    z[i] = sign * rows[i * n + middle];
    support[i] = LOWER;
  }
  const ascending = (i: number, j: number) => d[i] - d[j];
  const block = order.subarray(from, to);
  block.sort(ascending);
  const rho = 2 * Math.abs(coupling);
  const count = deflate(merging, from, to, rho);
  if (count > 0) {
    combineEigenvectors(merging, from, middle, to, count, rho);
    block.sort(ascending);
  }
}

/**
 * Sets aside the rows that are eigenvectors of the whole already, to rounding: those with next to nothing in z, and one of each
 * pair of nearly equal d, which a rotation gives an entry of 0 in z.
 * @returns how many are left; `active`, `poles` and `weights` have these
 */
function deflate(merging: Merging, from: number, to: number, rho: number): number {
  const { d, rows, z, order, support, active, poles, weights } = merging;
  const n = d.length;
  let largest = 0;
  for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(d[i]), Math.abs(z[i]));
  const noise = 4 * Number.EPSILON * largest;
  let count = 0;
  let last = -1;
  for (let at = from; at < to; at++) {
    const row = order[at];
    if (rho * Math.abs(z[row]) <= noise) continue;
    if (last >= 0) {
      const length = Math.hypot(z[row], z[last]);
      const cosine = z[row] / length;
      const sine = z[last] / length;
      const gap = d[row] - d[last];
      if (Math.abs(gap * cosine * sine) <= noise) {
        rotate(rows, last * n, row * n, from, to, cosine, sine);
        z[row] = length;
        const mean = d[last] * cosine * cosine + d[row] * sine * sine;
        d[row] = d[last] * sine * sine + d[row] * cosine * cosine;
        d[last] = mean;
        if (support[row] !== support[last]) support[row] = support[last] = BOTH;
      } else active[count++] = last;
    }
    last = row;
  }
  if (last >= 0) active[count++] = last;
  for (let i = 0; i < count; i++) {
    poles[i] = d[active[i]];
    weights[i] = z[active[i]];
  }
  return count;
}

/** Of two rows x and y: x ← cx − sy, y ← sx + cy. */
function rotate(
  rows: Float64Array,
  atX: number,
  atY: number,
  from: number,
  to: number,
  cosine: number,
  sine: number,
): void {
  for (let k = from; k < to; k++) {
    const x = rows[atX + k];
    const y = rows[atY + k];
    rows[atX + k] = cosine * x - sine * y;
    rows[atY + k] = sine * x + cosine * y;
  }
}
