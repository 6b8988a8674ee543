import type { Interval, SpectralSpread } from "../../bounds/wolkowicz-styan.js";

/** Where λ_max and λ_min must lie. */
export interface ExtremeBounds {
  readonly largest: Interval;
  readonly smallest: Interval;
}

/** What bounds λ_max from mean and standard deviation of `size` numbers: Wolkowicz & Styan 1980, Theorem 2.1. */
export function largestOf(size: number, { mean, deviation }: SpectralSpread): Interval {
  if (size === 1) return { lower: mean, upper: mean };
  const root = Math.sqrt(size - 1);
  return { lower: mean + deviation / root, upper: mean + deviation * root };
}

/** The bounds on λ_min(A) that bounds on λ_max(−A) are. */
export function negated({ lower, upper }: Interval): Interval {
  return { lower: 0 - upper, upper: 0 - lower };
}
