import { add, div, mul, batchNorm as normalise, reshape, sub, type Value } from "../../autodiff/index.js";
import { requireNumber } from "../../errors.js";
import { sizeOf, tensor } from "../../tensor/view.js";
import type { LayerKind, Moments, SampleShape } from "./layer.js";
import { SEQUENTIAL, shapeError } from "./shapes.js";

/** Normalises every feature, or every channel of images, then scales and shifts it: PyTorch's BatchNorm1d and 2d. */
export interface BatchNormDescription {
  readonly kind: "batchNorm";
  /** Added to the variance, > 0. Default 1e-5. */
  readonly epsilon?: number;
}

export const batchNorm: LayerKind<BatchNormDescription> = {
  options: ["epsilon"],
  make(description, site) {
    const { input } = site;
    const epsilon = requireNumber(SEQUENTIAL, `${site.path}.epsilon`, description.epsilon ?? 1e-5, {
      above: 0,
    });
    const index = site.nextNormalization();
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
        if (moments !== undefined) return normaliseBy(x, moments, scale, shift, along, epsilon);
        const values = (x.shape[0] * sizeOf(input)) / input[0];
        if (values > 1) return normalise(x, scale, shift, axes, epsilon);
        throw shapeError(site, {
          expected: "at least 2 values to normalise by",
          got: "a batch of a single sample",
          next: "use larger batches, or net.frozen(theta, x)",
        });
      },
    };
  },
};

function normaliseBy(
  x: Value,
  { mean, variance }: Moments,
  scale: Value,
  shift: Value,
  along: readonly number[],
  epsilon: number,
): Value {
  const deviation = tensor(
    variance.map((each) => Math.sqrt(each + epsilon)),
    along,
  );
  return add(mul(sub(x, tensor(mean, along)), div(scale, deviation)), shift);
}

/** The axes that are summed over, and the shape in which one number per feature or channel meets (N, …sample). */
export function groupsOf(sample: SampleShape): {
  readonly axes: readonly number[];
  readonly along: readonly number[];
} {
  return sample.length === 1
    ? { axes: [0], along: [sample[0]] }
    : { axes: [0, 2, 3], along: [sample[0], 1, 1] };
}
