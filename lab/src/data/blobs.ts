import { randomStream } from "flatward";
import type { LabelledSamples } from "./dataset.js";
import { generated } from "./generated.js";

export interface BlobsOptions {
  /** N, shared evenly among the classes. */
  readonly samples: number;
  /** d. */
  readonly features: number;
  /** K. */
  readonly classes: number;
  /** Standard deviation of a class in every direction, where class means have length 1. */
  readonly spread: number;
  /** Seed of means and samples. */
  readonly draw: number;
}

/**
 * One Gaussian cloud a class, around means in random directions. Small spreads give inputs that are nearly parallel
 * within a class; large ones in many dimensions, inputs that are nearly orthogonal.
 * @throws LabError "data" when a class would have fewer than two samples, "usage" when they are beyond memory
 */
export function blobs({ samples, features, classes, spread, draw }: BlobsOptions): LabelledSamples {
  const stream = randomStream(draw, "blobs");
  // As they are needed: whether all of this fits into memory is seen to first.
  const means: Float64Array[] = [];
  const noise = stream.stream("noise");
  return generated({ name: "blobs", samples, features, classes }, (sample, label) => {
    means[label] ??= direction(features, stream.stream(`mean ${label}`));
    const mean = means[label];
    for (let j = 0; j < features; j++) sample[j] = mean[j] + spread * noise.normal();
  });
}

/** A random vector of length 1. */
function direction(size: number, stream: ReturnType<typeof randomStream>): Float64Array {
  const vector = Float64Array.from({ length: size }, () => stream.normal());
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}
