import type { RandomStream } from "../../random.js";

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

/**
 * Every sample by itself, with probability min(1, c·size) where c makes them add up to m (Poisson sampling; Hájek 1964): so
 * that pairs of samples are drawn with the product of their probabilities.
 */
export function drawEach(sizes: Float64Array, m: number, stream: RandomStream): SampleDraw {
  const chances = chancesOf(sharesOf(sizes), m);
  const samples: number[] = [];
  chances.forEach((chance, i) => {
    if (stream.uniform() < chance) samples.push(i);
  });
  // Nothing is one sample that counts for nothing.
  if (samples.length === 0) return { samples: new Int32Array(1), scales: new Float64Array(1) };
  return {
    samples: Int32Array.from(samples),
    scales: Float64Array.from(samples, (i) => 1 / chances[i]),
  };
}

/**
 * min(1, c·share) with the sum m, or 1 for all that have a share where these are no more than m. Where m are certain, shares too
 * small for that sum keep a chance above 0, without which sums over draws would lack them.
 */
function chancesOf(shares: Float64Array, m: number): Float64Array {
  for (let certain = -1, scale = m; ; ) {
    const scaled = shares.map((share) => scale * share);
    const now = scaled.reduce((count, chance) => count + (chance >= 1 ? 1 : 0), 0);
    const rest = shares.reduce((sum, share, i) => sum + (scaled[i] >= 1 ? 0 : share), 0);
    if (now <= certain || now >= m || rest === 0) return scaled.map((chance) => Math.min(1, chance));
    certain = now;
    scale = Math.min((m - certain) / rest, Number.MAX_VALUE);
  }
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
