import { type Tensor, tensor } from "flatward";

/** Mean and scale of every feature. */
export interface Standardization {
  readonly mean: Float64Array;
  /** Population standard deviation; 1 for a constant feature. */
  readonly scale: Float64Array;
}

/** Fits mean and standard deviation to rows of equal length, without overflow at any finite scale. */
export function fitStandardization(rows: readonly Float64Array[]): Standardization {
  const width = rows[0].length;
  const mean = new Float64Array(width);
  const scale = new Float64Array(width);
  for (let j = 0; j < width; j++) {
    for (const row of rows) mean[j] += row[j] / rows.length;
    let reach = 0;
    for (const row of rows) reach = Math.max(reach, Math.abs(row[j] - mean[j]));
    let squares = 0;
    for (const row of rows) {
      const share = reach === 0 ? 0 : (row[j] - mean[j]) / reach;
      squares += (share * share) / rows.length;
    }
    const deviation = reach * Math.sqrt(squares);
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
