import { reshape, sub } from "../../../autodiff/index.js";
import { deviationsOf, standardised } from "../../../autodiff/normalization.js";
import { untraced } from "../../../autodiff/value.js";
import { requireNumber } from "../../../errors.js";
import { sizeOf, tensor } from "../../../tensor/view.js";
import { requireFiniteVariance } from "./finite-variance.js";
import type { LayerKind, SampleShape } from "./layer.js";
import { shapeError } from "./shapes.js";

/** Normalises every feature, or every channel of images, then scales and shifts it: PyTorch's BatchNorm1d and 2d. */
export interface BatchNormDescription {
  readonly kind: "batchNorm";
  /** Added to the variance, > 0. Default 1e-5. */
  readonly epsilon?: number | undefined;
}

export const batchNorm: LayerKind<BatchNormDescription> = {
  options: ["epsilon"],
  make(description, context) {
    const { input } = context;
    const { epsilon = 1e-5 } = description;
    requireNumber(`${context.path}.epsilon`, epsilon, { above: 0 });
    const index = context.nextNormalization();
    const { axes, along } = groupsOf(input);
    const affine = { shape: [input[0]], fanIn: 1, fanOut: 1 };
    return {
      output: input,
      parameters: [
        { name: "weight", role: "scale", ...affine },
        { name: "bias", role: "shift", ...affine },
      ],
      footprint: 6 * sizeOf(input),
      apply(x, parameters, pass) {
        const [scale, shift] = parameters.map((each) => reshape(each, along));
        const moments = pass.moments?.(index, x);
        if (moments !== undefined) {
          const centred = sub(x, tensor(moments.mean, along));
          return standardised({ centred, variance: tensor(moments.variance, along) }, scale, shift, epsilon);
        }
        const values = (x.shape[0] * sizeOf(input)) / input[0];
        if (values > 1) {
          const own = deviationsOf(x, axes);
          requireFiniteVariance(context, untraced(own.variance));
          return standardised(own, scale, shift, epsilon);
        }
        throw shapeError(context, {
          expected: "at least 2 values to normalise by",
          got: "a batch of a single sample",
          next: "use larger batches, or net.frozen(theta, x)",
        });
      },
    };
  },
};

/** The axes that are summed over, and the shape in which one number per feature or channel meets (N, …sample). */
function groupsOf(sample: SampleShape): {
  readonly axes: readonly number[];
  readonly along: readonly number[];
} {
  return sample.length === 1
    ? { axes: [0], along: [sample[0]] }
    : { axes: [0, 2, 3], along: [sample[0], 1, 1] };
}
