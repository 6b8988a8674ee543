import { type SampleVectors, sampleRows } from "../../hessian/factors.js";
import type { PairVectors } from "./pair-set.js";
import type { PairedBlock } from "./pair-terms.js";
import {
  addInnerProducts,
  innerProducts,
  pullBackInner,
  pullBackSymmetric,
  type Tile,
} from "./pair-tiles.js";
import { timesInH } from "./route.js";

/** Tables of one tile of pairs; made once. */
export interface Tables {
  /** ⟨ã_i, ã_j⟩ by tap, ⟨δ_i, δ_j⟩ by tap, and the derivatives by them. */
  readonly grams: readonly Float64Array[];
  readonly gramBars: readonly Float64Array[];
  readonly deltas: readonly Float64Array[];
  readonly deltaBars: readonly Float64Array[];
  readonly weights: Float64Array;
  readonly products: Float64Array;
  /** Those of one block. */
  readonly values: Float64Array;
  readonly byInputs: Float64Array;
  /** Of one block, or of all with the same lower tap, the products without its ⟨ã_i, ã_j⟩. */
  readonly inner: Float64Array;
  readonly curvature: Float64Array;
  readonly slopes: Float64Array;
  readonly cross: Float64Array;
  readonly crossBar: Float64Array;
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** ⟨H_i, H_j⟩ on a block, in one of the tables, with derivatives; nothing where these alone are wanted, and do not need it. */
export function differentiatedProducts(
  t: Tables,
  tile: Tile,
  { m, l, of }: PairedBlock,
): Float64Array | undefined {
  if (m === l) return symmetricBlock(t, tile, l);
  return of === "inputs" ? inputBlock(t, tile, m, l) : mixedBlock(t, tile, m, l, true);
}

/**
 * Adds ⟨H_i, H_j⟩ on these blocks to `out`, each as often as it stands in H, and what they give by the inputs' inner products
 * to `byInputs` where that is given. One lower tap after another: all that has its ⟨ã_i, ã_j⟩ as a factor is multiplied by it once.
 * @param blocks that are not differentiated @param from which of them is the first
 */
export function addPlainProducts(
  out: Float64Array,
  byInputs: Float64Array | undefined,
  t: Tables,
  tile: Tile,
  blocks: readonly PairedBlock[],
  from: number,
): void {
  const { inner, grams } = t;
  for (let l = 0; l < grams.length; l++) {
    const byLower = l === 0 ? byInputs : undefined;
    if (!fillInner(t, tile, blocks, from, l, byLower)) continue;
    addPairProducts(out, 1, inner, grams[l], tile);
    if (byLower) addScaledPairs(byLower, 1, inner, tile);
  }
  for (let at = 0; at < blocks.length; at++) {
    const { m, l } = blocks[at];
    if (tile.a.terms[from + at]) continue;
    addScaledPairs(out, 2, mixedBlock(t, tile, m, l, false), tile);
    if (byInputs && l === 0) addScaledPairs(byInputs, 2, inner, tile);
  }
}

/**
 * Those of lower tap l without its ⟨ã_i, ã_j⟩, as far as terms give them. A block of l with itself has that factor squared: its
 * derivative is twice the rest, and what is missing of it is added here.
 * @returns whether there are any
 */
function fillInner(
  t: Tables,
  tile: Tile,
  blocks: readonly PairedBlock[],
  from: number,
  l: number,
  byLower: Float64Array | undefined,
): boolean {
  const { inner, curvature, grams } = t;
  let any = false;
  for (let at = 0; at < blocks.length; at++) {
    const [a, b] = [tile.a.terms[from + at], tile.b.terms[from + at]];
    if (blocks[at].l !== l || !a || !b) continue;
    if (!any) inner.fill(0, 0, tile.rows * tile.columns);
    any = true;
    const { m } = blocks[at];
    const often = timesInH(blocks[at]);
    if (a.byUpper) {
      curvatureProducts(curvature, tile, m, l);
      addPairProducts(inner, often, curvature, grams[m], tile);
      if (byLower && m === l) addPairProducts(byLower, 1, curvature, grams[m], tile);
    }
    if (a.rest && b.rest) addInnerProducts(inner, tile, a.rest.left, b.rest.right, often);
  }
  return any;
}

/** out = ⟨X_i, X_j⟩: of a tap with itself, what is off X's diagonal counts twice. */
function curvatureProducts(out: Float64Array, tile: Tile, m: number, l: number): void {
  const { a, b } = tile;
  if (l < m) {
    innerProducts(out, tile, a.curvature[m][l], b.curvature[m][l]);
    return;
  }
  const [offA, onA] = a.triangles[l];
  const [offB, onB] = b.triangles[l];
  innerProducts(out, tile, offA, offB, 2);
  addInnerProducts(out, tile, onA, onB);
}

/** out ← out + scale · x ∘ y. */
function addPairProducts(
  out: Float64Array,
  scale: number,
  x: Float64Array,
  y: Float64Array,
  { rows, columns, upper }: Tile,
): void {
  for (let r = 0; r < rows; r++) {
    const end = ((r + 1) * columns) | 0;
    let at = (r * columns + (upper ? r : 0)) | 0;
    // Four at a time: V8 makes more of it.
    for (const last = (end - 3) | 0; at < last; at = (at + 4) | 0) {
      out[at] += scale * x[at] * y[at];
      out[(at + 1) | 0] += scale * x[(at + 1) | 0] * y[(at + 1) | 0];
      out[(at + 2) | 0] += scale * x[(at + 2) | 0] * y[(at + 2) | 0];
      out[(at + 3) | 0] += scale * x[(at + 3) | 0] * y[(at + 3) | 0];
    }
    for (; at < end; at++) out[at] += scale * x[at] * y[at];
  }
}

/** Adds a table of a tile to another. */
export function addScaledPairs(
  out: Float64Array,
  scale: number,
  values: Float64Array,
  { rows, columns, upper }: Tile,
): void {
  for (let r = 0; r < rows; r++) {
    const end = (r + 1) * columns;
    for (let at = r * columns + (upper ? r : 0); at < end; at++) out[at] += scale * values[at];
  }
}

/**
 * ⟨H_i, H_j⟩ on the diagonal block of tap l; nothing where derivatives alone are wanted. Those by entries off X's diagonal are
 * half of what they are: `doubleOff` mends it.
 */
function symmetricBlock(t: Tables, tile: Tile, l: number): Float64Array | undefined {
  const { curvature, grams, gramBars, weights, cross: values, crossBar } = t;
  const size = tile.rows * tile.columns;
  const gram = grams[l];
  const [xA, xB] = [tile.a.curvature[l][l], tile.b.curvature[l][l]];
  const gramBar = gramBars[l];
  if (tile.summed || l > 0) curvatureProducts(curvature, tile, l, l);
  if (tile.summed) {
    for (let at = 0; at < size; at++) {
      t.inner[at] = curvature[at] * gram[at];
      values[at] = curvature[at] * gram[at] * gram[at];
    }
  }
  for (let at = 0; at < size; at++) {
    const weight = weights[at] * gram[at];
    if (l > 0) gramBar[at] += 2 * weight * curvature[at];
    crossBar[at] = weight * gram[at];
  }
  pullBackSymmetric(crossBar, tile, xA, xB);
  return tile.summed ? values : undefined;
}

/** Doubles the adjoints of entries off X's diagonal, which stand for two each. @returns ⟨X, X̄⟩ then */
export function doubleOff({ data, adjoint, step: n }: SampleVectors, count: number): number {
  let sum = 0;
  for (let q = 0; q < n; q++) {
    for (let i = 0; i < count; i++) {
      let at = (q * count + i) * n;
      let column = 0;
      for (const diagonal = at + q; at < diagonal; at++) {
        const bar = 2 * adjoint[at];
        adjoint[at] = bar;
        column += data[at] * bar;
      }
      sum += column + data[at] * adjoint[at];
    }
  }
  return sum;
}

/** ⟨H_i, H_j⟩ on the block between taps l < m; without derivatives for taps apart alone. */
function mixedBlock(t: Tables, tile: Tile, m: number, l: number, differentiate: boolean): Float64Array {
  const { a, b } = tile;
  const { curvature, slopes, cross, crossBar, weights } = t;
  const size = tile.rows * tile.columns;
  const [xA, xB] = [a.curvature[m][l], b.curvature[m][l]];
  const [eA, eB] = [a.slopes[m][l], b.slopes[m][l]];
  const gram = t.grams[l];
  if (differentiate) for (let at = 0; at < size; at++) crossBar[at] = 2 * weights[at] * gram[at];
  curvatureProducts(curvature, tile, m, l);
  innerProducts(slopes, tile, eA, eB);
  cross.fill(0, 0, size);
  if (eA.diagonal) neighbourCross(t, tile, m);
  // Below the diagonal too: of a tile that is its own mirror image C_ij + C_ji is wanted.
  else distantCross(t, tile.upper ? { ...tile, upper: false } : tile, m, l, differentiate);
  if (tile.onDiagonal) symmetrize(cross, tile.rows);

  const upper = t.grams[m];
  const deltas = t.deltas[m];
  const [gramBar, upperBar, deltaBar] = [t.gramBars[l], t.gramBars[m], t.deltaBars[m]];
  for (let at = 0; at < size; at++) {
    const inner = curvature[at] * upper[at] + deltas[at] * slopes[at] + cross[at];
    t.inner[at] = inner;
    cross[at] = inner * gram[at];
    if (!differentiate) continue;
    const weight = crossBar[at];
    if (l > 0) gramBar[at] += 2 * weights[at] * inner;
    upperBar[at] += weight * curvature[at];
    deltaBar[at] += weight * slopes[at];
    curvature[at] = weight * upper[at];
    slopes[at] = weight * deltas[at];
  }
  if (differentiate) {
    pullBackSymmetric(curvature, tile, xA, xB);
    pullBackSymmetric(slopes, tile, eA, eB);
  }
  return cross;
}

/** ⟨X_i, X_j⟩ Gˡ Gᵐ: of the block between taps l < m what X ⊗ a alone gives; nothing where derivatives alone are wanted. */
function inputBlock(t: Tables, tile: Tile, m: number, l: number): Float64Array | undefined {
  const { curvature, weights, cross: values } = t;
  const size = tile.rows * tile.columns;
  const [xA, xB] = [tile.a.curvature[m][l], tile.b.curvature[m][l]];
  const [gram, upper, gramBar, upperBar] = [t.grams[l], t.grams[m], t.gramBars[l], t.gramBars[m]];
  curvatureProducts(curvature, tile, m, l);
  if (tile.summed) {
    for (let at = 0; at < size; at++) {
      t.inner[at] = curvature[at] * upper[at];
      values[at] = curvature[at] * (gram[at] * upper[at]);
    }
  }
  for (let at = 0; at < size; at++) {
    const x = curvature[at];
    const weight = 2 * weights[at];
    if (l > 0) gramBar[at] += weight * x * upper[at];
    upperBar[at] += weight * x * gram[at];
    curvature[at] = weight * (gram[at] * upper[at]);
  }
  pullBackSymmetric(curvature, tile, xA, xB);
  return tile.summed ? values : undefined;
}

/** Adds C_ij + C_ji for l = m − 1, or C_ij alone in a tile that is its own mirror image. */
function neighbourCross({ cross, crossBar }: Tables, tile: Tile, m: number): void {
  const { a, b, onDiagonal } = tile;
  if (tile.summed || m > 1) {
    addInnerProducts(cross, tile, a.scaled[m], b.outer[m]);
    if (!onDiagonal) addInnerProducts(cross, tile, a.outer[m], b.scaled[m]);
  }
  pullBackInner(crossBar, tile, a.scaled[m], b.outer[m], onDiagonal ? 2 : 1);
  if (!onDiagonal) pullBackInner(crossBar, tile, a.outer[m], b.scaled[m], 1);
}

/** Adds C_ij + C_ji for taps further apart, column by column of X and E. */
function distantCross(t: Tables, tile: Tile, m: number, l: number, differentiate: boolean): void {
  const { a, b, onDiagonal } = tile;
  const { inputs } = a.taps[m];
  const columns = a.taps[l].units;
  const inputsOf = ({ rows }: PairVectors): SampleVectors => ({ ...rows[m], width: inputs });
  const [aA, aB] = [inputsOf(a), inputsOf(b)];
  for (let q = 0; q < columns; q++) {
    const column = ({ data, adjoint, step }: SampleVectors, count: number): SampleVectors =>
      sampleRows(
        data.subarray(q * count * step, (q + 1) * count * step),
        step,
        adjoint.subarray(q * count * step, (q + 1) * count * step),
      );
    const xA = column(a.curvature[m][l], a.count);
    const eB = column(b.slopes[m][l], b.count);
    addCross(t, tile, [xA, b.deltas[m]], [aA, eB], onDiagonal ? 2 : 1, differentiate);
    if (onDiagonal) continue;
    const xB = column(b.curvature[m][l], b.count);
    const eA = column(a.slopes[m][l], a.count);
    addCross(t, tile, [a.deltas[m], xB], [eA, aB], 1, differentiate);
  }
}

type Sides = readonly [ofRows: SampleVectors, ofColumns: SampleVectors];

/** Adds ⟨f_i, g_j⟩⟨u_i, v_j⟩. */
function addCross(
  { cross, crossBar, left, right }: Tables,
  tile: Tile,
  [f, g]: Sides,
  [u, v]: Sides,
  scale: number,
  differentiate: boolean,
): void {
  const size = tile.rows * tile.columns;
  innerProducts(left, tile, f, g);
  innerProducts(right, tile, u, v);
  for (let at = 0; at < size; at++) cross[at] += left[at] * right[at];
  if (!differentiate) return;
  for (let at = 0; at < size; at++) {
    const product = left[at];
    left[at] = crossBar[at] * right[at];
    right[at] = crossBar[at] * product;
  }
  pullBackInner(left, tile, f, g, scale);
  pullBackInner(right, tile, u, v, scale);
}

/** A ← A + Aᵀ. */
function symmetrize(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const sum = a[i * n + j] + a[j * n + i];
      a[i * n + j] = sum;
      a[j * n + i] = sum;
    }
  }
}
