import type { Comparison, MethodResult } from "../experiment/compare.js";
import { formatNumber } from "./format.js";

/** Training losses up to this factor of the baseline's, or this much above it, count as similar. */
const SIMILAR_FACTOR = 1.5;
const SIMILAR_DIFFERENCE = 0.01;

/** What the comparison shows, in one sentence drawn from its numbers. */
export function mainFinding({ methods, plan }: Comparison): string {
  const baseline = methods[0];
  const rivals = methods.slice(1).filter((method) => similarLoss(method, baseline));
  const flattest = [...rivals].sort((a, b) => a.summary.lambdaMax.mean - b.summary.lambdaMax.mean)[0];
  const sharpness = baseline.summary.lambdaMax.mean;
  if (flattest === undefined || !(flattest.summary.lambdaMax.mean < sharpness)) {
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

function similarLoss(method: MethodResult, baseline: MethodResult): boolean {
  const a = method.summary.trainLoss.mean;
  const b = baseline.summary.trainLoss.mean;
  return a <= SIMILAR_FACTOR * b || a - b <= SIMILAR_DIFFERENCE;
}
