import type { Classes } from "./classes.js";
import { createLargest, type PairShare } from "./largest.js";
import type { SamplePairs } from "./sample-pairs.js";

/**
 * The `keep` pairs of samples of the largest shares, and the sum of the others. A pair i < j has 2c ω_i ω_j ⟨H_i, H_j⟩.
 * @param self shares of pairs of a sample with itself (N) @param scale c
 */
export function pairShares(
  value: number,
  pairs: SamplePairs,
  self: Float64Array,
  scale: number,
  keep: number,
): { readonly pairs: readonly PairShare[]; readonly otherPairs: number } {
  const largest = createLargest(keep);
  for (const { i, j, share } of pairs.largest()) largest.offer(i, j, scale * share);
  self.forEach((share, i) => {
    largest.offer(i, i, share);
  });
  const told = largest.sorted();
  return { pairs: told, otherPairs: told.reduce((rest, { share }) => rest - share, value) };
}

/** Shares by class, the sums of their samples', and where pairs are known, by pairs of classes, whose rows add up to these. */
export function classShares(
  { of, count }: Classes,
  samples: Float64Array,
  known: { readonly pairs: SamplePairs; readonly self: Float64Array; readonly scale: number } | undefined,
): { readonly classes: Float64Array; readonly classPairs?: readonly Float64Array[] } {
  const classes = new Float64Array(count);
  of.forEach((which, i) => {
    classes[which] += samples[i];
  });
  if (!known) return { classes };
  const { pairs, self, scale } = known;
  const apart = pairs.classes();
  const classPairs = Array.from({ length: count }, (_, a) =>
    apart.subarray(a * count, (a + 1) * count).map((sum) => scale * sum),
  );
  of.forEach((which, i) => {
    classPairs[which][which] += self[i];
  });
  return { classes, classPairs };
}
