import type { Tensor } from "flatward/tensor";

/**
 * How features become inputs: "standardize" by mean and deviation that each has in the training part, the same mean
 * and deviation for all, or "none".
 */
export type Scaling = "standardize" | "none" | { readonly mean: number; readonly deviation: number };

/** Mean and scale of every feature. */
export interface Standardization {
  readonly mean: Float64Array;
  /** Population standard deviation; 1 for a constant feature. */
  readonly scale: Float64Array;
}

/** Scales both parts, (N,d) and (M,d), in place, alike. */
export function rescale(scaling: Scaling, train: Tensor, test: Tensor): void {
  if (scaling === "none") return;
  const standardization =
    scaling === "standardize" ? fitStandardization(train) : same(scaling, train.shape[1]);
  for (const part of [train, test]) standardize(part, standardization);
}

/** Fits mean and standard deviation to the rows of x (N,d), row-major, without overflow at any finite scale. */
export function fitStandardization({ data, shape: [count, width] }: Tensor): Standardization {
  const mean = new Float64Array(width);
  const reach = new Float64Array(width);
  const squares = new Float64Array(width);
  const scale = new Float64Array(width);
  // Row by row, as the memory lies.
  for (let at = 0; at < data.length; at += width)
    for (let j = 0; j < width; j++) mean[j] += data[at + j] / count;
  for (let at = 0; at < data.length; at += width)
    for (let j = 0; j < width; j++) reach[j] = Math.max(reach[j], Math.abs(data[at + j] - mean[j]));
  for (let at = 0; at < data.length; at += width)
    for (let j = 0; j < width; j++) {
      const share = reach[j] === 0 ? 0 : (data[at + j] - mean[j]) / reach[j];
      squares[j] += (share * share) / count;
    }
  for (let j = 0; j < width; j++) {
    const deviation = reach[j] * Math.sqrt(squares[j]);
    // A constant feature has only rounding for a deviation.
    scale[j] = deviation > 1e-12 * Math.abs(mean[j]) ? deviation : 1;
  }
  return { mean, scale };
}

/** Every row of x (N,d), row-major, becomes (x − mean)/scale, in place. */
export function standardize({ data }: Tensor, { mean, scale }: Standardization): void {
  const width = mean.length;
  for (let at = 0; at < data.length; at += width) {
    for (let j = 0; j < width; j++) data[at + j] = (data[at + j] - mean[j]) / scale[j];
  }
}

function same({ mean, deviation }: Exclude<Scaling, string>, width: number): Standardization {
  return { mean: new Float64Array(width).fill(mean), scale: new Float64Array(width).fill(deviation) };
}
