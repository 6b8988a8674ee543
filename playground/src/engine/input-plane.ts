import { symmetricEigen, tensor } from "flatward";
import type { Tensor } from "flatward/tensor";

/** The plane of inputs that decision regions are drawn on: it goes through 0 along two directions. */
export interface InputPlane {
  /** Two directions (d). */
  readonly axes: readonly [Float64Array, Float64Array];
}

/** Of two features, their own plane; of more, that of their first two principal components. @param x (N,d), of mean 0 */
export function inputPlane({ data, shape: [count, width] }: Tensor): InputPlane {
  const unit = (j: number) => Float64Array.from({ length: width }, (_, i) => (i === j ? 1 : 0));
  // Of one feature, the second axis is nothing.
  if (width <= 2) return { axes: [unit(0), unit(1)] };
  const covariance = new Float64Array(width * width);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < width; j++)
      for (let k = 0; k < width; k++)
        covariance[j * width + k] += (data[i * width + j] * data[i * width + k]) / count;
  const { vectors } = symmetricEigen(tensor(covariance, [width, width]), { vectors: true });
  return { axes: [column(vectors, width - 1), column(vectors, width - 2)] };
}

/** Of a matrix, a copy. */
export function column({ data, shape, stride = [shape[1], 1], offset = 0 }: Tensor, k: number): Float64Array {
  return Float64Array.from({ length: shape[0] }, (_, i) => data[offset + i * stride[0] + k * stride[1]]);
}

/** Where samples lie on the plane: (N,2). @param x (N,d) */
export function coordinatesOn({ axes }: InputPlane, { data, shape: [count, width] }: Tensor): Float64Array {
  const coordinates = new Float64Array(2 * count);
  for (let i = 0; i < count; i++)
    axes.forEach((axis, side) => {
      for (let j = 0; j < width; j++) coordinates[2 * i + side] += axis[j] * data[i * width + j];
    });
  return coordinates;
}

/** A part of a plane: its middle, and half of its width and height. */
export interface Frame2 {
  readonly middle: readonly [number, number];
  readonly half: readonly [number, number];
}

/** Points of a plane on a grid whose outermost ones lie on the edge, from the top left on, row by row: (rows · columns, d). */
export function gridOn(
  { axes }: InputPlane,
  { middle, half }: Frame2,
  columns: number,
  rows: number,
): Tensor {
  const width = axes[0].length;
  const data = new Float64Array(rows * columns * width);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const b = middle[1] + half[1] * (1 - (2 * row) / (rows - 1));
    for (let column = 0; column < columns; column++) {
      const a = middle[0] + half[0] * ((2 * column) / (columns - 1) - 1);
      for (let j = 0; j < width; j++) data[at++] = a * axes[0][j] + b * axes[1][j];
    }
  }
  return tensor(data, [rows * columns, width]);
}
