import { type FactorSet, type SampleVectors, sampleRows, triangleParts } from "../hessian/factors.js";
import { unwritten } from "../tensor/room.js";
import { createPairTerms, hasRest, type PairedBlock, type PairTerms } from "./pair-terms.js";

/**
 * Factors with what pairs take beside them for neighbouring taps, l = m − 1, where E is a diagonal d: P = Xᵐˡ diag a and
 * F = δ dᵀ, so that ⟨P_i, F_j⟩ is the inner product of Xᵐˡ_i ⊗ a_i with δ_j ⊗ E_j.
 */
export interface PairSet {
  readonly factors: FactorSet;
  /** Of the blocks that are not differentiated, in their order. */
  readonly terms: readonly (PairTerms | undefined)[];
  /** The taps m that have P and F. */
  readonly neighbours: readonly number[];
  readonly scaled: readonly SampleVectors[];
  readonly outer: readonly SampleVectors[];
  /** Off and on the diagonal of Xˡˡ. */
  readonly triangles: readonly (readonly [SampleVectors, SampleVectors])[];
}

/** @param blocks that are differentiated @param plain those that are not */
export function createPairSet(
  factors: FactorSet,
  blocks: readonly PairedBlock[],
  plain: readonly PairedBlock[],
): PairSet {
  const { taps, count, curvature, slopes } = factors;
  const neighbours = blocks
    .filter((block) => hasRest(block) && slopes[block.m][block.l].diagonal)
    .map(({ m }) => m);
  const products = () =>
    taps.map(({ units }, m) => {
      const width = neighbours.includes(m) ? units * taps[m - 1].units : 0;
      return sampleRows(unwritten(count * width), width, unwritten(count * width));
    });
  return {
    factors,
    terms: plain.map((block) => createPairTerms(factors, block)),
    neighbours,
    scaled: products(),
    outer: products(),
    triangles: taps.map((_, l) => triangleParts(curvature[l][l])),
  };
}
