import { join } from "node:path";
import { Command, Option } from "commander";
import { activationNames, lossNames } from "flatward";
import type { Dataset } from "../data/dataset.js";
import { loadSource, shippedNames } from "../data/sources.js";
import { checkDescription, type Plan } from "../sweep/description.js";
import { type Manifest, manifestOf } from "../sweep/manifest.js";
import { sourceFrom } from "./data.js";
import { integer, listOf, number } from "./options.js";
import {
  checkpointOption,
  recomputeOption,
  redisOption,
  type SweepingOptions,
  sweep,
  workersOption,
} from "./sweeping.js";

interface CompareOptions extends SweepingOptions {
  readonly data?: string;
  readonly label?: string;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly steps?: number;
  readonly batchSize?: number;
  readonly hidden?: number;
  readonly activation: string;
  readonly loss: string;
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly radius: number;
  readonly strengths?: number[];
  readonly testFraction: number;
}

/** Settings that suit a size of data, where the user gives none. */
interface Suited {
  readonly hidden: number;
  readonly steps: number;
  readonly batchSize: number | "full";
  readonly strengths: readonly number[];
}

const SMALL = 512;
const suitedToSmall: Suited = { hidden: 8, steps: 1500, batchSize: "full", strengths: [0.01, 0.1, 0.3] };
const suitedToLarge: Suited = { hidden: 16, steps: 600, batchSize: 128, strengths: [0.01, 0.1] };

export function compareCommand(): Command {
  return new Command("compare")
    .description(
      "Train one network with gradient descent, weight decay, SAM and HSR, and compare how flat their minima are.",
    )
    .argument("[data.csv]", "header line, numeric columns, one label column; the Iris data when absent")
    .addOption(new Option("--data <name>", "a data set that ships with flatward").choices(shippedNames))
    .option("--label <column>", "label column by name (default: the last)")
    .option("--output <folder>", "where results go (default: results/compare-<data>)")
    .option("--json", "print the results as JSON on stdout, everything else on stderr")
    .addOption(recomputeOption())
    .addOption(workersOption())
    .addOption(checkpointOption())
    .addOption(redisOption())
    .option("--retry-failed", "run failed cells again")
    .option("--seeds <count>", "number of seeds", integer(1), 5)
    .option("--first-seed <seed>", "the first of them", integer(0), 1)
    .option(
      "--steps <count>",
      `training steps (default: ${suitedToSmall.steps}, or ${suitedToLarge.steps} above ${SMALL} samples)`,
      integer(1),
    )
    .option(
      "--batch-size <count>",
      `samples a step (default: all, or ${suitedToLarge.batchSize} above ${SMALL} samples)`,
      integer(1),
    )
    .option(
      "--hidden <units>",
      `hidden units (default: ${suitedToSmall.hidden}, or ${suitedToLarge.hidden} above ${SMALL} samples)`,
      integer(1),
    )
    .addOption(
      new Option("--activation <name>", `hidden activation: ${activationNames.join(", ")}`).default("tanh"),
    )
    .addOption(
      new Option("--loss <name>", "loss function").choices(lossNames).default("softmax-cross-entropy"),
    )
    .option("--learning-rate <rate>", "of every method", number({ above: 0 }), 0.3)
    .option("--momentum <factor>", "of every method", number({ atLeast: 0, below: 1 }), 0)
    .option("--weight-decay <factor>", "of the weight-decay method", number({ atLeast: 0 }), 0.003)
    .option("--radius <distance>", "of SAM", number({ above: 0 }), 0.05)
    .option(
      "--strengths <list>",
      `of HSR, separated by commas (default: ${suitedToSmall.strengths}, or ${suitedToLarge.strengths} above ${SMALL} samples)`,
      listOf(number({ atLeast: 0 })),
    )
    .option("--test-fraction <share>", "held out of every class", number({ above: 0, below: 1 }), 0.25)
    .action(async (path: string | undefined, options: CompareOptions) => {
      const source = sourceFrom(path, options);
      const plan = planFor(source, loadSource(source), options);
      const manifest = manifestOf(plan);
      await sweep(manifest, options.output ?? join("results", plan.name), options, headline(manifest));
    });
}

/** The comparison as an experiment like any other. */
function planFor(source: object, dataset: Dataset, options: CompareOptions): Plan {
  const suited = dataset.y.length > SMALL ? suitedToLarge : suitedToSmall;
  const { learningRate, momentum, weightDecay, radius } = options;
  const name = `compare-${dataset.name.replace(/[^\w-]+/g, "-")}`;
  const common = { learningRate, momentum };
  const description = checkDescription(
    {
      name,
      data: source,
      network: {
        hidden: options.hidden ?? suited.hidden,
        activation: options.activation,
        loss: options.loss,
      },
      methods: [
        { name: "gradient-descent", ...common },
        { name: "weight-decay", ...common, weightDecay },
        { name: "sam", ...common, radius },
        { name: "hsr", ...common, strength: options.strengths ?? suited.strengths },
      ],
      training: {
        steps: options.steps ?? suited.steps,
        batchSize: options.batchSize ?? suited.batchSize,
        testFraction: options.testFraction,
      },
      seeds: Array.from({ length: options.seeds }, (_, i) => options.firstSeed + i),
    },
    "compare",
  );
  return { description, name, folder: process.cwd() };
}

function headline({ data: [data], cells }: Manifest): string {
  const { network, training } = cells[0].config;
  const batch = training.batchSize === "full" ? "full batch" : `batches of ${training.batchSize}`;
  const seeds = new Set(cells.map(({ config }) => config.seed)).size;
  return `${data.name}: ${data.samples} samples, ${data.features} features, ${data.classes.length} classes. ${network.hidden} ${network.activation} units, ${training.steps} steps, ${batch}, ${seeds} seed${seeds === 1 ? "" : "s"}.`;
}
