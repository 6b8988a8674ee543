import type { FactorSet } from "../hessian/factors.js";
import { fillNeighbours, pullBackNeighbours } from "../hessian/neighbours.js";
import { unwritten } from "../tensor/room.js";
import {
  addPlainProducts,
  addScaledPairs,
  differentiatedProducts,
  doubleOff,
  type Tables,
} from "./pair-blocks.js";
import { createPairSet, fillCopies, type PairSet, pullBackCopies } from "./pair-set.js";
import { hasRest, type PairedBlock } from "./pair-terms.js";
import { innerProducts, pullBackSymmetric, type Tile } from "./pair-tiles.js";
import { blockAt } from "./route.js";
import { ownOfUnsummed, unsummed } from "./unsummed.js";

/**
 * Samples per side of a tile of pairs: few, where a tile on the diagonal is much of the work and both its halves are formed;
 * many take less packing.
 */
function sideOf(count: number, differentiate: boolean): number {
  const most = count < 256 && differentiate ? 64 : count < 1024 ? 128 : 256;
  return Math.ceil(count / Math.ceil(count / most));
}

/** Tiles beside one another for which copies of the factors in rows would cost more than they save. */
const FEW = 4;

/** Sums over pairs of samples, block by block. */
export interface PairSums {
  /** Σ_ij ω_i ω_j ⟨A_i, B_j⟩ of each block, counted once: its squared norm where A is B. */
  readonly squares: Float64Array;
  /** Σ_i ω_i ⟨A_i, A_i⟩ over all of the blocks, as often as they stand in H. */
  own: number;
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
  readonly own: boolean;
}

/** Factors of ω_i ω_j: for pairs of different samples, and of each of all N with itself. */
export interface PairScales {
  readonly apart: number;
  readonly own: Float64Array;
}

export interface PairOptions {
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

export interface PairContraction {
  /** Those that are summed. */
  readonly blocks: readonly PairedBlock[];
  /** Makes room for what the pairs of these factors take. */
  prepare(factors: FactorSet): PairSet;
  /** Computes it: after every `fill` of the factors. */
  fill(set: PairSet): void;
  /**
   * Adds the sums over all pairs of `a` where it is `b`, otherwise over `a` × `b`, and with `mirrored` over `b` × `a` too.
   * Where they are differentiated, one of these must hold, and the factors' adjoints get what the sums add to them.
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
 * Memory beyond the factors: a few tiles, P and F, and of many samples copies of X and its adjoint.
 * @param blocks that are summed @param differentiate whether with derivatives @param shown what visitors see besides
 */
export function createPairs(
  blocks: readonly PairedBlock[],
  count: number,
  differentiate: boolean,
  shown: readonly PairedBlock[] = [],
): PairContraction {
  const all = [...blocks, ...shown];
  const plain = differentiate ? shown : all;
  const needsDeltas = (block: PairedBlock) =>
    hasRest(block) && ((differentiate && blocks.includes(block)) || block.l < block.m - 1);
  const taps = 1 + Math.max(-1, ...all.map(({ m }) => m));
  const side = all.length === 0 ? 0 : sideOf(count, differentiate);
  const used = Array.from({ length: taps }, (_, k) => ({
    gram: all.some(({ m, l }) => m === k || l === k),
    deltas: all.some((block) => block.m === k && needsDeltas(block)),
  }));
  const table = (needed = true) => unwritten(needed ? side * side : 0);
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
    { a, b, i, j, rows, columns, own, upper, multiplicity }: Tile,
    scales: PairScales | undefined,
    start: number,
  ) => {
    const { weights } = t;
    const [first, second] = [a.factors.weights, b.factors.weights];
    for (let r = 0, at = 0; r < rows; r++) {
      const weight = first[i + r];
      for (let c = 0; c < columns; c++, at++) {
        const often = upper && r !== c ? 2 : multiplicity;
        weights[at] = often * weight * second[j + c];
        if (scales) weights[at] *= own && r === c ? scales.own[start + i + r] : scales.apart;
      }
    }
  };

