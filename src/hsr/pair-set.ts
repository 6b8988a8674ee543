import { type FactorSet, type SampleVectors, sampleRows, triangleParts } from "../hessian/factors.js";
import { room } from "../tensor/room.js";
import type { Block } from "./route.js";

/** A block, or of one between neighbours only what X ⊗ a alone gives. */
export interface PairedBlock extends Block {
  readonly whole: boolean;
}

/**
 * Factors with what pairs take beside them for neighbouring taps, l = m − 1, where E is a diagonal d: P = Xᵐˡ diag a and
 * F = δ dᵀ, so that ⟨P_i, F_j⟩ is the inner product of Xᵐˡ_i ⊗ a_i with δ_j ⊗ E_j.
 */
export interface PairSet {
  readonly factors: FactorSet;
  /** The taps m that have P and F. */
  readonly neighbours: readonly number[];
  readonly scaled: readonly SampleVectors[];
  readonly outer: readonly SampleVectors[];
  /** Off and on the diagonal of Xˡˡ. */
  readonly triangles: readonly (readonly [SampleVectors, SampleVectors])[];
}

export function createPairSet(factors: FactorSet, blocks: readonly PairedBlock[]): PairSet {
  const { taps, count, curvature, slopes } = factors;
  const neighbours = blocks
    .filter(({ m, l, whole }) => whole && l < m && slopes[m][l].diagonal)
    .map(({ m }) => m);
  const products = () =>
    taps.map(({ units }, m) => {
      const width = neighbours.includes(m) ? units * taps[m - 1].units : 0;
      const differentiate = curvature[m][0].adjoint.length > 0;
      return sampleRows(room(count * width), width, room(differentiate ? count * width : 0));
    });
  return {
    factors,
    neighbours,
    scaled: products(),
    outer: products(),
    triangles: taps.map((_, l) => triangleParts(curvature[l][l])),
  };
}
