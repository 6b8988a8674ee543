import { type FactorSet, type SampleVectors, sampleRows } from "../hessian/factors.js";
import { fillNeighbours, pullBackNeighbours } from "../hessian/neighbours.js";
import { addProduct, addSymmetricProduct } from "../tensor/product.js";
import { room } from "../tensor/room.js";
import { createPairSet, type PairedBlock, type PairSet } from "./pair-set.js";
import { blockAt } from "./route.js";
import { ownOfUnsummed, unsummed } from "./unsummed.js";

/** Samples per side of a tile of pairs: few, where a tile on the diagonal is much of the work; many take less packing. */
const sideOf = (count: number): number => Math.min(count, count < 256 ? 64 : 128);

/** Sums over pairs of samples, block by block. */
export interface PairSums {
  /** Σ_ij ω_i ω_j ⟨A_i, B_j⟩ of each block, counted once: its squared norm where A is B. */
  readonly squares: Float64Array;
  /** Σ_i ω_i ⟨A_i, A_i⟩ over all of the blocks, as often as they stand in H. */
  own: number;
}

/** ⟨H_i, H_j⟩ of samples i … i + rows − 1 with j … j + columns − 1, row-major; the memory is used again. */
export interface PairTile {
  readonly products: Float64Array;
  /** Where they are wanted, their derivatives by ⟨ã_i, ã_j⟩ of the first tap's rows, with X, δ and E fixed. */
  readonly byInputs: Float64Array;
  readonly i: number;
  readonly j: number;
  readonly rows: number;
  readonly columns: number;
  /** The same samples on both sides: the tile is its own mirror image, and has none elsewhere. */
  readonly own: boolean;
}

/** Factors of ω_i ω_j: for pairs of different samples, and of each of all N with itself. */
export interface PairScales {
  readonly apart: number;
  readonly own: Float64Array;
}

export interface PairOptions {
  readonly differentiate?: boolean;
  readonly mirrored?: boolean;
  /** Default: 1 and 1. `PairSums.own` is without them. */
  readonly scales?: PairScales | undefined;
  /** Among all N, the first sample of `a`. Default 0. */
  readonly start?: number;
  /** Is shown every tile, once for itself and its mirror image. */
  readonly visit?: ((tile: PairTile) => void) | undefined;
  /** Whether it wants the derivatives by inputs. Default false. */
  readonly byInputs?: boolean | undefined;
}

/** Samples i … i + rows − 1 of one set with j … j + columns − 1 of another, or of the same. */
interface Tile {
  readonly a: PairSet;
  readonly b: PairSet;
  readonly i: number;
  readonly j: number;
  readonly rows: number;
  readonly columns: number;
  /** The same samples on both sides. */
  readonly own: boolean;
  /** How many pairs each stands for: itself, and its mirror image where the tile has none of its own. */
  readonly multiplicity: 1 | 2;
  /** Whether all products are formed, or those alone that derivatives need. */
  readonly summed: boolean;
}

/** Tables of one tile of pairs; made once. */
interface Tables {
  /** ⟨ã_i, ã_j⟩ by tap, ⟨δ_i, δ_j⟩ by tap, and the derivatives by them. */
  readonly grams: readonly Float64Array[];
  readonly gramBars: readonly Float64Array[];
  readonly deltas: readonly Float64Array[];
  readonly deltaBars: readonly Float64Array[];
  readonly weights: Float64Array;
  readonly products: Float64Array;
  readonly byInputs: Float64Array;
  /** A mixed block's products without ⟨ã_i, ã_j⟩ of its lower tap. */
  readonly inner: Float64Array;
  readonly curvature: Float64Array;
  readonly slopes: Float64Array;
  readonly cross: Float64Array;
  readonly crossBar: Float64Array;
  readonly left: Float64Array;
  readonly right: Float64Array;
}

export interface PairContraction {
  readonly blocks: readonly PairedBlock[];
  /** Makes room for what the pairs of these factors take. */
  prepare(factors: FactorSet): PairSet;
  /** Computes it: after every `fill` of the factors. */
  fill(set: PairSet): void;
  /**
   * Adds the sums over all pairs of `a` where it is `b`, otherwise over `a` × `b`, and with `mirrored` over `b` × `a` too.
   * With `differentiate`, which asks for one of these, what they add to the factors' adjoints.
   */
  contract(a: PairSet, b: PairSet, sums: PairSums, options: PairOptions): void;
  /**
   * After differentiating passes the adjoints of P and F on to the factors, before these are pulled back; and adds to `sums`
   * what the adjoints themselves tell, unless a visitor wanted to see all products.
   */
  pullBack(set: PairSet, sums: PairSums | undefined): void;
}

