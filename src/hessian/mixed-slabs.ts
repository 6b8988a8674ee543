import { distantSlabs } from "./distant-slabs.js";
import type { FactorSource } from "./factors.js";
import { neighbourSlabs } from "./neighbour-slabs.js";
import type { MixedSlab } from "./slabs.js";

/**
 * The slabs of the block between taps l < m.
 * @param count largest number of samples @param residual whether factors may have δ
 */
export function mixedSlabs(
  { taps, isDiagonal }: Pick<FactorSource, "taps" | "isDiagonal">,
  m: number,
  l: number,
  count: number,
  residual = true,
): readonly MixedSlab[] {
  if (residual && !isDiagonal(m, l)) return distantSlabs(taps, m, l, count);
  return neighbourSlabs(taps, m, l, count, residual);
}
