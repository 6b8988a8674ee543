import { averagePool2d as averageOf, maxPool2d as maxOf } from "../../autodiff/index.js";
import { ArgumentError, requireInteger } from "../../errors.js";
import type { LayerKind, Site } from "./layer.js";
import { requireImages, SEQUENTIAL, slide } from "./shapes.js";

/** The largest pixel of every window: PyTorch's MaxPool2d. */
export interface MaxPool2dDescription {
  readonly kind: "maxPool2d";
  /** Height and width of the windows. */
  readonly size: number;
  /** Default: the size. */
  readonly stride?: number;
}

/** The mean pixel of every window, padding included: PyTorch's AvgPool2d. */
export interface AveragePool2dDescription {
  readonly kind: "averagePool2d";
  readonly size: number;
  /** Default: the size. */
  readonly stride?: number;
  /** Zeros around the image, on every side, at most half the size. Default 0. */
  readonly padding?: number;
}

interface Windows {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

function windowsOf(
  description: { readonly size: number; readonly stride?: number; readonly padding?: number },
  { path }: Site,
): Windows {
  const size = requireInteger(SEQUENTIAL, `${path}.size`, description.size, 1);
  const stride = requireInteger(SEQUENTIAL, `${path}.stride`, description.stride ?? size, 1);
  const padding = requireInteger(SEQUENTIAL, `${path}.padding`, description.padding ?? 0, 0);
  if (2 * padding <= size) return { size, stride, padding };
  throw new ArgumentError({
    where: SEQUENTIAL,
    expected: `${path}.padding ≤ size/2, so that no window is padding alone`,
    got: String(padding),
  });
}

/** Output shape and footprint of windows over images. */
function pooled(site: Site, { size, stride, padding }: Windows) {
  const [channels] = requireImages(site);
  const [down, across] = slide(site, size, stride, padding);
  const pixels = channels * down * across;
  return { output: [channels, down, across] as const, parameters: [], footprint: 2 * pixels };
}

export const maxPool2d: LayerKind<MaxPool2dDescription> = {
  options: ["size", "stride"],
  make(description, site) {
    const windows = windowsOf(description, site);
    const { size, stride } = windows;
    return { ...pooled(site, windows), apply: (x) => maxOf(x, size, { stride }) };
  },
};

export const averagePool2d: LayerKind<AveragePool2dDescription> = {
  options: ["size", "stride", "padding"],
  make(description, site) {
    const windows = windowsOf(description, site);
    const { size, stride, padding } = windows;
    return { ...pooled(site, windows), apply: (x) => averageOf(x, size, { stride, padding }) };
  },
};
