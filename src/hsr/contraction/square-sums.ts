import type { FactorSet } from "../../hessian/factors.js";
import type { CurvaturePart } from "../../nn/dense/tangents.js";
import type { Tensor } from "../../tensor/view.js";
import type { Chunks } from "./chunks.js";
import type { Plan } from "./contraction-plan.js";
import type { FormedSlab } from "./formed-slab.js";
import { type Block, blockAt, timesInH } from "./route.js";
import type { PairScales, PairSums, PairTile } from "./tile-contraction.js";

/** Takes factors of the samples from `from` on. */
export type FactorVisitor = (factors: FactorSet, from: number) => void;

/** Takes ⟨H_i, H_j⟩ of pairs of samples. */
export type PairVisitor = (tile: PairTile) => void;

/** How squares are summed. */
export interface Summation {
  readonly part?: CurvaturePart;
  /** Takes what was added to the adjoints of a chunk where others follow; without it there are no adjoints. */
  readonly take?: FactorVisitor | undefined;
  readonly scales?: PairScales;
  readonly visit?: PairVisitor | undefined;
  readonly byInputs?: boolean | undefined;
}

/** The sums that tr H² consists of, chunk by chunk. */
interface SquareSums {
  /** Over pairs of samples. */
  ofPairs(plan: Plan, how: Summation): PairSums;
  /** Adds to `squares` those over H's entries. @param shift taken from H's diagonal, where all blocks are formed */
  addFormed(plan: Plan, squares: Float64Array, how: Summation, shift: number): void;
  /** ⟨A, B⟩ of two parts of H, block by block. */
  inner(plan: Plan, a: CurvaturePart, b: CurvaturePart): Float64Array;
}

export function createSquareSums(blocks: readonly Block[], chunks: Chunks): SquareSums {
  const several = chunks.count > 1;
  const everyChunk = Array.from({ length: chunks.count }, (_, chunk) => chunk);
  const noSums = (): PairSums => ({ squares: new Float64Array(blocks.length), self: 0 });

  /** Where samples come in several chunks: a chunk's adjoints are taken before they are overwritten. */
  const passOn = (factors: FactorSet, chunk: number, take: FactorVisitor) => {
    if (!several) return;
    take(factors, chunks.startOf(chunk));
    clearAdjoints(factors);
  };

  /** A slab's values over all samples. */
  const form = ({ formed }: Plan, slab: FormedSlab, memory: 0 | 1, part: CurvaturePart): Tensor => {
    const values = formed.memoryFor(slab, memory);
    for (const chunk of everyChunk) {
      const factors = chunks.load(chunk, memory, part);
      slab.fill(factors);
      slab.add(factors, values, chunk === 0 ? 0 : 1);
    }
    return values;
  };

  return {
    ofPairs(plan, { part = "hessian", take, scales, visit, byInputs }) {
      const { pairs } = plan;
      const sums = noSums();
      const summed = pairs.blocks.length > 0;
      if (!summed && !visit) return sums;
      const differentiate = summed && take !== undefined;
      for (const first of everyChunk) {
        const a = plan.pairSet(chunks.load(first, 0, part));
        const options = (second: number) => ({
          scales,
          start: chunks.startOf(first),
          mirrored: second !== first,
          byInputs,
          visit: visit && placed(visit, chunks.startOf(first), chunks.startOf(second)),
        });
        pairs.contract(a, a, sums, options(first));
        for (const second of everyChunk.slice(first + 1)) {
          const b = plan.pairSet(chunks.load(second, 1, part));
          pairs.contract(a, b, sums, options(second));
          if (!differentiate) continue;
          pairs.pullBack(b, visit ? undefined : sums);
          passOn(b.factors, second, take);
        }
        if (!differentiate) continue;
        pairs.pullBack(a, visit ? undefined : sums);
        passOn(a.factors, first, take);
      }
      return sums;
    },
    addFormed(plan, squares, { part = "hessian", take }, shift) {
      plan.formed.each((block, slab) => {
        const values = form(plan, slab, 0, part);
        if (shift !== 0) slab.shift?.(values, shift);
        squares[blockAt(block)] += slab.inner(values, values);
        if (!take) return;
        slab.toAdjoint(values, timesInH(block));
        for (const chunk of everyChunk) {
          const factors = chunks.load(chunk, 0, part);
          if (several) slab.fill(factors);
          slab.pullBack(factors, values);
          passOn(factors, chunk, take);
        }
      });
    },
    inner(plan, a, b) {
      const sums = noSums();
      if (plan.pairs.blocks.length > 0) {
        for (const first of everyChunk) {
          const one = plan.pairSet(chunks.load(first, 0, a));
          for (const second of everyChunk)
            plan.pairs.contract(one, plan.pairSet(chunks.load(second, 1, b)), sums, {});
        }
      }
      plan.formed.each((block, slab) => {
        const first = form(plan, slab, 0, a);
        const second = form(plan, slab, 1, b);
        sums.squares[blockAt(block)] += slab.inner(first, second);
      });
      return sums.squares;
    },
  };
}

export function clearAdjoints({ adjoints }: FactorSet): void {
  for (const adjoint of adjoints) adjoint.fill(0);
}

/** From places in two chunks to those among all samples. */
function placed(visit: PairVisitor, first: number, second: number): PairVisitor {
  return (tile) => visit({ ...tile, i: first + tile.i, j: second + tile.j });
}
