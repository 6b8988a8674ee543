import { add, conv2d as convolve, reshape } from "../../../autodiff/index.js";
import { requireFlag, requireInteger } from "../../../errors.js";
import { type LayerKind, weightAndBias } from "./layer.js";
import { requireImages, slide } from "./shapes.js";

/** Cross-correlation with square filters: PyTorch's Conv2d. */
export interface Conv2dDescription {
  readonly kind: "conv2d";
  /** Of the result. */
  readonly channels: number;
  /** Height and width of the filters. */
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number | undefined;
  /** Zeros around the image, on every side. Default 0. */
  readonly padding?: number | undefined;
  /** Default true. */
  readonly bias?: boolean | undefined;
}

export const conv2d: LayerKind<Conv2dDescription> = {
  options: ["channels", "kernel", "stride", "padding", "bias"],
  make(description, context) {
    const { channels, kernel, stride = 1, padding = 0, bias = true } = description;
    requireInteger(`${context.path}.channels`, channels, 1);
    requireInteger(`${context.path}.kernel`, kernel, 1);
    requireInteger(`${context.path}.stride`, stride, 1);
    requireInteger(`${context.path}.padding`, padding, 0);
    requireFlag(`${context.path}.bias`, bias);
    const [inputs] = requireImages(context);
    const { down, across, framed } = slide(context, kernel, stride, padding);
    const pixels = down * across;
    const window = kernel * kernel;
    return {
      output: [channels, down, across],
      parameters: weightAndBias([channels, inputs, kernel, kernel], inputs * window, channels * window, bias),
      footprint: pixels * channels * (bias ? 2 : 1) + framed,
      apply(x, [weight, shift]) {
        const images = convolve(x, weight, { stride, padding });
        return shift === undefined ? images : add(images, reshape(shift, [channels, 1, 1]));
      },
    };
  },
};