/**
 * tr H² over pairs of samples: Σ_ij ω_i ω_j ⟨H_i, H_j⟩, block by block. With G = ⟨ã_i, ã_j⟩ of a tap,
 *
 *   ⟨Xˡˡ_i, Xˡˡ_j⟩ (Gˡ)²  and, for l < m,  Gˡ (⟨Xᵐˡ_i, Xᵐˡ_j⟩ Gᵐ + ⟨δ_i, δ_j⟩⟨E_i, E_j⟩ + C_ij + C_ji),
 *   C_ij = Σ_q (X_iᵀ δ_j)_q (E_jᵀ a_i)_q.
 *
 * Memory beyond the factors: a few tiles, and P and F.
 */
export function createPairs(
  blocks: readonly PairedBlock[],
  count: number,
  differentiable: boolean,
): PairContraction {
  const taps = 1 + Math.max(-1, ...blocks.map(({ m }) => m));
  const side = sideOf(count);
  const used = Array.from({ length: taps }, (_, k) => ({
    gram: blocks.some(({ m, l }) => m === k || l === k),
    deltas: blocks.some(({ m, l, whole }) => whole && m === k && l < m),
  }));
  const table = (needed = true) => room(needed ? side * side : 0);
  const t: Tables = {
    grams: used.map(({ gram }) => table(gram)),
    gramBars: used.map(({ gram }, k) => table(gram && differentiable && k > 0)),
    deltas: used.map(({ deltas }) => table(deltas)),
    deltaBars: used.map(({ deltas }) => table(deltas && differentiable)),
    weights: table(),
    products: table(),
    byInputs: table(),
    inner: table(),
    curvature: table(),
    slopes: table(),
    cross: table(),
    crossBar: table(differentiable),
    left: table(),
    right: table(),
  };

  const contractTile = (
    tile: Tile,
    sums: PairSums,
    { differentiate = false, scales, start = 0, visit, byInputs = false }: PairOptions,
  ) => {
    const { a, b, i, j, rows, columns, own, multiplicity, summed } = tile;
    const size = rows * columns;
    for (let k = 0; k < taps; k++) {
      if (used[k].gram) innerProducts(t.grams[k], tile, a.factors.rows[k], b.factors.rows[k]);
      if (used[k].deltas) innerProducts(t.deltas[k], tile, a.factors.deltas[k], b.factors.deltas[k]);
      if (!differentiate) continue;
      t.gramBars[k].fill(0, 0, size);
      t.deltaBars[k].fill(0, 0, size);
    }
    for (let r = 0, at = 0; r < rows; r++) {
      const weight = multiplicity * a.factors.weights[i + r];
      for (let c = 0; c < columns; c++, at++) {
        t.weights[at] = weight * b.factors.weights[j + c];
        if (scales) t.weights[at] *= own && r === c ? scales.own[start + i + r] : scales.apart;
      }
    }
    t.products.fill(0, 0, visit ? size : 0);
    t.byInputs.fill(0, 0, byInputs ? size : 0);
    for (const block of blocks) {
      const { m, l, whole } = block;
      const at = blockAt(block);
      if (own && !summed) sums.own += ownOfUnsummed(a, block, i, rows);
      const values =
        m === l
          ? symmetricBlock(t, tile, l, differentiate)
          : whole
            ? mixedBlock(t, tile, m, l, differentiate)
            : inputBlock(t, tile, m, l, differentiate);
      const often = m === l ? 1 : 2;
      let square = 0;
      for (let pair = 0; pair < size; pair++) square += t.weights[pair] * values[pair];
      sums.squares[at] += square;
      if (own)
        for (let r = 0; r < rows; r++) sums.own += often * a.factors.weights[i + r] * values[r * columns + r];
      if (!visit) continue;
      for (let pair = 0; pair < size; pair++) t.products[pair] += often * values[pair];
      if (l > 0 || !byInputs) continue;
      // Of X ⊗ ããᵀ they are ⟨X_i, X_j⟩⟨ã_i, ã_j⟩².
      for (let pair = 0; pair < size; pair++)
        t.byInputs[pair] += 2 * (m === 0 ? t.curvature[pair] * t.grams[0][pair] : t.inner[pair]);
    }
    visit?.({ products: t.products, byInputs: t.byInputs, i, j, rows, columns, own });
    if (!differentiate) return;
    for (let k = 0; k < taps; k++) {
      if (k > 0 && used[k].gram) pullBackSymmetric(t.gramBars[k], tile, a.factors.rows[k], b.factors.rows[k]);
      if (used[k].deltas) pullBackSymmetric(t.deltaBars[k], tile, a.factors.deltas[k], b.factors.deltas[k]);
    }
  };

  return {
    blocks,
    prepare: (factors) => createPairSet(factors, blocks),
    fill({ factors, neighbours, scaled, outer }) {
      for (const m of neighbours) {
        fillNeighbours(factors, m, [0, factors.taps[m - 1].units], scaled[m], outer[m]);
        scaled[m].adjoint.fill(0);
        outer[m].adjoint.fill(0);
      }
    },
    contract(a, b, sums, options) {
      const summed = !options.differentiate || options.visit !== undefined;
      const count = a.factors.count;
      const same = a === b;
      for (let i = 0; i < count; i += side) {
        for (let j = same ? i : 0; j < b.factors.count; j += side) {
          const rows = Math.min(side, count - i);
          const columns = Math.min(side, b.factors.count - j);
          const own = same && i === j;
          const multiplicity = (same && !own) || options.mirrored ? 2 : 1;
          contractTile({ a, b, i, j, rows, columns, own, multiplicity, summed }, sums, options);
        }
      }
    },
    pullBack(set, sums) {
      const { factors, neighbours, scaled, outer } = set;
      if (sums) for (const block of blocks) sums.squares[blockAt(block)] += unsummed(set, block);
      for (const m of neighbours)
        pullBackNeighbours(factors, m, [0, factors.taps[m - 1].units], scaled[m], outer[m]);
    },
  };
}

