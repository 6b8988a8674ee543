import type { SpreadTerms } from "../bound-slopes.js";

/** What the Wolkowicz–Styan bounds of n eigenvalues are in mean and standard deviation, by name. */
const table = {
  "largest-upper": (n: number) => ({ ofMean: 1, ofDeviation: Math.sqrt(n - 1) }),
  "largest-lower": (n: number) => ({ ofMean: 1, ofDeviation: 1 / Math.sqrt(n - 1) }),
  "smallest-upper": (n: number) => ({ ofMean: 1, ofDeviation: -1 / Math.sqrt(n - 1) }),
  "smallest-lower": (n: number) => ({ ofMean: 1, ofDeviation: -Math.sqrt(n - 1) }),
  "spread-upper": (n: number) => ({ ofMean: 0, ofDeviation: Math.sqrt(2 * n) }),
  "spread-lower": (n: number) => ({
    ofMean: 0,
    ofDeviation: n % 2 === 0 ? 2 : (2 * n) / Math.sqrt(n * n - 1),
  }),
} as const satisfies Readonly<Record<string, (n: number) => SpreadTerms>>;

/** A bound of `wsBounds`: of which eigenvalue, or of λ_max − λ_min, and from where. */
export type ExplainedBound = keyof typeof table;

export const explainedBounds = Object.keys(table) as readonly ExplainedBound[];

export function termsOf(bound: ExplainedBound, size: number): SpreadTerms {
  return table[bound](size);
}
