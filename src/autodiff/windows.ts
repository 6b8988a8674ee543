import { ArgumentError, requireInteger, ShapeError } from "../errors.js";
import { formatShape, type Tensor, zeros } from "../tensor/view.js";
import { add, div, mul, sub } from "./arithmetic.js";
import { sqrt } from "./elementary.js";
import { matmul } from "./matmul.js";
import { max, mean } from "./reduce.js";
import { reshape, transpose } from "./shape.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, type Value } from "./value.js";

/** Windows of height × width that slide over images of (batch, channels, rows, columns). */
export interface WindowGeometry {
  readonly image: readonly [batch: number, channels: number, rows: number, columns: number];
  readonly height: number;
  readonly width: number;
  readonly stride: number;
  readonly padding: number;
  /** Positions down and across. */
  readonly down: number;
  readonly across: number;
}

/** Linear, and each other's transpose: every window's pixels as a column, and columns added up into an image. */
export const windowOperations: { readonly [Name in "unfold" | "fold"]: Operation<WindowGeometry> } = {
  unfold: {
    name: "unfold",
    run: ([image], geometry) => {
      const columns = zeros(columnsShape(geometry));
      forEachPixel(geometry, (pixel, entry) => {
        columns.data[entry] = image.data[pixel];
      });
      return columns;
    },
    jvp: ([tangent], _inputs, _output, geometry) =>
      apply(windowOperations.unfold, [tangent as Value], geometry),
    vjp: (_index, adjoint, _inputs, _output, geometry) => apply(windowOperations.fold, [adjoint], geometry),
  },
  fold: {
    name: "fold",
    run: ([columns], geometry): Tensor => {
      const image = zeros(geometry.image);
      forEachPixel(geometry, (pixel, entry) => {
        image.data[pixel] += columns.data[entry];
      });
      return image;
    },
    jvp: ([tangent], _inputs, _output, geometry) =>
      apply(windowOperations.fold, [tangent as Value], geometry),
    vjp: (_index, adjoint, _inputs, _output, geometry) => apply(windowOperations.unfold, [adjoint], geometry),
  },
};

/** (channels, height·width, batch·down·across): the inner product over the first two axes is one matrix product. */
function columnsShape({ image, height, width, down, across }: WindowGeometry): number[] {
  return [image[1], height * width, image[0] * down * across];
}

/** Visits the flat positions of every pixel under every window, in image and in columns; padding is left out. */
function forEachPixel(geometry: WindowGeometry, visit: (pixel: number, entry: number) => void): void {
  const { image, height, width, stride, padding, down, across } = geometry;
  const [batch, channels, rows, columns] = image;
  let entry = 0;
  for (let c = 0; c < channels; c++) {
    for (let dy = 0; dy < height; dy++) {
      for (let dx = 0; dx < width; dx++) {
        for (let b = 0; b < batch; b++) {
          const plane = (b * channels + c) * rows * columns;
          for (let y = 0; y < down; y++) {
            const row = y * stride + dy - padding;
            for (let x = 0; x < across; x++, entry++) {
              const column = x * stride + dx - padding;
              if (row >= 0 && row < rows && column >= 0 && column < columns)
                visit(plane + row * columns + column, entry);
            }
          }
        }
      }
    }
  }
}

export interface WindowOptions {
  /** Step between windows, both ways. */
  readonly stride?: number;
  /** Zeros around the image, on every side. Default 0. */
  readonly padding?: number;
}

function geometryOf(
  name: string,
  shape: readonly number[],
  height: number,
  width: number,
  stride: number,
  padding: number,
): WindowGeometry {
  if (shape.length !== 4)
    throw new ShapeError({
      where: name,
      expected: "images of shape (batch,channels,rows,columns)",
      got: formatShape(shape),
    });
  requireInteger(name, "window height", height, 1);
  requireInteger(name, "window width", width, 1);
  requireInteger(name, "stride", stride, 1);
  requireInteger(name, "padding", padding, 0);
  const image = [shape[0], shape[1], shape[2], shape[3]] as const;
  const down = Math.floor((image[2] + 2 * padding - height) / stride) + 1;
  const across = Math.floor((image[3] + 2 * padding - width) / stride) + 1;
  if (down < 1 || across < 1)
    throw new ShapeError({
      where: name,
      expected: `images no smaller than the window (${height},${width})`,
      got: formatShape(shape),
    });
  return { image, height, width, stride, padding, down, across };
}