  const contractTile = (
    tile: Tile,
    sums: PairSums,
    { scales, start = 0, visit, byInputs = false }: PairOptions,
  ) => {
    const { a, b, i, j, rows, columns, own, summed, upper } = tile;
    const size = rows * columns;
    for (let k = 0; k < taps; k++) {
      if (used[k].gram) innerProducts(t.grams[k], tile, a.factors.rows[k], b.factors.rows[k]);
      if (used[k].deltas) innerProducts(t.deltas[k], tile, a.factors.deltas[k], b.factors.deltas[k]);
      if (!differentiate) continue;
      t.gramBars[k].fill(0, 0, size);
      t.deltaBars[k].fill(0, 0, size);
    }
    const { products, weights } = t;
    if (blocks.length > 0) fillWeights(tile, scales, start);
    products.fill(0, 0, visit ? size : 0);
    t.byInputs.fill(0, 0, byInputs ? size : 0);
    const inputs = byInputs ? t.byInputs : undefined;
    for (let number = 0; number < blocks.length; number++) {
      const block = blocks[number];
      const { m, l } = block;
      const often = m === l ? 1 : 2;
      if (own && !summed) sums.own += ownOfUnsummed(a, block, i, rows);
      // Plain values are of the block as often as it stands in H.
      const missing = differentiate ? often : 1;
      let values = t.values;
      if (differentiate) {
        const known = differentiatedProducts(t, tile, block);
        if (known === undefined) continue;
        values = known;
        if (inputs && l === 0) addScaledPairs(inputs, 2, t.inner, tile);
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
      if (own)
        for (let r = 0; r < rows; r++)
          sums.own += missing * a.factors.weights[i + r] * values[r * columns + r];
      if (visit) addScaledPairs(products, missing, values, tile);
    }
    if (visit) {
      addPlainProducts(products, inputs, t, tile, shown, plain.length - shown.length);
      visit({ products, byInputs: t.byInputs, i, j, rows, columns, own });
    }
    if (!differentiate) return;
    for (let k = 0; k < taps; k++) {
      if (k > 0 && used[k].gram) pullBackSymmetric(t.gramBars[k], tile, a.factors.rows[k], b.factors.rows[k]);
      if (used[k].deltas) pullBackSymmetric(t.deltaBars[k], tile, a.factors.deltas[k], b.factors.deltas[k]);
    }
  };

  return {
    blocks,
    prepare: (factors) =>
      createPairSet(factors, differentiate ? blocks : [], plain, factors.count > FEW * side),
    fill(set) {
      const { factors, neighbours, scaled, outer, terms } = set;
      fillCopies(set);
      for (const each of terms) each?.fill();
      for (const m of neighbours) {
        fillNeighbours(factors, m, [0, factors.taps[m - 1].units], scaled[m], outer[m]);
        scaled[m].adjoint.fill(0);
        outer[m].adjoint.fill(0);
      }
    },
    contract(a, b, sums, options) {
      const summed = !differentiate || options.visit !== undefined;
      const count = a.factors.count;
      const same = a === b;
      for (let i = 0; i < count; i += side) {
        for (let j = same ? i : 0; j < b.factors.count; j += side) {
          const rows = Math.min(side, count - i);
          const columns = Math.min(side, b.factors.count - j);
          const own = same && i === j;
          const multiplicity = (same && !own) || options.mirrored ? 2 : 1;
          contractTile(
            { a, b, i, j, rows, columns, own, upper: own && !differentiate, multiplicity, summed },
            sums,
            options,
          );
        }
      }
    },
    pullBack(set, sums) {
      const { factors, neighbours, scaled, outer } = set;
      pullBackCopies(set);
      for (const block of blocks) {
        const { m, l } = block;
        const doubled = m === l ? doubleOff(factors.curvature[l][l], factors.count) : 0;
        if (sums) sums.squares[blockAt(block)] += unsummed(set, block, doubled);
      }
      for (const m of neighbours)
        pullBackNeighbours(factors, m, [0, factors.taps[m - 1].units], scaled[m], outer[m]);
    },
  };
}
