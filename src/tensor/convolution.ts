import type { IndexedMatrix } from "./indexed-matrix.js";
import { addProduct } from "./product.js";
import { slidingWindows, type Windows } from "./windows.js";

// Outputs = filters · windows, as matrices of O × windows, O × taps and taps × windows. The last one is read where it lies
// in the images, so that no window is ever copied out; written there, overlapping windows add up.

/** Which images, filters and outputs belong together, all row-major. */
export interface Convolution {
  /** (N,C,H,W), (O,C,h,w) and (N,O,H′,W′). */
  readonly images: readonly number[];
  readonly filters: readonly number[];
  readonly outputs: readonly number[];
  readonly windows: Windows;
  /** Where the output of every window lies, in the first channel. */
  readonly positions: Int32Array;
}

/** The convolution of images (N,C,H,W) with filters (O,C,h,w) that move by `stride` and fit into the images. */
export function convolutionOf(
  images: readonly number[],
  filters: readonly number[],
  stride: number,
): Convolution {
  const [channels, , height, width] = filters;
  const windows = slidingWindows(images, height, width, stride);
  const { down, across } = windows;
  const plane = down * across;
  const positions = new Int32Array(images[0] * plane);
  for (let b = 0, i = 0; b < images[0]; b++) {
    for (let p = 0; p < plane; p++) positions[i++] = b * channels * plane + p;
  }
  return { images, filters, outputs: [images[0], channels, down, across], windows, positions };
}

/** out ← out + images ⋆ filters. */
export function addOutputs(
  out: Float64Array,
  images: Float64Array,
  filters: Float64Array,
  shape: Convolution,
): void {
  addProduct(outputMatrix(out, shape), filterMatrix(filters, shape), windowMatrix(images, shape), [
    shape.filters[0],
    shape.windows.taps.length,
    shape.positions.length,
  ]);
}

/** out ← out + the adjoint of the images: what each pixel weighs in the outputs, summed with `outputs`. */
export function addImages(
  out: Float64Array,
  outputs: Float64Array,
  filters: Float64Array,
  shape: Convolution,
): void {
  addProduct(
    windowMatrix(out, shape),
    transposed(filterMatrix(filters, shape)),
    outputMatrix(outputs, shape),
    [shape.windows.taps.length, shape.filters[0], shape.positions.length],
  );
}

/** out ← out + the adjoint of the filters: what each tap weighs in the outputs, summed with `outputs`. */
export function addFilters(
  out: Float64Array,
  images: Float64Array,
  outputs: Float64Array,
  shape: Convolution,
): void {
  addProduct(
    filterMatrix(out, shape),
    outputMatrix(outputs, shape),
    transposed(windowMatrix(images, shape)),
    [shape.filters[0], shape.positions.length, shape.windows.taps.length],
  );
}

function windowMatrix(data: Float64Array, { windows }: Convolution): IndexedMatrix {
  return { data, offset: 0, down: windows.taps, across: windows.corners };
}

function filterMatrix(data: Float64Array, { windows }: Convolution): IndexedMatrix {
  return { data, offset: 0, down: windows.taps.length, across: 1 };
}

function outputMatrix(data: Float64Array, { windows, positions }: Convolution): IndexedMatrix {
  return { data, offset: 0, down: windows.down * windows.across, across: positions };
}

function transposed({ data, offset, down, across }: IndexedMatrix): IndexedMatrix {
  return { data, offset, down: across, across: down };
}
