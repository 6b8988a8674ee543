import { averagePool2d as averageOf, maxPool2d as maxOf } from "../../../autodiff/index.js";
import { ArgumentError, requireInteger } from "../../../errors.js";
import { sizeOf } from "../../../tensor/view.js";
import type { LayerContext, LayerKind } from "./layer.js";
import { requireImages, slide } from "./shapes.js";

/** The largest pixel of every window: PyTorch's MaxPool2d. */
export interface MaxPool2dDescription {
  readonly kind: "maxPool2d";
  /** Height and width of the windows. */
  readonly size: number;
  /** Default: the size. */
  readonly stride?: number | undefined;
}

/** The mean pixel of every window, padding included: PyTorch's AvgPool2d. */
export interface AveragePool2dDescription {
  readonly kind: "averagePool2d";
  readonly size: number;
  /** Default: the size. */
  readonly stride?: number | undefined;
  /** Zeros around the image, on every side, at most half the size. Default 0. */
  readonly padding?: number | undefined;
}

interface Windows {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

function windowsOf(
  description: {
    readonly size: number;
    readonly stride?: number | undefined;
    readonly padding?: number | undefined;
  },
  { path }: LayerContext,
): Windows {
  const { size, stride = size, padding = 0 } = description;
  requireInteger(`${path}.size`, size, 1);
  requireInteger(`${path}.stride`, stride, 1);
  requireInteger(`${path}.padding`, padding, 0);
  if (2 * padding <= size) return { size, stride, padding };
  throw new ArgumentError({
    expected: `${path}.padding ≤ size/2, so that no window is padding alone`,
    got: String(padding),
  });
}

/** Output shape and footprint of windows over images. */
function pooled(context: LayerContext, { size, stride, padding }: Windows) {
  const [channels] = requireImages(context);
  const { down, across, framed } = slide(context, size, stride, padding);
  const pixels = channels * down * across;
  return { output: [channels, down, across] as const, parameters: [], footprint: 2 * pixels + framed };
}

export const maxPool2d: LayerKind<MaxPool2dDescription> = {
  options: ["size", "stride"],
  hasKinks: true,
  make(description, context) {
    const windows = windowsOf(description, context);
    const { size, stride } = windows;
    const { output, parameters, footprint } = pooled(context, windows);
    // Where all pixels of a window tie, each is remembered, in half a number. Of windows that do not overlap these are
    // few beside the images.
    const ties = stride < size ? (sizeOf(output) * size * size) / 2 : 0;
    return { output, parameters, footprint: footprint + ties, apply: (x) => maxOf(x, size, { stride }) };
  },
};

export const averagePool2d: LayerKind<AveragePool2dDescription> = {
  options: ["size", "stride", "padding"],
  make(description, context) {
    const windows = windowsOf(description, context);
    const { size, stride, padding } = windows;
    return { ...pooled(context, windows), apply: (x) => averageOf(x, size, { stride, padding }) };
  },
};
