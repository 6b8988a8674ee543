import type { Command } from "commander";
import type { Dataset } from "../../data/dataset.js";
import { loadOnce } from "../../data/loaded.js";
import type { SourceConfig } from "../../data/sources.js";
import { trainingSchema } from "../../experiment/config.js";
import { networkSchema } from "../../experiment/network/config.js";
import { gridOf } from "../../sweep/axes.js";
import { checkDescription, type Plan } from "../../sweep/description.js";
import { integer, number, oneOrMore } from "../../terminal/options.js";
import { studyName } from "../../terminal/results-folder.js";
import { filterGrid, typicalCurvature } from "./grid.js";

/** The study's options for a run. */
export interface FiltersOptions {
  readonly samples?: number;
  readonly hidden: number | number[];
  readonly steps: number;
  readonly seeds: number;
  readonly l2: number;
  readonly tolerance: number;
}

/** Training samples beyond which a run would take long; fewer are drawn. */
const MANY = 120;

export function addFiltersOptions(command: Command): Command {
  return command
    .optionsGroup("Training:")
    .option(
      "--samples <count>",
      `of the training part, drawn by the seed (default: all, or 100 where there are more than ${MANY})`,
      integer(2),
    )
    .option(
      "--hidden <units>",
      "hidden units, or those of every hidden layer, as 8,8",
      oneOrMore(integer(1)),
      8,
    )
    .option("--steps <count>", "the most that a run takes", integer(1), 12_000)
    .option("--seeds <count>", "runs of every setting", integer(1), 3)
    .option("--l2 <weight>", "of ½‖θ‖² beside the loss, which gives it minima", number({ atLeast: 0 }), 0.02)
    .option(
      "--tolerance <norm>",
      "of the gradient, where a run has converged, before and after a perturbation",
      number({ above: 0 }),
      1e-5,
    );
}

/** The measures that the tables and figures are made of. */
const measures = [
  ...["trainLoss", "testAccuracy", "lambdaMin", "lambdaMax"],
  ...["filterEdge", "edgeShare", "outsideFilter", "eigenvalues", "sharpness"],
];

/** Runs of every optimizer on data that are named, with edges around the curvature of a minimum that a pilot run found. */
export function filtersPlan(source: SourceConfig, options: FiltersOptions): Plan {
  const dataset = loadOnce(source);
  const { hidden, steps, seeds, l2, tolerance } = options;
  const network = networkSchema.parse({ hidden });
  const training = trainingSchema.parse({
    steps,
    gradientTolerance: tolerance,
    perturbations: 1,
    l2,
    ...samplesOf(dataset, options),
  });
  const name = studyName("filters", source);
  const description = checkDescription(
    {
      name,
      title: `Optimizers as eigenvalue filters, on ${dataset.name}`,
      about:
        "An optimizer that converges has all eigenvalues of the Hessian there inside a set that its hyperparameters determine (Bolte, Le & Pauwels, arXiv 2510.09034). Here learning rates and radii put the edges of these sets around the curvature of a minimum, full batch, cross-entropy and a little of ½‖θ‖². A run has converged where its gradient vanishes, it is perturbed, and its gradient vanishes again; then the whole spectrum is compared with the set.",
      data: source,
      network: gridOf(network),
      training,
      methods: filterGrid(typicalCurvature(dataset, network, training, 1)),
      seeds: { count: seeds },
      measures,
    },
    "filters",
  );
  return { description, name, folder: process.cwd() };
}

function samplesOf({ y, testFrom }: Dataset, { samples }: FiltersOptions): { samples?: number } {
  if (samples !== undefined) return { samples };
  return (testFrom ?? 0.75 * y.length) > MANY ? { samples: 100 } : {};
}
