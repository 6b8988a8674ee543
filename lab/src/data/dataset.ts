import { type Tensor, tensor } from "flatward/tensor";

/** Labelled samples with numeric features. */
export interface LabelledSamples {
  /** Name of a shipped or generated data set, or the file's. */
  readonly name: string;
  /** Names of the d features. */
  readonly features: readonly string[];
  readonly label: string;
  /** Class names; a sample's class is an index into them. */
  readonly classes: readonly string[];
  /** (N,d), row-major. A byte is a pixel, and stands for its value/255. */
  readonly x: Float64Array | Uint8Array;
  /** (N). */
  readonly y: Int32Array;
  /** Where samples are pictures; their features go channel by channel, row by row. */
  readonly image?: ImageShape;
  /** The samples from this one on are the test part, for every seed. Where absent, a seed draws its own. */
  readonly testFrom?: number;
  /** Columns of its file that were left out. */
  readonly dropped?: readonly string[];
  /** What may have been read wrongly, and what to do then, a sentence each. */
  readonly warnings?: readonly string[];
}

/** The same with what tells them from all others. */
export interface Dataset extends LabelledSamples {
  /** SHA-256, hexadecimal: of the file, or of what was made of several or of none. */
  readonly sha256: string;
}

export type ImageShape = readonly [channels: number, height: number, width: number];

/** Features of the samples with these indices, in their order, as numbers: (indices.length, d), a copy. */
export function featuresOf(
  { x, features }: Pick<LabelledSamples, "x" | "features">,
  indices: ArrayLike<number>,
): Tensor {
  const width = features.length;
  const unit = x instanceof Uint8Array ? 255 : 1;
  const data = new Float64Array(indices.length * width);
  for (let i = 0, to = 0; i < indices.length; i++) {
    for (let from = indices[i] * width, end = from + width; from < end; from++) data[to++] = x[from] / unit;
  }
  return tensor(data, [indices.length, width]);
}

/** Classes of the samples with these indices. */
export function labelsOf({ y }: Pick<LabelledSamples, "y">, indices: ArrayLike<number>): Int32Array {
  return Int32Array.from(indices, (i) => y[i]);
}

/** Names for features that have none: x1, x2, … */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, j) => `x${j + 1}`);
}
