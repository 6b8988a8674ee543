import { type FactorSet, type SampleVectors, sampleRows, triangleParts } from "../hessian/factors.js";
import { unwritten } from "../tensor/room.js";
import { createPairTerms, hasRest, type PairedBlock, type PairTerms } from "./pair-terms.js";

/** A factor, and the same in rows of one piece. */
interface Copy {
  readonly x: SampleVectors;
  readonly rows: SampleVectors;
}

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
  /** X, or copies in rows: many tiles read them, and add to their adjoints, faster where they lie in one piece. */
  readonly curvature: readonly (readonly SampleVectors[])[];
  readonly copies: readonly Copy[];
  /** Off and on the diagonal of Xˡˡ. */
  readonly triangles: readonly (readonly [SampleVectors, SampleVectors])[];
}

/** @param blocks that are differentiated @param plain those that are not @param copied whether curvature is copied into rows */
export function createPairSet(
  factors: FactorSet,
  blocks: readonly PairedBlock[],
  plain: readonly PairedBlock[],
  copied: boolean,
): PairSet {
  const { taps, count, slopes } = factors;
  const neighbours = blocks
    .filter((block) => hasRest(block) && slopes[block.m][block.l].diagonal)
    .map(({ m }) => m);
  const inRows = (width: number) => sampleRows(unwritten(count * width), width, unwritten(count * width));
  const curvature = factors.curvature.map((row) => row.slice());
  const copies: Copy[] = [];
  for (const { m, l } of copied ? blocks : []) {
    // Between taps apart X is read column by column.
    if (l < m && !slopes[m][l].diagonal) continue;
    const x = curvature[m][l];
    curvature[m][l] = inRows(x.width);
    copies.push({ x, rows: curvature[m][l] });
  }
  const products = () =>
    taps.map(({ units }, m) => inRows(neighbours.includes(m) ? units * taps[m - 1].units : 0));
  return {
    factors,
    terms: plain.map((block) => createPairTerms(factors, block)),
    neighbours,
    scaled: products(),
    outer: products(),
    curvature,
    copies,
    triangles: taps.map((_, l) => triangleParts(factors.curvature[l][l])),
  };
}

/** Samples that are copied together: columns of one lie far from one another, but near those of the next. */
const TOGETHER = 8;

/** Fills the copies, whose adjoints begin at 0. */
export function fillCopies({ factors: { count }, copies }: PairSet): void {
  for (const { x, rows } of copies) {
    const places = x.places as Int32Array;
    rows.adjoint.fill(0);
    for (let start = 0; start < count; start += TOGETHER) {
      const end = Math.min(start + TOGETHER, count);
      for (let e = 0; e < x.width; e++)
        for (let i = start; i < end; i++) rows.data[i * x.width + e] = x.data[i * x.step + places[e]];
    }
  }
}

/** Adds their adjoints to those of what they are copies of. */
export function pullBackCopies({ factors: { count }, copies }: PairSet): void {
  for (const { x, rows } of copies) {
    const places = x.places as Int32Array;
    for (let start = 0; start < count; start += TOGETHER) {
      const end = Math.min(start + TOGETHER, count);
      for (let e = 0; e < x.width; e++)
        for (let i = start; i < end; i++) x.adjoint[i * x.step + places[e]] += rows.adjoint[i * x.width + e];
    }
  }
}
