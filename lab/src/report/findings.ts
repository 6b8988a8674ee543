import { hasDiverged } from "../experiment/status.js";
import type { Budget } from "../sweep/budget.js";
import type { GroupResult, ProblemResult } from "../sweep/results.js";
import { excludesZero, formatDifference, formatNumber } from "./format.js";

/** Training losses count as similar where neither is more than 10 % above the other. */
const SIMILAR = 1.1;

/** A λ_max above this share of the baseline's is no flatter. */
const NEGLIGIBLE = 0.98;

/** A training loss below, with a λ_max below the other, has vanished, and the curvature with it. */
const VANISHED = { trainLoss: 1e-8, lambdaMax: 1e-6 };

/** What all methods had alike, at the head of a sentence. */
const alike: Record<Budget, string> = {
  steps: "",
  gradients: "With as many gradients for each: ",
  time: "With as much time for each: ",
};

/** What a problem's results show of flatness, in a few sentences drawn from its numbers; nothing when they allow none. */
export function mainFinding({ groups }: Pick<ProblemResult, "groups">, budget: Budget): string | undefined {
  // Means over different seeds do not compare methods: wait for all.
  if (groups.length < 2 || groups.some(({ cells, planned }) => cells.length < planned)) return undefined;
  const [baseline, ...others] = groups;
  if (!("lambdaMax" in baseline.summary && "trainLoss" in baseline.summary)) return undefined;
  const diverged = groups.filter(({ cells }) => cells.some(hasDiverged));
  const left = others.filter((method) => !diverged.includes(method));
  const compared = diverged.includes(baseline)
    ? "No comparison of flatness without its baseline."
    : left.length === 0
      ? undefined
      : alike[budget] + comparison(baseline, left);
  return [divergence(diverged), compared, vanishing(groups.filter((group) => !diverged.includes(group)))]
    .filter((sentence) => sentence !== undefined)
    .join(" ");
}

/** Whether a method ends flatter than the baseline, and at which training loss. */
function comparison(baseline: GroupResult, others: readonly GroupResult[]): string {
  const similar = others.filter((method) => isSimilar(lossOf(method), lossOf(baseline)));
  const flattest = flattestOf(similar, baseline);
  if (flattest !== undefined)
    return `At a similar training loss (${losses(flattest, baseline)}), ${flatness(flattest, baseline)}.`;
  const none =
    similar.length > 0
      ? `No method found a flatter minimum than ${baseline.label} (λ_max ${formatNumber(sharpnessOf(baseline))}) at a similar training loss.`
      : `No other method ends within 10 % of the training loss of ${baseline.label} (${formatNumber(lossOf(baseline))}).`;
  const elsewhere = flattestOf(others, baseline);
  if (elsewhere === undefined)
    return similar.length > 0 ? none : `${none} None ends where λ_max is smaller, either.`;
  return `${none} At another one (${losses(elsewhere, baseline)}), ${flatness(elsewhere, baseline)}.`;
}

function isSimilar(a: number, b: number): boolean {
  return a <= SIMILAR * b && b <= SIMILAR * a;
}

/** The flattest of those that are flatter than the baseline. */
function flattestOf(methods: readonly GroupResult[], baseline: GroupResult): GroupResult | undefined {
  const sharpness = sharpnessOf(baseline);
  return methods
    .filter((method) => sharpness > 0 && sharpnessOf(method) <= NEGLIGIBLE * sharpness)
    .sort((a, b) => sharpnessOf(a) - sharpnessOf(b))[0];
}

/** `A ends where λ_max is 2 times smaller than for B: 1 against 2, the mean of 5 seeds; the difference is …` */
function flatness(method: GroupResult, baseline: GroupResult): string {
  const [flat, sharp] = [sharpnessOf(method), sharpnessOf(baseline)];
  const against =
    flat > 0
      ? `${formatNumber(sharp / flat)} times smaller than for ${baseline.label}: ${formatNumber(flat)} against ${formatNumber(sharp)}`
      : `${formatNumber(flat)}, against ${formatNumber(sharp)} for ${baseline.label}`;
  const count = baseline.cells.length;
  const seeds = count === 1 ? "one seed" : `the mean of ${count} seeds`;
  return `${method.label} ends where λ_max is ${against}, ${seeds}${intervalOf(method)}`;
}

/** The difference of λ_max with its interval over seeds; nothing of a single seed. */
function intervalOf({ difference }: GroupResult): string {
  const lambdaMax = difference?.lambdaMax;
  if (!lambdaMax?.interval) return "";
  const unsettled = excludesZero(lambdaMax) ? "" : ", which does not exclude 0";
  return `; seed by seed the difference is ${formatDifference(lambdaMax, "number")} (95 % interval)${unsettled}`;
}

function divergence(diverged: readonly GroupResult[]): string | undefined {
  if (diverged.length === 0) return undefined;
  const parts = diverged.map(
    ({ label, cells }) => `${label} (${cells.filter(hasDiverged).length} of ${cells.length})`,
  );
  return `Runs diverged, and their λ_max is that of no minimum: ${parts.join(", ")}.`;
}

/** A word on λ_max where it is no more than a trace of how far training went. */
function vanishing(groups: readonly GroupResult[]): string | undefined {
  const vanished = groups.filter(
    (group) => lossOf(group) < VANISHED.trainLoss && Math.abs(sharpnessOf(group)) < VANISHED.lambdaMax,
  );
  const flat = groups.filter((group) => !vanished.includes(group) && sharpnessOf(group) === 0);
  const sentences = [
    ...(vanished.length === 0
      ? []
      : [
          `Every training sample is fitted with near certainty by ${names(vanished)}: loss and curvature vanish together there, and λ_max tells how far training went, not how flat a minimum is.`,
        ]),
    ...(flat.length === 0
      ? []
      : [
          `The Hessian of ${names(flat)} is 0 to the last digit, though the loss is not: outputs are saturated, or do not depend on the parameters.`,
        ]),
  ];
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

function names(groups: readonly GroupResult[]): string {
  return groups.map(({ label }) => label).join(", ");
}

function losses(method: GroupResult, baseline: GroupResult): string {
  return `${formatNumber(lossOf(method))} against ${formatNumber(lossOf(baseline))}`;
}

function lossOf({ summary }: GroupResult): number {
  return summary.trainLoss.mean;
}

function sharpnessOf({ summary }: GroupResult): number {
  return summary.lambdaMax.mean;
}
