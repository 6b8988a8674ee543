import type { Operand } from "../../../autodiff/index.js";
import { deviationsOf, standardised } from "../../../autodiff/normalization.js";
import { untraced } from "../../../autodiff/value.js";
import { requireFlag, requireNumber } from "../../../errors.js";
import { sizeOf } from "../../../tensor/view.js";
import { requireFiniteVariance } from "./finite-variance.js";
import type { LayerKind, LayerParameter } from "./layer.js";

/**
 * Normalises every sample by the mean and the (biased) variance of its own numbers, then scales and shifts each of them
 * (Ba, Kiros & Hinton 2016): PyTorch's LayerNorm over the whole sample.
 */
export interface LayerNormDescription {
  readonly kind: "layerNorm";
  /** Added to the variance, > 0. Default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Whether it scales and shifts. Default true. */
  readonly affine?: boolean | undefined;
}

export const layerNorm: LayerKind<LayerNormDescription> = {
  options: ["epsilon", "affine"],
  make(description, context) {
    const { input } = context;
    const { epsilon = 1e-5, affine = true } = description;
    requireNumber(`${context.path}.epsilon`, epsilon, { above: 0 });
    requireFlag(`${context.path}.affine`, affine);
    const axes = input.map((_, axis) => axis + 1);
    const own = { shape: input, fanIn: 1, fanOut: 1 };
    const parameters: readonly LayerParameter[] = affine
      ? [
          { name: "weight", role: "scale", ...own },
          { name: "bias", role: "shift", ...own },
        ]
      : [];
    return {
      output: input,
      parameters,
      footprint: 6 * sizeOf(input),
      apply(x, [scale = 1, shift = 0]: readonly Operand[]) {
        const deviations = deviationsOf(x, axes);
        requireFiniteVariance(context, untraced(deviations.variance));
        return standardised(deviations, scale, shift, epsilon);
      },
    };
  },
};
