import { type ErrorParts, ShapeError } from "../../errors.js";
import { formatShape } from "../../tensor/view.js";
import type { SampleShape, Site } from "./layer.js";

/** The public function that layers are made in. */
export const SEQUENTIAL = "sequential";

/** A ShapeError that names the layer: `sequential: layers[4] (conv2d): expected images (C,H,W), got (320)`. */
export function shapeError(
  { path, kind }: Pick<Site, "path" | "kind">,
  parts: Omit<ErrorParts, "where">,
): ShapeError {
  return new ShapeError({ where: `${SEQUENTIAL}: ${path} (${kind})`, ...parts });
}

/** The extents of an image. @throws ShapeError */
export function requireImages(site: Site): readonly [channels: number, rows: number, columns: number] {
  if (site.input.length === 3) return site.input;
  throw shapeError(site, {
    expected: "images (C,H,W)",
    got: formatShape(site.input),
    next: "it belongs before flatten, in a network whose input is an image shape [C,H,W]",
  });
}

/** The number of features. @throws ShapeError */
export function requireFeatures(site: Site): number {
  if (site.input.length === 1) return site.input[0];
  throw shapeError(site, {
    expected: "features (d)",
    got: `images ${formatShape(site.input)}`,
    next: 'put { kind: "flatten" } before it',
  });
}

/** Extents after windows of `size` slid over an image. @throws ShapeError where none fits */
export function slide(
  site: Site,
  size: number,
  stride: number,
  padding: number,
): readonly [down: number, across: number] {
  const [, rows, columns] = requireImages(site);
  const down = Math.floor((rows + 2 * padding - size) / stride) + 1;
  const across = Math.floor((columns + 2 * padding - size) / stride) + 1;
  if (down >= 1 && across >= 1) return [down, across];
  throw shapeError(site, {
    expected: `images of at least ${size}×${size} pixels${padding ? `, padding ${padding} on each side included` : ""}`,
    got: formatShape(site.input),
    next: "use smaller windows, or fewer of the poolings and strides before it",
  });
}

export function sameSample(a: SampleShape, b: SampleShape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}
