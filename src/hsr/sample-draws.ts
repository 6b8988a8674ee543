import type { RandomStream } from "../random.js";

/** Samples drawn by their sizes, each named once. */
export interface SampleDraw {
  /** Positions among all, ascending. */
  readonly samples: Int32Array;
  /** How often each was drawn over how often it was to be expected: sums with these factors are right on average. */
  readonly scales: Float64Array;
}

/**
 * m draws at even distances along the line on which every sample takes its size (Madow 1949): each is drawn m·size/total
 * times on average, and so often up to rounding. Where all sizes are 0 they count as equal.
 * @param sizes ≥ 0
 */
export function drawSystematically(sizes: Float64Array, m: number, stream: RandomStream): SampleDraw {
  const share = sharesOf(sizes);
  const start = stream.uniform();
  let [along, drawn] = [0, 0];
  return collect(share, m, (i) => {
    along += m * share[i];
    const times = Math.min(Math.max(Math.ceil(along - start), drawn), m) - drawn;
    drawn += times;
    return times;
  });
}

/** m independent draws, each of a sample with probability size/total. */
export function drawIndependently(sizes: Float64Array, m: number, stream: RandomStream): SampleDraw {
  const share = sharesOf(sizes);
  const ends = new Float64Array(share.length);
  share.reduce((sum, each, i) => {
    ends[i] = sum + each;
    return ends[i];
  }, 0);
  const times = new Int32Array(share.length);
  for (let draw = 0; draw < m; draw++) times[firstAbove(ends, stream.uniform() * ends[ends.length - 1])]++;
  return collect(share, m, (i) => times[i]);
}

function sharesOf(sizes: Float64Array): Float64Array {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return total > 0
    ? sizes.map((size) => size / total)
    : new Float64Array(sizes.length).fill(1 / sizes.length);
}

function collect(share: Float64Array, m: number, timesOf: (i: number) => number): SampleDraw {
  const samples: number[] = [];
  const scales: number[] = [];
  for (let i = 0; i < share.length; i++) {
    const times = timesOf(i);
    if (times === 0) continue;
    samples.push(i);
    scales.push(times / (m * share[i]));
  }
  return { samples: Int32Array.from(samples), scales: Float64Array.from(scales) };
}

/** The first place whose number is above x, which the last one's is. */
function firstAbove(ascending: Float64Array, x: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
