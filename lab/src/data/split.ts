import { randomStream } from "flatward";
import { LabError } from "../errors.js";
import type { Dataset } from "./dataset.js";

/** Sample indices, ascending. */
export interface Split {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/**
 * Draws `fraction` of every class (rounded, leaving at least one sample to train on) for testing.
 * @throws LabError "data" when either part would be empty
 */
export function stratifiedSplit(
  { y, classes, name }: Pick<Dataset, "y" | "classes" | "name">,
  fraction: number,
  seed: number,
): Split {
  const draws = randomStream(seed, "split");
  const train: number[] = [];
  const test: number[] = [];
  for (let label = 0; label < classes.length; label++) {
    const members = [...y.keys()].filter((i) => y[i] === label);
    const order = draws.stream(label).permutation(members.length);
    const held = Math.min(Math.round(fraction * members.length), members.length - 1);
    order.forEach((position, rank) => {
      (rank < held ? test : train).push(members[position]);
    });
  }
  if (test.length === 0) {
    throw new LabError(
      "data",
      `${name}: a test fraction of ${fraction} leaves no sample to test on; give more samples or a larger --test-fraction`,
    );
  }
  const ascending = (a: number, b: number) => a - b;
  return { train: train.sort(ascending), test: test.sort(ascending) };
}
