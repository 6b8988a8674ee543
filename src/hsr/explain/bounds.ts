import { boundsOf, type WsBounds } from "../../bounds/wolkowicz-styan.js";
import type { SpreadTerms } from "../bound-slopes.js";

/** A bound of `wsBounds`: of which eigenvalue, or of λ_max − λ_min, and from where. */
export type ExplainedBound = `${keyof WsBounds}-${"upper" | "lower"}`;

export const explainedBounds: readonly ExplainedBound[] = [
  "largest-upper",
  "largest-lower",
  "smallest-upper",
  "smallest-lower",
  "spread-upper",
  "spread-lower",
];

/** What a bound of n eigenvalues takes of their mean and standard deviation. */
export function termsOf(bound: ExplainedBound, size: number): SpreadTerms {
  const [which, end] = bound.split("-") as [keyof WsBounds, "upper" | "lower"];
  // All are linear in both: at mean 0 and deviation 1 they are their own factors.
  const ofDeviation = boundsOf(size, { mean: 0, deviation: 1 })[which][end];
  return { ofMean: which === "spread" ? 0 : 1, ofDeviation };
}