/** ⟨H_i, H_j⟩ on the diagonal block of tap l. */
function symmetricBlock(t: Tables, tile: Tile, l: number, differentiate: boolean): Float64Array {
  const { curvature, grams, gramBars, weights, cross: values, crossBar } = t;
  const size = tile.rows * tile.columns;
  const [offA, onA] = tile.a.triangles[l];
  const [offB, onB] = tile.b.triangles[l];
  const summed = tile.summed || l > 0;
  if (summed) {
    innerProducts(curvature, tile, offA, offB, 2);
    addInnerProducts(curvature, tile, onA, onB);
  } else curvature.fill(0, 0, size);
  const gram = grams[l];
  const gramBar = gramBars[l];
  for (let at = 0; at < size; at++) {
    const g = gram[at];
    values[at] = curvature[at] * g * g;
    if (!differentiate) continue;
    const weight = weights[at] * g;
    if (l > 0) gramBar[at] += 2 * weight * curvature[at];
    crossBar[at] = weight * g;
  }
  if (differentiate) {
    pullBackSymmetric(crossBar, tile, offA, offB, 2);
    pullBackSymmetric(crossBar, tile, onA, onB);
  }
  return values;
}

/** ⟨H_i, H_j⟩ on the block between taps l < m. */
function mixedBlock(t: Tables, tile: Tile, m: number, l: number, differentiate: boolean): Float64Array {
  const { a, b } = tile;
  const { curvature, slopes, cross, crossBar, weights } = t;
  const size = tile.rows * tile.columns;
  const [xA, xB] = [a.factors.curvature[m][l], b.factors.curvature[m][l]];
  const [eA, eB] = [a.factors.slopes[m][l], b.factors.slopes[m][l]];
  const gram = t.grams[l];
  if (differentiate) for (let at = 0; at < size; at++) crossBar[at] = 2 * weights[at] * gram[at];
  innerProducts(curvature, tile, xA, xB);
  innerProducts(slopes, tile, eA, eB);
  cross.fill(0, 0, size);
  if (eA.diagonal) neighbourCross(t, tile, m, differentiate);
  else distantCross(t, tile, m, l, differentiate);
  if (tile.own) symmetrize(cross, tile.rows);

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

/** ⟨X_i, X_j⟩ Gˡ Gᵐ: of the block between taps l < m what X ⊗ a alone gives. */
function inputBlock(t: Tables, tile: Tile, m: number, l: number, differentiate: boolean): Float64Array {
  const { curvature, weights, cross: values } = t;
  const size = tile.rows * tile.columns;
  const [xA, xB] = [tile.a.factors.curvature[m][l], tile.b.factors.curvature[m][l]];
  const [gram, upper, gramBar, upperBar] = [t.grams[l], t.grams[m], t.gramBars[l], t.gramBars[m]];
  innerProducts(curvature, tile, xA, xB);
  for (let at = 0; at < size; at++) {
    const x = curvature[at];
    const both = gram[at] * upper[at];
    values[at] = x * both;
    if (!differentiate) continue;
    const weight = 2 * weights[at];
    if (l > 0) gramBar[at] += weight * x * upper[at];
    upperBar[at] += weight * x * gram[at];
    curvature[at] = weight * both;
  }
  if (differentiate) pullBackSymmetric(curvature, tile, xA, xB);
  return values;
}

/** Adds C_ij + C_ji for l = m − 1, or C_ij alone in a tile that is its own mirror image. */
function neighbourCross({ cross, crossBar }: Tables, tile: Tile, m: number, differentiate: boolean): void {
  const { a, b, own } = tile;
  if (tile.summed || m > 1) {
    addInnerProducts(cross, tile, a.scaled[m], b.outer[m]);
    if (!own) addInnerProducts(cross, tile, a.outer[m], b.scaled[m]);
  }
  if (!differentiate) return;
  pullBackInner(crossBar, tile, a.scaled[m], b.outer[m], own ? 2 : 1);
  if (!own) pullBackInner(crossBar, tile, a.outer[m], b.scaled[m], 1);
}

/** The same for taps further apart, column by column of X and E. */
function distantCross(t: Tables, tile: Tile, m: number, l: number, differentiate: boolean): void {
  const { a, b, own } = tile;
  const { inputs } = a.factors.taps[m];
  const columns = a.factors.taps[l].units;
  const inputsOf = ({ factors }: PairSet): SampleVectors => ({ ...factors.rows[m], width: inputs });
  const [aA, aB] = [inputsOf(a), inputsOf(b)];
  for (let q = 0; q < columns; q++) {
    const column = ({ data, adjoint, step }: SampleVectors, count: number): SampleVectors =>
      sampleRows(
        data.subarray(q * count * step, (q + 1) * count * step),
        step,
        adjoint.subarray(q * count * step, (q + 1) * count * step),
      );
    const xA = column(a.factors.curvature[m][l], a.factors.count);
    const eB = column(b.factors.slopes[m][l], b.factors.count);
    addCross(t, tile, [xA, b.factors.deltas[m]], [aA, eB], own ? 2 : 1, differentiate);
    if (own) continue;
    const xB = column(b.factors.curvature[m][l], b.factors.count);
    const eA = column(a.factors.slopes[m][l], a.factors.count);
    addCross(t, tile, [a.factors.deltas[m], xB], [eA, aB], 1, differentiate);
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

/** out = scale · ⟨f_i, g_j⟩ for the pairs of a tile, row-major. */
function innerProducts(out: Float64Array, tile: Tile, f: SampleVectors, g: SampleVectors, scale = 1): void {
  out.fill(0, 0, tile.rows * tile.columns);
  addInnerProducts(out, tile, f, g, scale);
}

function addInnerProducts(
  out: Float64Array,
  { i, j, rows, columns, own }: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale = 1,
): void {
  const c = { data: out, offset: 0, down: columns, across: 1 };
  const a = { data: f.data, offset: i * f.step, down: f.step, across: f.places };
  const b = { data: g.data, offset: j * g.step, down: g.places, across: g.step };
  if (own && f === g) addSymmetricProduct(c, a, b, [rows, f.width], scale);
  else addProduct(c, a, b, [rows, f.width, columns], scale);
}

/** Adds to the adjoints of f and g those of Σ_ij bar_ij ⟨f_i, g_j⟩. */
function pullBackInner(
  bar: Float64Array,
  tile: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale: number,
): void {
  addToRows(bar, tile, f, g, scale);
  addToColumns(bar, tile, f, g, scale);
}

/** The same where f and g are the vectors of one family: once where pairs stand for their mirror images. */
function pullBackSymmetric(
  bar: Float64Array,
  tile: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale = 1,
): void {
  addToRows(bar, tile, f, g, tile.own ? 2 * scale : scale);
  if (!tile.own) addToColumns(bar, tile, f, g, scale);
}

function addToRows(
  bar: Float64Array,
  { i, j, rows, columns }: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale: number,
): void {
  addProduct(
    { data: f.adjoint, offset: i * f.step, down: f.step, across: f.places },
    { data: bar, offset: 0, down: columns, across: 1 },
    { data: g.data, offset: j * g.step, down: g.step, across: g.places },
    [rows, columns, f.width],
    scale,
  );
}

function addToColumns(
  bar: Float64Array,
  { i, j, rows, columns }: Tile,
  f: SampleVectors,
  g: SampleVectors,
  scale: number,
): void {
  addProduct(
    { data: g.adjoint, offset: j * g.step, down: g.step, across: g.places },
    { data: bar, offset: 0, down: 1, across: columns },
    { data: f.data, offset: i * f.step, down: f.step, across: f.places },
    [columns, rows, g.width],
    scale,
  );
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
