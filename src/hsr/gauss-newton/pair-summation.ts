import type { FinishedPass } from "../../nn/dense/forward.js";
import { gemm } from "../../tensor/matmul.js";
import { matrixView, rowRange, type Tensor, transpose } from "../../tensor/view.js";
import type { BoundSlopes } from "../bound-slopes.js";

/** Some samples, and what pairs of them take. */
export interface Samples {
  /** The first of them, and how many. */
  readonly from: number;
  readonly count: number;
  /** Computes it for the samples from `from` on. */
  fill(from: number): void;
  /** From its adjoints to the weights, added to `out` (n), and to every z, added to `zBars` (N × h of all samples). */
  pullBack(zBars: readonly Float64Array[], out: Float64Array): void;
}

/** What pairs of samples add to tr G and tr G². */
export interface MomentSums {
  trace: number;
  square: number;
}

/** One way to sum over pairs of samples. */
export interface PairSummation<Kind extends Samples> {
  /** Largest number of samples of a tile's side. */
  readonly side: number;
  /** Numbers that one sample takes, at most. */
  readonly numbers: number;
  create(count: number): Kind;
  /** Adds what the pairs of `a` and `b` give; pairs of different samples stand for their mirror images too. */
  contract(a: Kind, b: Kind, sums: MomentSums): void;
  /** Adds the sums' derivatives to the adjoints: those of `a` and `b`, and of the layers' rows (N × h̃ of all samples). */
  differentiate(a: Kind, b: Kind, slopes: BoundSlopes, rowBars: readonly Float64Array[]): void;
}

/** ω_i ω_j for samples of one tile, twice where the pair stands for its mirror image. */
export function pairWeight({ batch }: FinishedPass, a: Samples, b: Samples, i: number, j: number): number {
  return (a === b ? 1 : 2) * batch.weights[a.from + i] * batch.weights[b.from + j];
}

/** out = ⟨ã_i, ã_j⟩ of layer l, for all pairs of a tile. */
export function fillGram(out: Float64Array, { pass }: FinishedPass, l: number, a: Samples, b: Samples): void {
  const { rows } = pass.layers[l];
  gemm(matrixView(out, a.count, b.count), samplesOf(rows, a), transpose(samplesOf(rows, b)));
}

/** From its adjoint to those of the layer's rows, but for the first's, which are the data. */
export function pullBackGram(
  bar: Float64Array,
  { pass }: FinishedPass,
  l: number,
  a: Samples,
  b: Samples,
  rowBar: Float64Array,
): void {
  if (l === 0) return;
  const { rows } = pass.layers[l];
  const bars = matrixView(bar, a.count, b.count);
  const out = matrixView(rowBar, rows.shape[0], rows.shape[1]);
  gemm(samplesOf(out, a), bars, samplesOf(rows, b), 1, 1);
  gemm(samplesOf(out, b), transpose(bars), samplesOf(rows, a), 1, 1);
}

function samplesOf(rows: Tensor, { from, count }: Samples): Tensor {
  return rowRange(rows, from, from + count);
}
