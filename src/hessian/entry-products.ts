import type { SampleVectors } from "./factors.js";

/** Pairs (a, b), (a, b + 1), … of entries of two vectors, run by run: a, the first b and the length of each. */
export type EntryRuns = Int32Array;

/** Of pairs `from` … `to` − 1, in whose list every entry stands with consecutive others. */
export function runsOf(first: Int32Array, second: Int32Array, from: number, to: number): EntryRuns {
  const runs: number[] = [];
  for (let at = from; at < to; at++) {
    if (at === from || first[at] !== first[at - 1]) runs.push(first[at], second[at], 0);
    runs[runs.length - 1]++;
  }
  return new Int32Array(runs);
}

/** ω times the products of these entries of rows a and b, sample by sample. */
export function fillProducts(
  out: Float64Array,
  weights: Float64Array,
  a: SampleVectors,
  b: SampleVectors,
  runs: EntryRuns,
): void {
  const { data: lefts, step: leftStep } = a;
  const { data: rights, step: rightStep } = b;
  for (let i = 0, to = 0; i < weights.length; i++) {
    const weight = weights[i];
    for (let run = 0; run < runs.length; run += 3) {
      const scale = weight * lefts[i * leftStep + runs[run]];
      let right = i * rightStep + runs[run + 1];
      for (const end = to + runs[run + 2]; to < end; to++, right++) out[to] = scale * rights[right];
    }
  }
}

/** From the adjoint of the products to those of a and b, where they have one. */
export function pullBackProducts(
  bars: Float64Array,
  weights: Float64Array,
  a: SampleVectors,
  b: SampleVectors,
  runs: EntryRuns,
): void {
  const [hasA, hasB] = [a.adjoint.length > 0, b.adjoint.length > 0];
  for (let i = 0, at = 0; i < weights.length; i++) {
    for (let run = 0; run < runs.length; run += 3) {
      const left = i * a.step + runs[run];
      const scale = weights[i] * a.data[left];
      const start = i * b.step + runs[run + 1];
      const length = runs[run + 2];
      let sum = 0;
      for (let k = 0; k < length; k++) sum += bars[at + k] * b.data[start + k];
      if (hasB) for (let k = 0; k < length; k++) b.adjoint[start + k] += scale * bars[at + k];
      if (hasA) a.adjoint[left] += weights[i] * sum;
      at += length;
    }
  }
}
