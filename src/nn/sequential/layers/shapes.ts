import { type ErrorParts, inFunction, requireFew, ShapeError } from "../../../errors.js";
import { formatShape, sizeOf } from "../../../tensor/view.js";
import { positionsIn } from "../../../tensor/windows.js";
import type { LayerContext } from "./layer.js";

/** The public function that layers are made in. */
export const SEQUENTIAL = "sequential";

type LayerPlace = Pick<LayerContext, "path" | "kind">;

const nameOf = ({ path, kind }: LayerPlace): string => `${SEQUENTIAL}: ${path} (${kind})`;

/** What is refused in `check` names the layer. */
export function inLayer(layer: LayerPlace, check: () => void): void {
  inFunction(nameOf(layer), check);
}

/** A ShapeError that names the layer: `sequential: layers[4] (conv2d): expected images (C,H,W), got (320)`. */
export function shapeError(layer: LayerPlace, parts: Omit<ErrorParts, "where">): ShapeError {
  return new ShapeError({ where: nameOf(layer), ...parts });
}

/** The extents of an image. @throws ShapeError */
export function requireImages(
  context: LayerContext,
): readonly [channels: number, rows: number, columns: number] {
  if (context.input.length === 3) return context.input;
  throw shapeError(context, {
    expected: "images (C,H,W)",
    got: formatShape(context.input),
    next: "it belongs before flatten, in a network whose input is an image shape [C,H,W]",
  });
}

/** The number of features. @throws ShapeError */
export function requireFeatures(context: LayerContext): number {
  if (context.input.length === 1) return context.input[0];
  throw shapeError(context, {
    expected: "features (d)",
    got: `images ${formatShape(context.input)}`,
    next: 'put { kind: "flatten" } before it',
  });
}

/** Windows that slide over an image. */
interface Slide {
  /** Positions down and across. */
  readonly down: number;
  readonly across: number;
  /** Numbers in the copy of the image within its padding; none without padding. */
  readonly framed: number;
}

/** Windows of `size` over an image. @throws ShapeError where none fits */
export function slide(context: LayerContext, size: number, stride: number, padding: number): Slide {
  const [channels, rows, columns] = requireImages(context);
  const frame = [channels, rows + 2 * padding, columns + 2 * padding];
  const down = positionsIn(frame[1], size, stride);
  const across = positionsIn(frame[2], size, stride);
  requireAddressable(context, "the image with its padding", frame);
  if (down >= 1 && across >= 1) return { down, across, framed: padding > 0 ? sizeOf(frame) : 0 };
  throw shapeError(context, {
    expected: `images of at least ${size}×${size} pixels${padding ? `, padding ${padding} on each side included` : ""}`,
    got: formatShape(context.input),
    next: "use smaller windows, or fewer of the poolings and strides before it",
  });
}

/** @throws ShapeError that names the layer, for a tensor of 2³¹ numbers or more */
export function requireAddressable(layer: LayerPlace, what: string, shape: readonly number[]): void {
  inLayer(layer, () => requireFew(`numbers in ${what} ${formatShape(shape)}`, sizeOf(shape)));
}
