import { type Optimizer, type StableInterval, stableSpectrum } from "flatward";

/** The upper end of the interval that holds 0; NaN where none does. */
export function upperEdge(intervals: readonly StableInterval[] = []): number {
  return intervals.find(({ lower, upper }) => lower <= 0 && upper >= 0)?.upper ?? Number.NaN;
}

/** The same of an optimizer's filter. @throws ArgumentError where it has none in λ alone */
export function edgeOf(optimizer: Optimizer): number {
  return upperEdge(stableSpectrum(optimizer));
}
