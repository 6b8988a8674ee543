import { join } from "node:path";
import { Command } from "commander";
import type { Dataset } from "../data/dataset.js";
import { loadSource } from "../data/sources.js";
import { networkText } from "../experiment/network/text.js";
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
import {
  addDataOptions,
  addTrainingOptions,
  describeTraining,
  planName,
  SMALL,
  suitedTo,
  suitedToLarge,
  suitedToSmall,
  type TrainingOptions,
} from "./training-options.js";

interface CompareOptions extends SweepingOptions, TrainingOptions {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly strengths?: number[];
}

export function compareCommand(): Command {
  const command = new Command("compare").description(
    "Train one network with gradient descent, weight decay, SAM and HSR, and compare how flat their minima are.",
  );
  addDataOptions(command)
    .option("--output <folder>", "where results go (default: results/compare-<data>)")
    .option("--json", "print the results as JSON on stdout, everything else on stderr")
    .addOption(recomputeOption())
    .addOption(workersOption())
    .addOption(checkpointOption())
    .addOption(redisOption())
    .option("--retry-failed", "run failed cells again")
    .option("--seeds <count>", "number of seeds", integer(1), 5)
    .option("--first-seed <seed>", "the first of them", integer(0), 1);
  return addTrainingOptions(command, 1)
    .option(
      "--strengths <list>",
      `of HSR, separated by commas (default: ${suitedToSmall.strengths}, or ${suitedToLarge.strengths} above ${SMALL} samples)`,
      listOf(number({ atLeast: 0 })),
    )
    .action(async (path: string | undefined, options: CompareOptions) => {
      const source = sourceFrom(path, options);
      const plan = planFor(source, loadSource(source), options);
      const manifest = manifestOf(plan);
      await sweep(manifest, options.output ?? join("results", plan.name), options, headline(manifest));
    });
}

/** The comparison as an experiment like any other. */
function planFor(source: object, dataset: Dataset, options: CompareOptions): Plan {
  const { learningRate, momentum, weightDecay, radius, strengths } = options;
  const name = planName("compare", dataset);
  const common = { learningRate, momentum };
  const description = checkDescription(
    {
      name,
      data: source,
      ...describeTraining(dataset, options),
      methods: [
        { name: "gradient-descent", ...common },
        { name: "weight-decay", ...common, weightDecay },
        { name: "sam", ...common, radius },
        { name: "hsr", ...common, strength: strengths ?? suitedTo(dataset).strengths },
      ],
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
  return `${data.name}: ${data.samples} samples, ${data.features} features, ${data.classes.length} classes. ${networkText(network, data)}, ${training.steps} steps, ${batch}, ${seeds} seed${seeds === 1 ? "" : "s"}.`;
}
