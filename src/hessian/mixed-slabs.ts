import { distantSlabs } from "./distant-slabs.js";
import type { FactorSource } from "./factors.js";
import { neighbourSlabs } from "./neighbour-slabs.js";
import type { MixedSlab } from "./slabs.js";

/** The slabs of the block between taps l < m. @param count largest number of samples */
export function mixedSlabs(
  { taps, isDiagonal }: Pick<FactorSource, "taps" | "isDiagonal">,
  m: number,
  l: number,
  count: number,
): readonly MixedSlab[] {
  return isDiagonal(m, l) ? neighbourSlabs(taps, m, count) : distantSlabs(taps, m, l, count);
}
