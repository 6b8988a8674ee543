import { CONFIDENCE } from "../../experiment/measures/statistics.js";

/** The correlation of two numbers over n pairs. */
export interface Correlation {
  /** In [−1, 1]; NaN where one of them does not vary. */
  readonly value: number;
  readonly n: number;
  /** At 95 %, from Fisher's transformation, for independent pairs; null where they are too few, or |value| is 1. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** The quantile of the normal distribution that belongs to the level of confidence of all intervals here. */
const QUANTILE = { 0.95: 1.959963984540054 }[CONFIDENCE];

/** Relative differences of less than this are rounding. */
const ROUNDING = 1e-13;

/** Pearson's r: how near the pairs are to a line. */
export function pearson(x: readonly number[], y: readonly number[]): Correlation {
  return withInterval(productMoment(x, y), x.length, 0, 1);
}

/**
 * Spearman's ρ: Pearson's r of the ranks, ties sharing their mean rank.
 * Interval: Fieller, Hartley & Pearson 1957, whose variance is 1.06/(n − 3).
 */
export function spearman(x: readonly number[], y: readonly number[]): Correlation {
  return withInterval(productMoment(ranks(x), ranks(y)), x.length, 0, 1.06);
}

/**
 * Pearson's r within groups: of what is left when every pair has the mean of its group taken away, so that differences
 * between groups have no part in it.
 * @param groups which group each pair belongs to
 */
export function pearsonWithin(
  x: readonly number[],
  y: readonly number[],
  groups: readonly string[],
): Correlation {
  const controlled = new Set(groups).size - 1;
  return withInterval(productMoment(centred(x, groups), centred(y, groups)), x.length, controlled, 1);
}

function withInterval(value: number, n: number, controlled: number, variance: number): Correlation {
  const freedom = n - 3 - controlled;
  if (freedom < 1 || !(1 - Math.abs(value) > ROUNDING)) return { value, n, interval: null };
  const half = QUANTILE * Math.sqrt(variance / freedom);
  const z = Math.atanh(value);
  return { value, n, interval: [Math.tanh(z - half), Math.tanh(z + half)] };
}

function productMoment(x: readonly number[], y: readonly number[]): number {
  const [dx, dy] = [deviations(x), deviations(y)];
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  const size = Math.sqrt(dot(dx, dx)) * Math.sqrt(dot(dy, dy));
  return size > 0 ? Math.max(-1, Math.min(1, dot(dx, dy) / size)) : Number.NaN;
}

/** From the mean, as shares of the largest, so that no square over- or underflows. */
function deviations(values: readonly number[]): number[] {
  const all = fromMean(values);
  const reach = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return all.map((value) => (reach > 0 ? value / reach : 0));
}

/** What is left of each without the mean of all; 0 where that is but rounding. */
function fromMean(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const all = values.map((value) => value - mean);
  return all.some((value) => Math.abs(value) > ROUNDING * Math.abs(mean)) ? all : all.map(() => 0);
}

/** From 1; equal values have the mean of their places. */
export function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}

/** Without the mean of each group. */
function centred(values: readonly number[], groups: readonly string[]): number[] {
  const left = new Array<number>(values.length);
  for (const group of new Set(groups)) {
    const members = [...groups.keys()].filter((i) => groups[i] === group);
    fromMean(members.map((i) => values[i])).forEach((value, k) => {
      left[members[k]] = value;
    });
  }
  return left;
}
