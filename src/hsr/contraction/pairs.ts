import type { FactorSet } from "../../hessian/factors.js";
import { fillNeighbours, pullBackNeighbours } from "../../hessian/neighbours.js";
import { doubleOff } from "./pair-blocks.js";
import { createPairSet, fillCopies, type PairSet, pullBackCopies } from "./pair-set.js";
import type { PairedBlock } from "./pair-terms.js";
import { type PairOptions, pairThreads } from "./pair-threads.js";
import { blockAt } from "./route.js";
import { createTileContraction, type PairSums, type TilePlan } from "./tile-contraction.js";
import { tileRounds } from "./tile-rounds.js";
import { unsummed } from "./unsummed.js";

/**
 * Samples per side of a tile of pairs. Tiles are small where there are few: with derivatives both halves of one on the diagonal
 * are formed. Large ones take less packing.
 */
function sideOf(count: number, differentiate: boolean): number {
  const most = count < 256 && differentiate ? 64 : count < 1024 ? 128 : 256;
  return Math.ceil(count / Math.ceil(count / most));
}

/** Tiles beside one another for which copies of the factors in rows would cost more than they save. */
const FEW = 4;

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
  const side = all.length === 0 ? 0 : sideOf(count, differentiate);
  const plan: TilePlan = { blocks, shown, differentiate, side };
  const contractTile = createTileContraction(plan);
  return {
    blocks,
    prepare: (factors) =>
      createPairSet(
        factors,
        differentiate ? blocks : [],
        differentiate ? shown : all,
        factors.count > FEW * side,
      ),
    fill(set) {
      const { factors, neighbours, vectors } = set;
      const { scaled, outer, terms } = vectors;
      fillCopies(set);
      for (const each of terms) each?.fill();
      for (const m of neighbours) {
        fillNeighbours(factors, m, [0, factors.taps[m - 1].units], scaled[m], outer[m]);
        scaled[m].adjoint.fill(0);
        outer[m].adjoint.fill(0);
      }
    },
    contract({ vectors: a }, { vectors: b }, sums, options) {
      const { visit, mirrored = false } = options;
      if (!visit && pairThreads()?.contract(plan, contractTile, a, b, sums, options)) return;
      const tiling = { side, mirrored, differentiate, summed: !differentiate || visit !== undefined };
      for (const round of tileRounds(a, b, tiling))
        for (const tile of round) contractTile(tile, sums, options);
    },
    pullBack(set, sums) {
      const { factors, neighbours, vectors } = set;
      const { scaled, outer } = vectors;
      pullBackCopies(set);
      for (const block of blocks) {
        const { m, l } = block;
        const doubled = m === l ? doubleOff(factors.curvature[l][l], factors.count) : 0;
        if (sums) sums.squares[blockAt(block)] += unsummed(vectors, block, doubled);
      }
      for (const m of neighbours)
        pullBackNeighbours(factors, m, [0, factors.taps[m - 1].units], scaled[m], outer[m]);
    },
  };
}
