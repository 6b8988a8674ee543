import { type Batch, randomStream, selectSamples } from "flatward";
import { featuresOf, type LabelledSamples, labelsOf } from "../data/dataset.js";
import { rescale } from "../data/scaling.js";
import { evenly, splitOf, validationPart } from "../data/split.js";
import type { RunConfig, TrainingConfig } from "./config.js";
import { countOf } from "./measures/evaluation.js";

export interface Batches {
  readonly train: Batch;
  readonly test: Batch;
}

/** What curvature is measured on: the training part, or as many of its samples as the seed draws. */
export function curvatureSample(train: Batch, config: Pick<RunConfig, "curvatureSamples" | "seed">): Batch {
  const drawn = drawnFor(countOf(train), config);
  return drawn ? selectSamples(train, drawn) : train;
}

/** Which samples of the data these are: their positions. */
export function sampleRows(
  dataset: LabelledSamples,
  config: Pick<RunConfig, "training" | "seed" | "curvatureSamples">,
): readonly number[] {
  const { rows } = partsOf(dataset, config.training, config.seed).train;
  const drawn = drawnFor(rows.length, config);
  return drawn ? Array.from(drawn, (i) => rows[i]) : rows;
}

/** How many samples a cell trains on. */
export function trainingCount(dataset: LabelledSamples, { training, seed }: RunConfig): number {
  return partsOf(dataset, training, seed).train.rows.length;
}

/** Positions among so many training samples, ascending; undefined for all. */
function drawnFor(
  count: number,
  { curvatureSamples, seed }: Pick<RunConfig, "curvatureSamples" | "seed">,
): Int32Array | undefined {
  if (curvatureSamples === undefined || curvatureSamples >= count) return undefined;
  return randomStream(seed, "curvature samples").permutation(count).subarray(0, curvatureSamples).sort();
}

type Parting = Pick<TrainingConfig, "testFraction" | "samples" | "validationFraction" | "labelNoise">;

/** Samples by their positions in the data, with the labels that they have there, or in training. */
interface LabelledRows {
  readonly rows: readonly number[];
  readonly labels: Int32Array;
}

/** What is trained on, and what is held out: the test part, or a validation part of the training part. */
function partsOf(
  dataset: LabelledSamples,
  { testFraction, samples, validationFraction, labelNoise }: Parting,
  seed: number,
): { readonly train: LabelledRows; readonly test: LabelledRows } {
  const split = splitOf(dataset, testFraction, seed);
  const rows = samples === undefined ? split.train : evenly(dataset, split.train, samples, seed);
  const labels = withWrongLabels(labelsOf(dataset, rows), dataset.classes.length, labelNoise, seed);
  if (validationFraction === undefined)
    return { train: { rows, labels }, test: { rows: split.test, labels: labelsOf(dataset, split.test) } };
  const held = validationPart(rows.length, validationFraction, seed);
  const those = (wanted: boolean): LabelledRows => ({
    rows: rows.filter((_, i) => held.has(i) === wanted),
    labels: labels.filter((_, i) => held.has(i) === wanted),
  });
  return { train: those(false), test: those(true) };
}

/** Splits, takes as many training samples as are wanted, makes some of their labels wrong, and scales both parts. @throws LabError "data" */
export function prepare(
  dataset: LabelledSamples,
  training: Parting & Pick<TrainingConfig, "scaling">,
  seed: number,
): Batches {
  const parts = partsOf(dataset, training, seed);
  const train = featuresOf(dataset, parts.train.rows);
  const test = featuresOf(dataset, parts.test.rows);
  rescale(training.scaling, train, test);
  return { train: { x: train, y: parts.train.labels }, test: { x: test, y: parts.test.labels } };
}

/** The same labels but for a share of them, drawn by the seed, which are another class each. */
function withWrongLabels(labels: Int32Array, classes: number, share: number, seed: number): Int32Array {
  const stream = randomStream(seed, "label noise");
  const wrong = stream.permutation(labels.length).subarray(0, Math.round(share * labels.length));
  for (const i of wrong) labels[i] = (labels[i] + 1 + stream.integer(classes - 1)) % classes;
  return labels;
}
