import { randomStream } from "flatward";
import { LabError } from "../errors.js";
import type { LabelledSamples } from "./dataset.js";

/** Sample indices, ascending. */
export interface Split {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/**
 * The parts that come with a data set; for one without, a stratified split.
 * @throws LabError "data" when either part would be empty
 */
export function splitOf(
  dataset: Pick<LabelledSamples, "y" | "classes" | "name" | "testFrom">,
  fraction: number,
  seed: number,
): Split {
  const { y, testFrom } = dataset;
  if (testFrom === undefined) return stratifiedSplit(dataset, fraction, seed);
  const indices = [...y.keys()];
  return { train: indices.slice(0, testFrom), test: indices.slice(testFrom) };
}

/**
 * Draws `fraction` of every class (rounded, leaving at least one sample to train on) for testing.
 * @throws LabError "data" when either part would be empty
 */
export function stratifiedSplit(
  { y, classes, name }: Pick<LabelledSamples, "y" | "classes" | "name">,
  fraction: number,
  seed: number,
): Split {
  const draws = randomStream(seed, "split");
  const train: number[] = [];
  const test: number[] = [];
  const members = classes.map((): number[] => []);
  y.forEach((label, i) => {
    members[label].push(i);
  });
  members.forEach((indices, label) => {
    const order = draws.stream(label).permutation(indices.length);
    const testCount = Math.min(Math.round(fraction * indices.length), indices.length - 1);
    order.forEach((position, rank) => {
      (rank < testCount ? test : train).push(indices[position]);
    });
  });
  if (test.length === 0) {
    throw new LabError(
      "data",
      `${name}: a test fraction of ${fraction} leaves no sample to test on; give more samples or a larger --test-fraction`,
    );
  }
  const ascending = (a: number, b: number) => a - b;
  return { train: train.sort(ascending), test: test.sort(ascending) };
}

/** So many of the samples with these indices, drawn by the seed, as many of each class as can be; ascending. */
export function evenly(
  { y, classes }: Pick<LabelledSamples, "y" | "classes">,
  indices: readonly number[],
  count: number,
  seed: number,
): readonly number[] {
  if (count >= indices.length) return indices;
  const members = classes.map((): number[] => []);
  for (const position of randomStream(seed, "training samples").permutation(indices.length))
    members[y[indices[position]]].push(indices[position]);
  // One of each class in turn, as long as it has any.
  const rounds = Math.max(...members.map(({ length }) => length));
  const inTurn = Array.from({ length: rounds }, (_, round) =>
    members.flatMap((samples) => samples.slice(round, round + 1)),
  ).flat();
  return inTurn.slice(0, count).sort((a, b) => a - b);
}

/** How many of so many training samples are held out for validation: at least one, and never all. */
export function validationCount(count: number, fraction: number): number {
  return Math.max(1, Math.min(count - 1, Math.round(fraction * count)));
}

/** Which of so many training samples are held out for validation, drawn by the seed; their positions. */
export function validationPart(count: number, fraction: number, seed: number): ReadonlySet<number> {
  const order = randomStream(seed, "validation").permutation(count);
  return new Set(order.subarray(0, validationCount(count, fraction)));
}
