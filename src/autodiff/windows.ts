import { requireInteger, ShapeError } from "../errors.js";
import { optionsOf } from "../options.js";
import { formatShape } from "../tensor/view.js";
import { positionsIn } from "../tensor/windows.js";
import { linearOperations } from "./linear.js";
import { apply } from "./trace.js";
import { type Operand, toValue, type Value } from "./value.js";

/** How windows move over an image in `conv2d`, `maxPool2d` and `averagePool2d`. */
export interface WindowOptions {
  /** Step between windows, both ways. */
  readonly stride?: number | undefined;
  /** Zeros around the image, on every side. Default 0. */
  readonly padding?: number | undefined;
}

/** @throws ArgumentError for other options */
export function windowOptionsOf(options: WindowOptions | undefined): WindowOptions {
  return optionsOf(options, ["stride", "padding"]);
}

/** @throws ShapeError unless they are (N,C,H,W) */
export function imagesOf(images: Operand): Value {
  const value = toValue(images);
  if (value.shape.length === 4) return value;
  throw new ShapeError({
    expected: "images of shape (batch,channels,rows,columns)",
    got: formatShape(value.shape),
  });
}

/**
 * Images (N,C,H,W), in a frame of zeros where padding asks for one, over which windows of height × width can slide.
 * @throws ShapeError, ArgumentError
 */
export function framedImages(
  images: Value,
  height: number,
  width: number,
  stride: number,
  padding: number,
): Value {
  const { shape } = images;
  requireInteger("window height", height, 1);
  requireInteger("window width", width, 1);
  requireInteger("stride", stride, 1);
  requireInteger("padding", padding, 0);
  const [rows, columns] = [shape[2] + 2 * padding, shape[3] + 2 * padding];
  if (positionsIn(rows, height, stride) < 1 || positionsIn(columns, width, stride) < 1)
    throw new ShapeError({
      expected: `images no smaller than the window (${height},${width})`,
      got: formatShape(shape),
    });
  if (padding === 0) return images;
  const whole = [shape[0], shape[1], rows, columns];
  return apply(linearOperations.embed, [images], {
    corner: [0, 0, padding, padding],
    extents: shape,
    whole,
  });
}
