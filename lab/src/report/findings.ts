import type { GroupResult, ProblemResult } from "../sweep/results.js";
import { formatNumber } from "./format.js";

/** Training losses up to this factor of the baseline's count as similar. */
const SIMILAR_FACTOR = 1.5;

/** A λ_max above this share of the baseline's is no flatter. */
const NEGLIGIBLE = 0.98;

/** What a problem's results show, in one sentence drawn from its numbers; nothing when they allow no statement about flatness. */
export function mainFinding({ groups }: ProblemResult): string | undefined {
  // Means over different seeds do not compare methods: wait for all.
  if (groups.length < 2 || groups.some(({ cells, planned }) => cells.length < planned)) return undefined;
  const [baseline, ...others] = groups;
  if (!("lambdaMax" in baseline.summary && "trainLoss" in baseline.summary)) return undefined;
  if (!comparable(baseline))
    return `No comparison of flatness: ${baseline.label} diverged, or ended where λ_max is not positive.`;
  const sharpness = baseline.summary.lambdaMax.mean;
  const flattest = others
    .filter(
      (method) =>
        comparable(method) &&
        method.summary.trainLoss.mean <= SIMILAR_FACTOR * baseline.summary.trainLoss.mean,
    )
    .sort((a, b) => a.summary.lambdaMax.mean - b.summary.lambdaMax.mean)[0];
  if (flattest === undefined || flattest.summary.lambdaMax.mean > NEGLIGIBLE * sharpness) {
    return `No method found a flatter minimum than ${baseline.label} (λ_max ${formatNumber(sharpness)}) at a similar training loss.`;
  }
  const count = baseline.cells.length;
  const seeds = count === 1 ? "one seed" : `the mean of ${count} seeds`;
  return (
    `At a similar training loss (${loss(flattest)} against ${loss(baseline)}), ${flattest.label} ends where λ_max is ` +
    `${formatNumber(sharpness / flattest.summary.lambdaMax.mean)} times smaller than for ${baseline.label}: ` +
    `${formatNumber(flattest.summary.lambdaMax.mean)} against ${formatNumber(sharpness)}, ${seeds}.`
  );
}

function loss(method: GroupResult): string {
  return formatNumber(method.summary.trainLoss.mean);
}

/** Whether every run ended somewhere with a positive λ_max. */
function comparable({ cells }: GroupResult): boolean {
  return cells.every(({ status, measures }) => status !== "non-finite" && measures.lambdaMax > 0);
}
