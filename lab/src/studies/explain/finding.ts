import { formatNumber, formatPercent } from "../../report/format.js";
import { type ExplainResult, type SampleShare, sharpestOf } from "./analyze.js";

/** It is worth saying between which two classes so many of them lie. */
const MANY = 0.2;

/** What makes the minimum sharp, in a sentence drawn from its numbers. */
export function explainFinding(result: Pick<ExplainResult, "samples" | "value" | "classes">): string {
  const { samples, value } = result;
  if (!(value > 0)) return `The bound is ${formatNumber(value)}: there is no sharpness to be shared.`;
  const sharpest = sharpestOf(samples, value).map((i) => samples[i]);
  const share = sharpest.reduce((sum, each) => sum + each.share, 0) / value;
  const carry = `${sharpest.length} of ${samples.length} samples ${sharpest.length === 1 ? "carries" : "carry"} ${percent(share)} of the bound`;
  const parts = [carry, placeOf(sharpest, result.classes), mistakenText(sharpest)];
  return `${parts.filter((part) => part !== "").join("; ")}.`;
}

function mistakenText(sharpest: readonly SampleShare[]): string {
  const count = sharpest.filter(({ label, predicted }) => label !== predicted).length;
  if (count === 0) return "";
  return count === 1
    ? "the network takes one of them for another class"
    : `the network takes ${count === sharpest.length ? "all" : count} of them for another class`;
}

/** Between which two classes most of them lie: the two that the network finds most probable. */
function placeOf(sharpest: readonly SampleShare[], classes: ExplainResult["classes"]): string {
  const counts = new Map<string, { readonly pair: readonly [number, number]; count: number }>();
  for (const { predicted, second } of sharpest) {
    if (predicted === second) return "";
    const pair = [Math.min(predicted, second), Math.max(predicted, second)] as const;
    const known = counts.get(pair.join()) ?? { pair, count: 0 };
    known.count += 1;
    counts.set(pair.join(), known);
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  if (most.count < MANY * sharpest.length || classes.length < 3) return "";
  const [a, b] = most.pair.map((k) => classes[k].name);
  const all = most.count === sharpest.length;
  if (most.count === 1) return `${all ? "it" : "one of them"} lies between ${a} and ${b}`;
  return `${all ? "they" : `${most.count} of them`} lie between ${a} and ${b}`;
}

/** Below half a thousandth of the whole it is 0. */
export function percent(share: number): string {
  if (Math.abs(share) < 5e-4) return "0 %";
  return formatPercent(share, Math.abs(share) < 0.1 ? 1 : 0);
}
