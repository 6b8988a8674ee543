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

/** The same pairs as columns of the row-wise product of both vectors. @param width of the second */
export function columnsOf(
  first: Int32Array,
  second: Int32Array,
  from: number,
  to: number,
  width: number,
): Int32Array {
  const columns = second.slice(from, to);
  for (let at = 0; at < columns.length; at++) columns[at] += first[from + at] * width;
  return columns;
}

/** ω times the products of these entries of rows a and b, sample by sample: of four at once, since most runs are short. */
export function fillProducts(
  out: Float64Array,
  weights: Float64Array,
  a: SampleVectors,
  b: SampleVectors,
  runs: EntryRuns,
): void {
  const { data: lefts, step: leftStep } = a;
  const { data: rights, step: rightStep } = b;
  const width = lengthOf(runs);
  let i = 0;
  let to = 0;
  for (; i + 4 <= weights.length; i += 4, to += 3 * width) {
    for (let run = 0; run < runs.length; run += 3) {
      const left = i * leftStep + runs[run];
      const scale0 = weights[i] * lefts[left];
      const scale1 = weights[i + 1] * lefts[left + leftStep];
      const scale2 = weights[i + 2] * lefts[left + 2 * leftStep];
      const scale3 = weights[i + 3] * lefts[left + 3 * leftStep];
      let right = i * rightStep + runs[run + 1];
      for (const end = to + runs[run + 2]; to < end; to++, right++) {
        out[to] = scale0 * rights[right];
        out[to + width] = scale1 * rights[right + rightStep];
        out[to + 2 * width] = scale2 * rights[right + 2 * rightStep];
        out[to + 3 * width] = scale3 * rights[right + 3 * rightStep];
      }
    }
  }
  for (; i < weights.length; i++) {
    for (let run = 0; run < runs.length; run += 3) {
      const scale = weights[i] * lefts[i * leftStep + runs[run]];
      let right = i * rightStep + runs[run + 1];
      for (const end = to + runs[run + 2]; to < end; to++, right++) out[to] = scale * rights[right];
    }
  }
}

/** Of all runs together. */
function lengthOf(runs: EntryRuns): number {
  let length = 0;
  for (let run = 2; run < runs.length; run += 3) length += runs[run];
  return length;
}

/** From the adjoint of the products to those of a and b, where they have one. */
export function pullBackProducts(
  bars: Float64Array,
  weights: Float64Array,
  a: SampleVectors,
  b: SampleVectors,
  runs: EntryRuns,
): void {
  const { data: lefts, adjoint: leftBars, step: leftStep } = a;
  const { data: rights, adjoint: rightBars, step: rightStep } = b;
  const hasA = leftBars.length > 0;
  const hasB = rightBars.length > 0;
  for (let i = 0, at = 0; i < weights.length; i++) {
    const weight = weights[i];
    for (let run = 0; run < runs.length; run += 3) {
      const left = i * leftStep + runs[run];
      let right = i * rightStep + runs[run + 1];
      const end = at + runs[run + 2];
      const scale = weight * lefts[left];
      let sum = 0;
      if (hasB) {
        for (; at < end; at++, right++) {
          sum += bars[at] * rights[right];
          rightBars[right] += scale * bars[at];
        }
      } else for (; at < end; at++, right++) sum += bars[at] * rights[right];
      if (hasA) leftBars[left] += weight * sum;
    }
  }
}