/**
 * Cross-correlation of images with filters, as deep learning's convolution: PyTorch's conv2d without bias.
 * @param images (N,C,H,W) @param filters (O,C,h,w) @returns (N,O,H′,W′) @throws ShapeError, ArgumentError
 */
export function conv2d(
  images: Operand,
  filters: Operand,
  { stride = 1, padding = 0 }: WindowOptions = {},
): Value {
  const x = toValue("conv2d", images);
  const w = toValue("conv2d", filters);
  if (w.shape.length !== 4 || w.shape[1] !== x.shape[1]) {
    throw new ShapeError({
      where: "conv2d",
      expected: `filters of shape (O,${x.shape[1]},h,w)`,
      got: formatShape(w.shape),
    });
  }
  const [outputs, channels, height, width] = w.shape;
  const geometry = geometryOf("conv2d", x.shape, height, width, stride, padding);
  const columns = apply(windowOperations.unfold, [x], geometry);
  const inner = channels * height * width;
  const product = matmul(reshape(w, [outputs, inner]), reshape(columns, [inner, -1]));
  return transpose(reshape(product, [outputs, x.shape[0], geometry.down, geometry.across]), [1, 0, 2, 3]);
}

/** Pixels of every window: (C, h·w, N·down·across). */
function windowsOf(
  name: string,
  images: Operand,
  size: number,
  options: WindowOptions,
): { columns: Value; geometry: WindowGeometry } {
  const x = toValue(name, images);
  const geometry = geometryOf(name, x.shape, size, size, options.stride ?? size, options.padding ?? 0);
  return { columns: apply(windowOperations.unfold, [x], geometry), geometry };
}

/** (C, N·down·across) back to images. */
function toImages(pooled: Value, { image, down, across }: WindowGeometry): Value {
  return transpose(reshape(pooled, [image[1], image[0], down, across]), [1, 0, 2, 3]);
}

/**
 * Largest pixel of every size×size window; stride defaults to the size. Ties share the derivative equally.
 * @param images (N,C,H,W) @throws ShapeError, ArgumentError (no padding: a zero could win)
 */
export function maxPool2d(images: Operand, size: number, options: WindowOptions = {}): Value {
  if (options.padding)
    throw new ArgumentError({ where: "maxPool2d", expected: "no padding", got: String(options.padding) });
  const { columns, geometry } = windowsOf("maxPool2d", images, size, options);
  return toImages(max(columns, { axes: 1 }), geometry);
}

/**
 * Mean pixel of every size×size window, padding included; stride defaults to the size.
 * @param images (N,C,H,W) @throws ShapeError, ArgumentError
 */
export function averagePool2d(images: Operand, size: number, options: WindowOptions = {}): Value {
  const { columns, geometry } = windowsOf("averagePool2d", images, size, options);
  return toImages(mean(columns, { axes: 1 }), geometry);
}

/**
 * Batch normalisation from its parts: (x − mean)/√(variance + ε)·scale + shift, mean and (biased) variance taken over
 * `axes`. Derivatives flow through both.
 */
export function batchNorm(
  x: Operand,
  scale: Operand,
  shift: Operand,
  axes: readonly number[],
  epsilon = 1e-5,
): Value {
  const value = toValue("batchNorm", x);
  const centred = sub(value, mean(value, { axes, keepAxes: true }));
  const variance = mean(mul(centred, centred), { axes, keepAxes: true });
  return add(mul(div(centred, sqrt(add(variance, epsilon))), scale), shift);
}
