import { LabError } from "../errors.js";
import { requireRoom } from "../sizes.js";
import { type LabelledSamples, numbered } from "./dataset.js";

/** How many samples of what. */
export interface GeneratedShape {
  readonly name: string;
  /** N, shared evenly among the classes: sample i is of class i mod K. */
  readonly samples: number;
  /** d. */
  readonly features: number;
  /** K. */
  readonly classes: number;
}

/**
 * Samples that are drawn, one after another.
 * @param draw fills a sample (d) of the given class
 * @throws LabError "data" when a class would have fewer than two samples, "usage" when they are beyond memory
 */
export function generated(
  { name, samples, features, classes }: GeneratedShape,
  draw: (sample: Float64Array, label: number) => void,
): LabelledSamples {
  if (samples < 2 * classes)
    throw new LabError(
      "data",
      `${name}: ${samples} samples are too few for ${classes} classes; give at least ${2 * classes}`,
    );
  requireRoom(
    `${name}: ${samples} samples of ${features} features`,
    samples * features,
    "give fewer samples, or fewer features",
  );
  // Whatever network there is, it has an output a class.
  requireRoom(
    `${name}: ${classes} outputs for each of ${samples} samples`,
    samples * classes,
    "give fewer samples, or fewer classes",
  );
  const y = Int32Array.from({ length: samples }, (_, i) => i % classes);
  const x = new Float64Array(samples * features);
  y.forEach((label, i) => {
    draw(x.subarray(i * features, (i + 1) * features), label);
  });
  return {
    name,
    features: numbered(features),
    label: "class",
    classes: Array.from({ length: classes }, (_, k) => `${k}`),
    x,
    y,
  };
}
