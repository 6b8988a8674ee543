import jstat from "jstat";
import { summarize } from "../../experiment/measures/statistics.js";

/** Of all comparisons of a family together: how often one of them may err. */
const ERROR = 0.05;

/** The mean of differences, with an interval that allows for how many comparisons were made. */
export interface Comparison {
  readonly mean: number;
  /** It excludes 0 just where Holm's procedure rejects that the mean is 0; null where there is none. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Holm's p-value: of this comparison, for all of them. NaN where there is none. */
  readonly p: number;
}

/**
 * Student's paired test of each list of differences, for all of them together by Holm's procedure (1979, Scand. J. Stat. 6):
 * the smallest of m p-values is compared with 5 %/m, the next against 5 %/(m−1), and so on to the first that is larger. An
 * interval has the level that its test was made at, and all after the first that is not rejected have the level of that one.
 */
export function holm(all: readonly (readonly number[])[]): Comparison[] {
  const tests = all.map((differences) => {
    const { mean, deviation, n } = summarize(differences);
    const error = deviation / Math.sqrt(n);
    return { mean, error, freedom: n - 1, p: pValue(mean, error, n - 1) };
  });
  const order = tests.map((_, i) => i).filter((i) => !Number.isNaN(tests[i].p));
  order.sort((a, b) => tests[a].p - tests[b].p);
  const out: Comparison[] = tests.map(({ mean }) => ({ mean, interval: null, p: Number.NaN }));
  let adjusted = 0;
  /** Of the first test that does not reject, and of all after it. */
  let last: number | undefined;
  order.forEach((i, rank) => {
    const { mean, error, freedom, p } = tests[i];
    const left = order.length - rank;
    adjusted = Math.max(adjusted, Math.min(1, left * p));
    if (last === undefined && left * p > ERROR) last = left;
    const quantile = jstat.jStat.studentt.inv(1 - ERROR / (2 * (last ?? left)), freedom);
    const half = error === 0 ? 0 : error * quantile;
    out[i] = { mean, interval: [mean - half, mean + half], p: adjusted };
  });
  return out;
}

/** Two-sided. Where all differences are the same, 1 for 0 and 0 for others. */
function pValue(mean: number, error: number, freedom: number): number {
  if (freedom < 1 || Number.isNaN(mean)) return Number.NaN;
  if (error === 0) return mean === 0 ? 1 : 0;
  return 2 * jstat.jStat.studentt.cdf(-Math.abs(mean / error), freedom);
}
