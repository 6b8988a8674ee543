import { type Tensor, tensor } from "flatward";

/** Mean and scale of every feature. */
export interface Standardization {
  readonly mean: Float64Array;
  /** Population standard deviation; 1 for a constant feature. */
  readonly scale: Float64Array;
}

/** Fits mean and standard deviation to rows of equal length. */
export function fitStandardization(rows: readonly Float64Array[]): Standardization {
  const width = rows[0].length;
  const mean = new Float64Array(width);
  const scale = new Float64Array(width);
  for (const row of rows) for (let j = 0; j < width; j++) mean[j] += row[j] / rows.length;
  for (const row of rows)
    for (let j = 0; j < width; j++) scale[j] += ((row[j] - mean[j]) * (row[j] - mean[j])) / rows.length;
  for (let j = 0; j < width; j++) {
    const deviation = Math.sqrt(scale[j]);
    // A constant feature has only rounding for a deviation.
    scale[j] = deviation > 1e-12 * Math.abs(mean[j]) ? deviation : 1;
  }
  return { mean, scale };
}

/** (x − mean)/scale of every row, (N,d). */
export function standardize(rows: readonly Float64Array[], { mean, scale }: Standardization): Tensor {
  const width = mean.length;
  const data = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    for (let j = 0; j < width; j++) data[i * width + j] = (row[j] - mean[j]) / scale[j];
  });
  return tensor(data, [rows.length, width]);
}
