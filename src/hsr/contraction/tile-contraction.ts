import { uninitialized } from "../../tensor/scratch.js";
import { addPlainProducts, addScaledPairs, differentiatedProducts, type Tables } from "./pair-blocks.js";
import { hasRest, type PairedBlock } from "./pair-terms.js";
import { innerProducts, pullBackSymmetric, type Tile } from "./pair-tiles.js";
import { blockAt, timesInH } from "./route.js";
import { selfOfUnsummed } from "./unsummed.js";

/** Sums over pairs of samples, block by block. */
export interface PairSums {
  /** Σ_ij ω_i ω_j ⟨A_i, B_j⟩ of each block, counted once: its squared norm where A is B. */
  readonly squares: Float64Array;
  /** Σ_i ω_i ⟨A_i, A_i⟩ over all of the blocks, as often as they stand in H. */
  self: number;
}

/**
 * ⟨H_i, H_j⟩ of samples i … i + rows − 1 with j … j + columns − 1, row-major; the memory is used again. In a tile that is its
 * own mirror image those on the diagonal and above it count.
 */
export interface PairTile {
  readonly products: Float64Array;
  /** Where they are wanted, their derivatives by ⟨ã_i, ã_j⟩ of the first tap's rows, with X, δ and E fixed. */
  readonly byInputs: Float64Array;
  readonly i: number;
  readonly j: number;
  readonly rows: number;
  readonly columns: number;
  /** The same samples on both sides: the tile is its own mirror image, and has none elsewhere. */
  readonly onDiagonal: boolean;
}

/** Factors of ω_i ω_j: for pairs of different samples, and of each of all N with itself. */
export interface PairScales {
  readonly apart: number;
  readonly self: Float64Array;
}

/** How the pairs of a tile are contracted. */
export interface TileOptions {
  /** Default: 1 and 1. `PairSums.self` is without them. */
  readonly scales?: PairScales | undefined;
  /** Among all N, the first sample of `a`. Default 0. */
  readonly start?: number | undefined;
  /** Is shown every tile, once for itself and its mirror image. */
  readonly visit?: ((tile: PairTile) => void) | undefined;
  /** Whether it wants the derivatives by inputs. Default false. */
  readonly byInputs?: boolean | undefined;
}

/** Adds the sums over a tile's pairs, and to the factors' adjoints, where they are differentiated, what these give. */
export type ContractTile = (tile: Tile, sums: PairSums, options: TileOptions) => void;

/** What one thread takes to contract tiles. */
export interface TilePlan {
  /** Those that are summed. */
  readonly blocks: readonly PairedBlock[];
  /** What visitors see besides. */
  readonly shown: readonly PairedBlock[];
  readonly differentiate: boolean;
  /** Samples per side of a tile at most. */
  readonly side: number;
}

/** Memory: a few tables of a tile. */
export function createTileContraction({ blocks, shown, differentiate, side }: TilePlan): ContractTile {
  const all = [...blocks, ...shown];
  const plain = differentiate ? shown : all;
  const needsDeltas = (block: PairedBlock) =>
    hasRest(block) && ((differentiate && blocks.includes(block)) || block.l < block.m - 1);
  const taps = 1 + Math.max(-1, ...all.map(({ m }) => m));
  const used = Array.from({ length: taps }, (_, k) => ({
    gram: all.some(({ m, l }) => m === k || l === k),
    deltas: all.some((block) => block.m === k && needsDeltas(block)),
  }));
  const table = (needed = true) => uninitialized(needed ? side * side : 0);
  const t: Tables = {
    grams: used.map(({ gram }) => table(gram)),
    gramBars: used.map(({ gram }, k) => table(gram && differentiate && k > 0)),
    deltas: used.map(({ deltas }) => table(deltas)),
    deltaBars: used.map(({ deltas }) => table(deltas && differentiate)),
    weights: table(),
    products: table(),
    values: table(!differentiate),
    byInputs: table(),
    inner: table(),
    curvature: table(),
    slopes: table(),
    cross: table(),
    crossBar: table(differentiate),
    left: table(),
    right: table(),
  };

  const fillWeights = (
    { a, b, i, j, rows, columns, onDiagonal, upper, multiplicity }: Tile,
    scales: PairScales | undefined,
    start: number,
  ) => {
    const { weights } = t;
    const [first, second] = [a.weights, b.weights];
    const often = upper ? 2 : multiplicity;
    const apart = scales ? often * scales.apart : often;
    for (let r = 0, at = 0; r < rows; r++) {
      const weight = first[i + r];
      for (let c = 0; c < columns; c++, at++) weights[at] = apart * (weight * second[j + c]);
      if (!onDiagonal) continue;
      const self = scales ? multiplicity * scales.self[start + i + r] : multiplicity;
      weights[r * columns + r] = self * (weight * second[j + r]);
    }
  };

  return (tile, sums, { scales, start = 0, visit, byInputs = false }) => {
    const { a, b, i, j, rows, columns, onDiagonal, summed, upper } = tile;
    const size = rows * columns;
    for (let k = 0; k < taps; k++) {
      if (used[k].gram) innerProducts(t.grams[k], tile, a.rows[k], b.rows[k]);
      if (used[k].deltas) innerProducts(t.deltas[k], tile, a.deltas[k], b.deltas[k]);
      if (!differentiate) continue;
      t.gramBars[k].fill(0, 0, size);
      t.deltaBars[k].fill(0, 0, size);
    }
    const { products, weights } = t;
    if (blocks.length > 0) fillWeights(tile, scales, start);
    products.fill(0, 0, visit ? size : 0);
    t.byInputs.fill(0, 0, byInputs ? size : 0);
    const inputs = byInputs ? t.byInputs : undefined;
    const ofSamples = a.weights;
    let ofSelf = 0;
    for (let number = 0; number < blocks.length; number++) {
      const block = blocks[number];
      const often = timesInH(block);
      if (onDiagonal && !summed) ofSelf += selfOfUnsummed(a, block, i, rows);
      // Plain values are of the block as often as it stands in H.
      const missing = differentiate ? often : 1;
      let values = t.values;
      if (differentiate) {
        const known = differentiatedProducts(t, tile, block);
        if (known === undefined) continue;
        values = known;
        if (inputs && block.l === 0) addScaledPairs(inputs, 2, t.inner, tile);
      } else {
        values.fill(0, 0, size);
        addPlainProducts(values, inputs, t, tile, [block], number);
      }
      let square = 0;
      for (let r = 0; r < rows; r++) {
        const end = (r + 1) * columns;
        for (let at = r * columns + (upper ? r : 0); at < end; at++) square += weights[at] * values[at];
      }
      sums.squares[blockAt(block)] += (square * missing) / often;
      if (onDiagonal)
        for (let r = 0; r < rows; r++) ofSelf += missing * ofSamples[i + r] * values[r * columns + r];
      if (visit) addScaledPairs(products, missing, values, tile);
    }
    sums.self += ofSelf;
    if (visit) {
      addPlainProducts(products, inputs, t, tile, shown, plain.length - shown.length);
      visit({ products, byInputs: t.byInputs, i, j, rows, columns, onDiagonal });
    }
    if (!differentiate) return;
    for (let k = 0; k < taps; k++) {
      if (k > 0 && used[k].gram) pullBackSymmetric(t.gramBars[k], tile, a.rows[k], b.rows[k]);
      if (used[k].deltas) pullBackSymmetric(t.deltaBars[k], tile, a.deltas[k], b.deltas[k]);
    }
  };
}
