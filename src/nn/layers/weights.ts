import type { LayerParameter } from "../sequential/layers/layer.js";

/** The parameters of a layer that is linear in its input. */
export function weightAndBias(
  shape: readonly number[],
  fanIn: number,
  fanOut: number,
  bias: boolean,
): readonly LayerParameter[] {
  const weight: LayerParameter = { name: "weight", role: "weight", shape, fanIn, fanOut };
  return bias ? [weight, { name: "bias", role: "bias", shape: [shape[0]], fanIn, fanOut }] : [weight];
}
