import { type Command, Option } from "commander";
import type { Dataset } from "../data/dataset.js";
import { loadOnce } from "../data/loaded.js";
import { readingText } from "../data/reading.js";
import type { SourceConfig } from "../data/sources.js";
import { stepsOf } from "../experiment/config.js";
import { networkText } from "../experiment/network/text.js";
import type { LoadChapters } from "../report/chapter.js";
import { counted } from "../report/format.js";
import { budgetText } from "../report/settings.js";
import { type Budget, budgetNames } from "../sweep/budget.js";
import { checkDescription, type Plan } from "../sweep/description.js";
import type { Manifest } from "../sweep/manifest.js";
import { addBoundOptions } from "../terminal/bound-options.js";
import { methodList, methodsFrom } from "../terminal/chosen-methods.js";
import { addDataArgument, addDataOptions, sourceFrom } from "../terminal/data.js";
import { integer, listOf, number } from "../terminal/options.js";
import { plannedIn } from "../terminal/planned.js";
import { resultsFolder, studyName } from "../terminal/results-folder.js";
import { sweep } from "../terminal/sweeping.js";
import {
  addSweepingOptions,
  outputOption,
  recomputeOption,
  type SweepingOptions,
} from "../terminal/sweeping-options.js";
import {
  addTrainingOptions,
  defaultsFor,
  defaultsForLarge,
  defaultsForSmall,
  describeTraining,
  SMALL,
  type TrainingOptions,
} from "../terminal/training-options.js";

interface CompareOptions extends SweepingOptions, TrainingOptions {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly strengths?: number[];
  readonly methods?: string[];
  readonly budget: Budget;
  readonly labelNoise: number[];
  readonly curvatureSamples?: number;
}

/** Above this many samples, curvature is measured on a sample of them: products and pairs of all would take minutes. */
const MANY = 3000;
const SAMPLE = 1000;

/** Compared where --methods is absent. */
const STANDARD = ["gradient-descent", "weight-decay", "sam", "hsr"];

export function compareCommand(command: Command, chapters: LoadChapters): Command {
  addDataOptions(addDataArgument(command, "the Iris data"))
    .optionsGroup("Comparison:")
    .addOption(
      new Option(
        "--methods <list>",
        "separated by commas, the first being the baseline, or all; flatward methods shows them",
      )
        .argParser(methodList)
        .default(undefined, STANDARD.join(",")),
    )
    .addOption(
      new Option(
        "--budget <kind>",
        "what all methods get alike: as many steps, gradients, or as much time as --steps of gradient descent take",
      )
        .choices(budgetNames)
        .default("steps"),
    )
    .option("--seeds <count>", "number of seeds", integer(1), 5)
    .option("--first-seed <seed>", "the first of them", integer(0), 1)
    .addOption(
      new Option("--label-noise <list>", "shares of the training labels that are made wrong")
        .argParser(listOf(number({ atLeast: 0, below: 1 })))
        .default([0], "none"),
    );
  addTrainingOptions(command, 1, "the defaults of each method")
    .option(
      "--curvature-samples <count>",
      `training samples that curvature is measured on (default: all, or ${SAMPLE} above ${MANY} samples)`,
      integer(1),
    )
    .option(
      "--strengths <list>",
      `of HSR, separated by commas (default: ${defaultsForSmall.strengths}, or ${defaultsForLarge.strengths} above ${SMALL} samples; with --methods, the method's default)`,
      listOf(number({ atLeast: 0 })),
    );
  addBoundOptions(command);
  command.addOption(outputOption("results/compare-<data>, and the budget's name"));
  return addSweepingOptions(command)
    .addOption(recomputeOption())
    .action(async (path: string | undefined, options: CompareOptions, command: Command) => {
      const source = sourceFrom(path, options);
      const plan = planFor(source, loadOnce(source), options, command);
      const folder = resultsFolder(plan, options.output);
      const manifest = plannedIn(plan, folder);
      await sweep(manifest, folder, options, {
        chapters,
        headline: headline(manifest),
        mostPrinted: Number.POSITIVE_INFINITY,
      });
    });
}

/** The comparison as an experiment like any other. */
function planFor(source: SourceConfig, dataset: Dataset, options: CompareOptions, command: Command): Plan {
  const { budget, labelNoise, seeds, firstSeed } = options;
  const strengths = options.strengths ?? (options.methods ? undefined : defaultsFor(dataset).strengths);
  const name = studyName("compare", source) + (budget === "steps" ? "" : `-${budget}`);
  const { network, training } = describeTraining(dataset, options);
  const curvatureSamples = options.curvatureSamples ?? (dataset.y.length > MANY ? SAMPLE : undefined);
  const description = checkDescription(
    {
      name,
      data: source,
      network,
      training: { ...training, labelNoise: labelNoise.length === 1 ? labelNoise[0] : labelNoise },
      methods: methodsFrom(options.methods ?? STANDARD, command, strengths),
      budget,
      seeds: { first: firstSeed, count: seeds },
      ...(curvatureSamples === undefined ? {} : { curvatureSamples }),
    },
    "compare",
  );
  return { description, name, folder: process.cwd() };
}

function headline({ data: [data], cells, description: { budget } }: Manifest): string {
  const { network, training } = cells[0].config;
  const batch = training.batchSize === "full" ? "full batch" : `batches of ${training.batchSize}`;
  const seeds = new Set(cells.map(({ config }) => config.seed)).size;
  const methods = new Set(cells.map(({ config }) => JSON.stringify(config.method))).size;
  const all = cells.map(({ config }) => stepsOf(config));
  const range = budget === "steps" ? "" : ` (${Math.min(...all)} to ${Math.max(...all)} steps)`;
  return `${readingText(data)}. ${networkText(network, data)}, ${budgetText(budget, training.steps)}${range}, ${batch}, ${counted(methods, "method")}, ${counted(seeds, "seed")}.`;
}
