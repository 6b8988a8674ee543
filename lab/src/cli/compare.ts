import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { type ActivationName, activationNames, type LossName, lossNames } from "flatward";
import { shippedNames } from "../data/catalog.js";
import type { Dataset } from "../data/dataset.js";
import { checkPlan, compare } from "../experiment/compare.js";
import type { ComparisonPlan } from "../experiment/plan.js";
import { comparisonFigures, standaloneSvg } from "../report/figures.js";
import { mainFinding } from "../report/findings.js";
import { comparisonReport } from "../report/html.js";
import { prepareFolder, writeAtomically } from "../report/write.js";
import { loadData } from "./data.js";
import { integer, listOf, number } from "./options.js";
import { previousHash } from "./previous.js";
import { progressDisplay } from "./progress.js";
import { renderTables } from "./table.js";

interface CompareOptions {
  readonly data?: string;
  readonly label?: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly workers: number;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly steps?: number;
  readonly batchSize?: number;
  readonly hidden?: number;
  readonly activation: ActivationName;
  readonly loss: LossName;
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
  readonly batchSize?: number;
  readonly strengths: readonly number[];
}

const SMALL = 512;
const suitedToSmall: Suited = { hidden: 8, steps: 1500, strengths: [0.01, 0.1, 0.3] };
const suitedToLarge: Suited = { hidden: 16, steps: 600, batchSize: 128, strengths: [0.01, 0.1] };

export function compareCommand(): Command {
  return new Command("compare")
    .description(
      "Train one network with gradient descent, weight decay, SAM and HSR, and compare how flat their minima are.",
    )
    .argument("[data.csv]", "header line, numeric columns, one label column; the Iris data when absent")
    .addOption(new Option("--data <name>", "a data set that ships with flatward").choices(shippedNames))
    .option("--label <column>", "label column by name (default: the last)")
    .option("--output <folder>", "where report.html and results.json go (default: results/compare-<data>)")
    .option("--json", "print the results as JSON on stdout, everything else on stderr")
    .option(
      "--workers <count>",
      "threads to train on; 1 gives the cleanest timings",
      integer(1),
      availableParallelism(),
    )
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
    .action(runCompare);
}

async function runCompare(path: string | undefined, options: CompareOptions): Promise<void> {
  const dataset = loadData(path, options);
  const plan = planFor(dataset, options);
  checkPlan(dataset, plan);
  const folder = options.output ?? join("results", `compare-${dataset.name.replace(/[^\w-]+/g, "-")}`);
  prepareFolder(folder);

  const log = options.json ? process.stderr : process.stdout;
  log.write(`${headline(dataset, plan)}\n`);
  const comparison = await compare(dataset, plan, options.workers, progressDisplay(process.stderr));

  const resultsPath = join(folder, "results.json");
  const reportPath = join(folder, "report.html");
  const before = previousHash(resultsPath);
  const json = `${JSON.stringify(comparison, null, 1)}\n`;
  writeAtomically(resultsPath, json);
  const figures = await comparisonFigures(comparison);
  for (const figure of figures) writeAtomically(join(folder, `${figure.name}.svg`), standaloneSvg(figure));
  writeAtomically(reportPath, comparisonReport(comparison, figures));

  log.write(`\n${renderTables(comparison, process.stdout.columns)}\n\n${mainFinding(comparison)}\n\n`);
  log.write(
    `Report   ${reportPath}   (open it in a browser; the figures are beside it as SVG)\nResults  ${resultsPath}\n`,
  );
  log.write(
    `SHA-256  ${comparison.sha256}${before === comparison.sha256 ? "   the same bits as the run before in this folder" : ""}\n`,
  );
  if (options.json) process.stdout.write(json);
}

function planFor(dataset: Dataset, options: CompareOptions): ComparisonPlan {
  const suited = dataset.y.length > SMALL ? suitedToLarge : suitedToSmall;
  const batchSize = options.batchSize ?? suited.batchSize;
  return {
    hidden: options.hidden ?? suited.hidden,
    activation: options.activation,
    loss: options.loss,
    testFraction: options.testFraction,
    seeds: Array.from({ length: options.seeds }, (_, i) => options.firstSeed + i),
    steps: options.steps ?? suited.steps,
    ...(batchSize === undefined ? {} : { batchSize }),
    learningRate: options.learningRate,
    momentum: options.momentum,
    weightDecay: options.weightDecay,
    radius: options.radius,
    strengths: options.strengths ?? suited.strengths,
  };
}

function headline(
  { name, y, features, classes }: Dataset,
  { hidden, activation, steps, batchSize, seeds }: ComparisonPlan,
): string {
  const batch = batchSize === undefined ? "full batch" : `batches of ${batchSize}`;
  return `${name}: ${y.length} samples, ${features.length} features, ${classes.length} classes. ${hidden} ${activation} units, ${steps} steps, ${batch}, ${seeds.length} seed${seeds.length === 1 ? "" : "s"}.`;
}
