import { type Command, Option } from "commander";
import { activationNames, lossNames } from "flatward";
import type { Dataset } from "../data/dataset.js";
import { gridOf } from "../sweep/axes.js";
import type { DataOptions } from "./data.js";
import { integer, number, oneOrMore } from "./options.js";

/** The options of several commands on what is trained, how, and on which data. */
export interface TrainingOptions extends DataOptions {
  readonly steps?: number;
  readonly batchSize?: number;
  readonly hidden?: number | number[];
  readonly activation: string | string[];
  readonly loss: string;
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly radius: number;
  readonly testFraction: number;
}

/** Settings that suit a size of data, where the user gives none. */
export interface SizeDefaults {
  readonly hidden: number;
  readonly steps: number;
  readonly batchSize: number | "full";
  readonly strengths: readonly number[];
}

export const SMALL = 512;
export const defaultsForSmall: SizeDefaults = {
  hidden: 8,
  steps: 1500,
  batchSize: "full",
  strengths: [0.01, 0.1, 0.3],
};
export const defaultsForLarge: SizeDefaults = {
  hidden: 16,
  steps: 600,
  batchSize: 128,
  strengths: [0.01, 0.1],
};

export function defaultsFor({ y }: Pick<Dataset, "y">): SizeDefaults {
  return y.length > SMALL ? defaultsForLarge : defaultsForSmall;
}

/**
 * Adds the options of network and training.
 * @param leastSteps 0 where an untrained network will do
 * @param defaultText what holds for hyperparameters that are not given, where that is not their default
 */
export function addTrainingOptions(command: Command, leastSteps: 0 | 1, defaultText?: string): Command {
  const hyperparameter = (
    flags: string,
    what: string,
    range: Parameters<typeof number>[0],
    fallback: number,
  ) => new Option(flags, what).argParser(number(range)).default(fallback, defaultText);
  return command
    .optionsGroup("Network:")
    .option(
      "--hidden <units>",
      `hidden units, or those of every hidden layer, as 32,32 (default: ${defaultsForSmall.hidden}, or ${defaultsForLarge.hidden} above ${SMALL} samples)`,
      oneOrMore(integer(1)),
    )
    .addOption(
      new Option(
        "--activation <name>",
        `of the hidden layers, or one for each, separated by commas: ${activationNames.join(", ")}`,
      )
        .argParser(oneOrMore(String))
        .default("tanh"),
    )
    .addOption(
      new Option("--loss <name>", "loss function").choices(lossNames).default("softmax-cross-entropy"),
    )
    .optionsGroup("Training:")
    .option(
      "--steps <count>",
      `training steps (default: ${defaultsForSmall.steps}, or ${defaultsForLarge.steps} above ${SMALL} samples)`,
      integer(leastSteps),
    )
    .option(
      "--batch-size <count>",
      `samples a step (default: all, or ${defaultsForLarge.batchSize} above ${SMALL} samples)`,
      integer(1),
    )
    .addOption(hyperparameter("--learning-rate <rate>", "of every method", { above: 0 }, 0.3))
    .addOption(hyperparameter("--momentum <factor>", "of methods that have it", { atLeast: 0, below: 1 }, 0))
    .addOption(
      hyperparameter("--weight-decay <factor>", "of methods that decay weights", { atLeast: 0 }, 0.003),
    )
    .addOption(hyperparameter("--radius <distance>", "of SAM and its relatives", { above: 0 }, 0.05))
    .option("--test-fraction <share>", "held out of every class", number({ above: 0, below: 1 }), 0.25);
}

/** The network and the training that the options describe, as a plan has them. */
export function describeTraining(
  dataset: Dataset,
  { hidden, activation, loss, steps, batchSize, testFraction }: TrainingOptions,
) {
  const defaults = defaultsFor(dataset);
  return {
    network: gridOf({ hidden: hidden ?? defaults.hidden, activation, loss }),
    training: { steps: steps ?? defaults.steps, batchSize: batchSize ?? defaults.batchSize, testFraction },
  };
}
