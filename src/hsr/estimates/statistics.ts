import { type SampleMean, sampleMean } from "../../linalg/estimates/sample-mean.js";
import { upperBoundSlopes } from "../bound-slopes.js";
import type { ProbeTerms, TermSlopes } from "./probes.js";

/** An estimate from the terms of m ≥ 2 probes, with its partial derivatives by each of them. */
export interface Statistic extends SampleMean, TermSlopes {}

/** tr H, without bias. */
export function traceStatistic(_size: number, { traces }: ProbeTerms): Statistic {
  const m = traces.length;
  return {
    ...sampleMean(traces.slice()),
    byTrace: new Float64Array(m).fill(1 / m),
    bySquare: new Float64Array(m),
  };
}

/** tr H², without bias. */
export function squareStatistic(_size: number, { squares }: ProbeTerms): Statistic {
  const m = squares.length;
  return {
    ...sampleMean(squares.slice()),
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
  const boundFrom = (trace: number, frobeniusSquared: number) =>
    upperBoundSlopes({ size, trace, frobeniusSquared });
  const all = boundFrom(sampleMean(traces.slice()).value, sampleMean(squares.slice()).value);
  const others = meansOfOthers(squares);
  const without = Array.from(meansOfOthers(traces), (trace, i) => boundFrom(trace, others[i]));
  return {
    ...sampleMean(Float64Array.from(without, ({ value }) => m * all.value - (m - 1) * value)),
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
