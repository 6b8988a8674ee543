import { type SpectralMoments, type WsBounds, wsBounds } from "../../bounds/wolkowicz-styan.js";
import { sampleMean } from "../../linalg/estimates/sample-mean.js";
import { upperBoundSlopes } from "../bound-slopes.js";
import { type MeanEstimate, skewedMean } from "./mean-estimate.js";
import type { ProbeTerms, TermSlopes } from "./probes.js";

/** An estimate from the terms of m ≥ 2 probes, with its partial derivatives by each of them. */
export interface Statistic extends TermSlopes {
  readonly estimate: MeanEstimate;
}

/** Estimates of all bounds of `wsBounds`; the estimate of a bound is no bound. */
export type WsBoundEstimates = {
  readonly [Name in keyof WsBounds]: { readonly lower: MeanEstimate; readonly upper: MeanEstimate };
};

/** tr H, without bias. */
export function traceStatistic(_size: number, { traces }: ProbeTerms): Statistic {
  const m = traces.length;
  return {
    estimate: skewedMean(traces),
    byTrace: new Float64Array(m).fill(1 / m),
    bySquare: new Float64Array(m),
  };
}

/** tr H², without bias. */
export function squareStatistic(_size: number, { squares }: ProbeTerms): Statistic {
  const m = squares.length;
  return {
    estimate: skewedMean(squares),
    byTrace: new Float64Array(m),
    bySquare: new Float64Array(m).fill(1 / m),
  };
}

/**
 * The Wolkowicz–Styan bound B by the jackknife (Quenouille 1956; Tukey 1958). With B̄ from the means of all terms, and B_i
 * from those of all but the i-th, it is the mean of the m numbers m·B̄ − (m − 1)·B_i, and its standard error is theirs.
 *
 * B̄ alone is too low by a term of order 1/m: m² is a square whose terms share their probes, and s is a root. The jackknife
 * takes that term away, and leaves a bias of order 1/m²; of the square alone it would leave nothing, being the mean over
 * pairs of different probes.
 */
export function upperBoundStatistic(size: number, { traces, squares }: ProbeTerms): Statistic {
  const m = traces.length;
  const [all, ...without] = momentsWithout(size, { traces, squares }).map(upperBoundSlopes);
  return {
    estimate: skewedMean(Float64Array.from(without, ({ value }) => m * all.value - (m - 1) * value)),
    byTrace: slopes(
      all.byTrace,
      Float64Array.from(without, ({ byTrace }) => byTrace),
    ),
    bySquare: slopes(
      all.bySquare,
      Float64Array.from(without, ({ bySquare }) => bySquare),
    ),
  };
}

/** The other Wolkowicz–Styan bounds, likewise by the jackknife. @param size n ≥ 2 */
export function boundEstimates(size: number, terms: ProbeTerms): WsBoundEstimates {
  const m = terms.traces.length;
  const [all, ...without] = momentsWithout(size, terms).map(wsBounds);
  const estimate = (of: (bounds: WsBounds) => number): MeanEstimate =>
    skewedMean(Float64Array.from(without, (bounds) => m * of(all) - (m - 1) * of(bounds)));
  const ends = (which: keyof WsBounds) => ({
    lower: estimate((bounds) => bounds[which].lower),
    upper: estimate((bounds) => bounds[which].upper),
  });
  return { largest: ends("largest"), smallest: ends("smallest"), spread: ends("spread") };
}

/** Moments from the means of all terms, then from those of all but the i-th, one after the other. */
function momentsWithout(size: number, { traces, squares }: ProbeTerms): SpectralMoments[] {
  const others = meansOfOthers(squares);
  return [
    { size, trace: sampleMean(traces.slice()).value, frobeniusSquared: sampleMean(squares.slice()).value },
    ...Array.from(meansOfOthers(traces), (trace, i) => ({ size, trace, frobeniusSquared: others[i] })),
  ];
}

/** The derivative by one term of m·B̄ − (m − 1)·mean B_i: that term has no part in its own B_i. */
function slopes(all: number, without: Float64Array): Float64Array {
  const m = without.length;
  const total = without.reduce((sum, slope) => sum + slope / m, 0);
  return without.map((own) => all - total + own / m);
}

/** For every sample the mean of all others, without subtracting it from a sum that it may dominate. */
function meansOfOthers(samples: Float64Array): Float64Array {
  const m = samples.length;
  const means = new Float64Array(m);
  for (let i = 1; i < m; i++) means[i] = means[i - 1] + samples[i - 1] / (m - 1);
  for (let i = m - 2, after = 0; i >= 0; i--) {
    after += samples[i + 1] / (m - 1);
    means[i] += after;
  }
  return means;
}
