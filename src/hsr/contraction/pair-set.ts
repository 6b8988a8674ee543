import {
  type FactorSet,
  type Factors,
  type SampleVectors,
  type Slopes,
  sampleRows,
  triangleParts,
} from "../../hessian/factors.js";
import { uninitialized } from "../../tensor/scratch.js";
import { createPairTerms, hasRest, type PairedBlock, type PairTerms } from "./pair-terms.js";

/** A factor, and the same in rows of one piece. */
interface Copy {
  readonly x: SampleVectors;
  readonly rows: SampleVectors;
}

/** What pairs read of the factors of some samples. */
export interface PairVectors extends Factors {
  /** X, or copies in rows: many tiles read them, and add to their adjoints, faster where they lie in one piece. */
  readonly curvature: readonly (readonly SampleVectors[])[];
  /** Off and on the diagonal of Xˡˡ. */
  readonly triangles: readonly (readonly [SampleVectors, SampleVectors])[];
  /**
   * P = Xᵐˡ diag a and F = δ dᵀ for neighbouring taps, l = m − 1, where E is a diagonal d: ⟨P_i, F_j⟩ is the inner product of
   * Xᵐˡ_i ⊗ a_i with δ_j ⊗ E_j.
   */
  readonly scaled: readonly SampleVectors[];
  readonly outer: readonly SampleVectors[];
  /** Of the blocks that are not differentiated, in their order. */
  readonly terms: readonly (PairTerms | undefined)[];
}

/** Factors with what pairs take beside them. */
export interface PairSet {
  readonly factors: FactorSet;
  readonly vectors: PairVectors;
  /** The taps m that have P and F. */
  readonly neighbours: readonly number[];
  readonly copies: readonly Copy[];
}

/** Whether ⟨X_i, X_j⟩ is wanted. */
const readsCurvature = ({ of }: PairedBlock): boolean => of !== "rest";

const none: Slopes = { ...sampleRows(new Float64Array(0), 0), diagonal: true };

/** @param blocks that are differentiated @param plain those that are not @param copied whether curvature is copied into rows */
export function createPairSet(
  factors: FactorSet,
  blocks: readonly PairedBlock[],
  plain: readonly PairedBlock[],
  copied: boolean,
): PairSet {
  const { taps, count, rows, deltas } = factors;
  const used = [...blocks, ...plain];
  const isUsed = (m: number, l: number) => used.some((block) => block.m === m && block.l === l);
  const slopes = factors.slopes.map((row, m) => row.map((e, l) => (isUsed(m, l) ? e : none)));
  const neighbours = blocks
    .filter((block) => hasRest(block) && slopes[block.m][block.l].diagonal)
    .map(({ m }) => m);
  const inRows = (width: number, differentiated: boolean) =>
    sampleRows(uninitialized(count * width), width, uninitialized(differentiated ? count * width : 0));
  const curvature = factors.curvature.map((row, m) => row.map((x, l) => (isUsed(m, l) ? x : none)));
  const copies: Copy[] = [];
  for (const block of copied ? used : []) {
    const { m, l } = block;
    const x = factors.curvature[m][l];
    // Between taps apart X is read column by column, or as part of the terms.
    if (curvature[m][l] !== x || (l < m && !slopes[m][l].diagonal) || !readsCurvature(block)) continue;
    curvature[m][l] = inRows(x.width, blocks.includes(block));
    copies.push({ x, rows: curvature[m][l] });
  }
  const products = () =>
    taps.map(({ units }, m) => inRows(neighbours.includes(m) ? units * taps[m - 1].units : 0, true));
  const vectors: PairVectors = {
    taps,
    count,
    // Others for every run of samples that the factors are filled with.
    get weights() {
      return factors.weights;
    },
    rows,
    deltas,
    slopes,
    curvature,
    triangles: taps.map(({ units }, l) =>
      isUsed(l, l) ? triangleParts(curvature[l][l], units) : [none, none],
    ),
    scaled: products(),
    outer: products(),
    terms: plain.map((block) => createPairTerms(factors, block)),
  };
  return { factors, vectors, neighbours, copies };
}

/** Samples that are copied together: columns of one lie far from one another, but near those of the next. */
const TOGETHER = 8;

/** Fills the copies, whose adjoints begin at 0. */
export function fillCopies({ factors: { count }, copies }: PairSet): void {
  for (const { x, rows } of copies) {
    rows.adjoint.fill(0);
    copyRows(rows.data, x.data, x, count);
  }
}

function copyRows(
  out: Float64Array,
  data: Float64Array,
  { step, width, places }: SampleVectors,
  count: number,
): void {
  const table = places as Int32Array;
  for (let start = 0; start < count; start += TOGETHER) {
    const end = Math.min(start + TOGETHER, count);
    for (let e = 0; e < width; e++) {
      let from = start * step + table[e];
      for (let to = start * width + e, last = end * width; to < last; to += width, from += step)
        out[to] = data[from];
    }
  }
}

/** Adds their adjoints to those of what they are copies of. */
export function pullBackCopies({ factors: { count }, copies }: PairSet): void {
  for (const { x, rows } of copies) if (rows.adjoint.length > 0) addRows(x.adjoint, rows.adjoint, x, count);
}

function addRows(
  out: Float64Array,
  data: Float64Array,
  { step, width, places }: SampleVectors,
  count: number,
): void {
  const table = places as Int32Array;
  for (let start = 0; start < count; start += TOGETHER) {
    const end = Math.min(start + TOGETHER, count);
    for (let e = 0; e < width; e++) {
      let to = start * step + table[e];
      for (let from = start * width + e, last = end * width; from < last; from += width, to += step)
        out[to] += data[from];
    }
  }
}
