import type { Comparison, MethodResult } from "../experiment/compare.js";
import { formatNumber } from "./format.js";

/** Training losses up to this factor of the baseline's count as similar. */
const SIMILAR_FACTOR = 1.5;

/** What the comparison shows, in one sentence drawn from its numbers. */
export function mainFinding({ methods, plan }: Comparison): string {
  const [baseline, ...others] = methods;
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
  if (flattest === undefined || flattest.summary.lambdaMax.mean >= sharpness) {
    return `No method found a flatter minimum than ${baseline.label} (λ_max ${formatNumber(sharpness)}) at a similar training loss.`;
  }
  const seeds = plan.seeds.length === 1 ? "one seed" : `the mean of ${plan.seeds.length} seeds`;
  return (
    `At a similar training loss (${loss(flattest)} against ${loss(baseline)}), ${flattest.label} ends where λ_max is ` +
    `${formatNumber(sharpness / flattest.summary.lambdaMax.mean)} times smaller than for ${baseline.label}: ` +
    `${formatNumber(flattest.summary.lambdaMax.mean)} against ${formatNumber(sharpness)}, ${seeds}.`
  );
}

function loss(method: MethodResult): string {
  return formatNumber(method.summary.trainLoss.mean);
}

/** Whether every run ended somewhere with a positive λ_max. */
function comparable({ runs }: MethodResult): boolean {
  return runs.every(({ status, measures }) => status !== "non-finite" && measures.lambdaMax > 0);
}
