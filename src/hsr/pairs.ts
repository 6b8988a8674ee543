import type { FactorSet } from "../hessian/factors.js";
import { fillNeighbours, pullBackNeighbours } from "../hessian/neighbours.js";
import { room } from "../tensor/room.js";
import { doubleOff, inputBlock, mixedBlock, symmetricBlock, type Tables } from "./pair-blocks.js";
import { createPairSet, type PairedBlock, type PairSet } from "./pair-set.js";
import { innerProducts, pullBackSymmetric, type Tile } from "./pair-tiles.js";
import { blockAt } from "./route.js";
import { ownOfUnsummed, unsummed } from "./unsummed.js";

/** Samples per side of a tile of pairs: few, where a tile on the diagonal is much of the work; many take less packing. */
function sideOf(count: number): number {
  const most = count < 256 ? 64 : count < 1024 ? 128 : 256;
  return Math.ceil(count / Math.ceil(count / most));
}

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
      if (values === undefined) continue;
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
      for (const { m, l } of blocks) if (m === l) doubleOff(factors.curvature[l][l], factors.count);
      if (sums) for (const block of blocks) sums.squares[blockAt(block)] += unsummed(set, block);
      for (const m of neighbours)
        pullBackNeighbours(factors, m, [0, factors.taps[m - 1].units], scaled[m], outer[m]);
    },
  };
}
