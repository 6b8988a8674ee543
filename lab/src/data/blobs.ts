import { createHash } from "node:crypto";
import { randomStream } from "flatward";
import { LabError } from "../errors.js";
import type { Dataset } from "./dataset.js";

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
 * @throws LabError "data" when a class would have fewer than two samples
 */
export function blobs({ samples, features, classes, spread, draw }: BlobsOptions): Dataset {
  if (samples < 2 * classes)
    throw new LabError(
      "data",
      `blobs: ${samples} samples are too few for ${classes} classes; give at least ${2 * classes}`,
    );
  const stream = randomStream(draw, "blobs");
  const means = Array.from({ length: classes }, (_, k) => direction(features, stream.stream(`mean ${k}`)));
  const noise = stream.stream("noise");
  const y = Int32Array.from({ length: samples }, (_, i) => i % classes);
  const x = Array.from(y, (k) => means[k].map((mean) => mean + spread * noise.normal()));
  const hash = createHash("sha256");
  for (const row of x) hash.update(new Uint8Array(row.buffer));
  return {
    name: "blobs",
    features: Array.from({ length: features }, (_, j) => `x${j + 1}`),
    label: "class",
    classes: Array.from({ length: classes }, (_, k) => `${k}`),
    x,
    y,
    sha256: hash.update(new Uint8Array(y.buffer)).digest("hex"),
  };
}

/** A random vector of length 1. */
function direction(size: number, stream: ReturnType<typeof randomStream>): Float64Array {
  const vector = Float64Array.from({ length: size }, () => stream.normal());
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}
