import { join } from "node:path";
import { type Command, Option } from "commander";
import { loadOnce } from "../data/loaded.js";
import { LabError } from "../errors.js";
import { type MethodName, methodNames, methods } from "../experiment/methods.js";
import { checkDescription } from "../sweep/description.js";
import { cellNames } from "../sweep/groups.js";
import { manifestOf } from "../sweep/manifest.js";
import { defaultPool } from "../sweep/pool.js";
import { storeIn } from "../sweep/store.js";
import { type TrainedCell, trainedCell } from "../sweep/trained.js";
import { boundOptionsOf } from "./bound-options.js";
import { type CellChoice, chooseCells, openSweep } from "./choose-cells.js";
import { methodAsGiven } from "./chosen-methods.js";
import { addDataArgument, addDataOptions, DATA_OPTIONS, sourceFrom } from "./data.js";
import { integer, isGiven, number, optionName } from "./options.js";
import { missingRecords, requireComplete } from "./outcome.js";
import { tellReadings } from "./reading.js";
import { singleFolder, studyName } from "./results-folder.js";
import { runHere } from "./sweeping.js";
import { outputOption } from "./sweeping-options.js";
import { addTrainingOptions, describeTraining, type TrainingOptions } from "./training-options.js";

/** The network of a command: one to be trained, or a finished cell. */
export interface NetworkChoiceOptions extends TrainingOptions {
  readonly method: MethodName;
  readonly strength?: number;
  readonly trainSeed: number;
  readonly run?: string;
  readonly index?: number;
  readonly cell?: string;
  readonly output?: string;
  readonly full?: boolean;
  readonly json?: boolean;
}

/** A trained network, and the folder for what is found out of it. */
export interface ChosenCell {
  readonly cell: TrainedCell;
  readonly folder: string;
}

/** Options that set a hyperparameter of the method, by their names on the command line. */
const HYPERPARAMETERS = ["learningRate", "momentum", "weightDecay", "radius", "strength"];

/** Options that say how to train. */
const TRAINING = [
  ...[...DATA_OPTIONS, "method", "trainSeed", "steps", "batchSize", "hidden", "activation", "loss"],
  ...["testFraction", ...HYPERPARAMETERS],
];

/** What holds for hyperparameters that are not given. */
const METHOD_DEFAULT = "the method's default";

/** What is kept of a training: its end, and how well it fits. */
const KEPT = ["trainLoss", "testLoss", "testAccuracy", "gradientNorm", "theta"];

/** Adds the options that choose the network, beside those of data and training. */
export function addNetworkChoiceOptions(command: Command): Command {
  addDataOptions(addDataArgument(command, "the Iris data"))
    .optionsGroup("A network that is trained already:")
    .option("--run <folder>", "take a cell of this sweep, which has kept theta, instead of training")
    .option("--index <position>", "which cell of --run, by its position in the manifest", integer(0))
    .option("--cell <identity>", "which cell of --run, by its identity or the first digits")
    .addOption(
      outputOption(`results/${command.name()}-<data>, or ${command.name()}/<cell> in the folder of --run`),
    )
    .optionsGroup("Training:")
    .addOption(
      new Option("--method <name>", "to train with, as flatward methods lists them")
        .choices(methodNames)
        .default("gradient-descent"),
    )
    .option("--train-seed <seed>", "draws split and starting point", integer(0), 1)
    .option(
      "--strength <factor>",
      `of HSR and other penalties (default: ${METHOD_DEFAULT})`,
      number({ atLeast: 0 }),
    );
  return addTrainingOptions(command, 0, METHOD_DEFAULT);
}

/** The network that the options choose. @throws LabError */
export function chooseCell(
  path: string | undefined,
  options: NetworkChoiceOptions,
  command: Command,
): Promise<ChosenCell> | ChosenCell {
  const { run } = options;
  return run === undefined ? trainHere(path, options, command) : readCell(path, { ...options, run }, command);
}

/** Trains the network, or takes up where its training was stopped, or reads it. @throws LabError */
async function trainHere(
  path: string | undefined,
  options: NetworkChoiceOptions,
  command: Command,
): Promise<ChosenCell> {
  const unused = ["index", "cell"].find((name) => isGiven(command, name));
  if (unused !== undefined)
    throw new LabError("usage", `--${unused} names a cell of a sweep: give its folder with --run`);
  const source = sourceFrom(path, options);
  const method = methodOf(options.method, command);
  const dataset = loadOnce(source);
  const name = studyName(command.name(), source);
  const description = checkDescription(
    {
      name,
      data: source,
      ...describeTraining(dataset, options),
      methods: [method],
      seeds: [options.trainSeed],
      measures: KEPT,
    },
    command.name(),
  );
  const manifest = manifestOf({ description, name, folder: process.cwd() });
  const folder = singleFolder(options.output ?? join("results", name), name);
  const store = storeIn(folder);
  store.writeManifest(manifest);
  tellReadings(manifest, options.json ? process.stderr : process.stdout);
  const sweeping = { workers: 1, checkpointSeconds: defaultPool.checkpointSeconds, retryFailed: true };
  const outcome = await runHere(manifest, store, sweeping);
  requireComplete(outcome, missingRecords(manifest, store), folder, sweeping);
  return { cell: trainedCell(manifest, store, 0), folder };
}

/** A cell of a sweep that was run before. @throws LabError */
function readCell(
  path: string | undefined,
  { run, index, cell, output }: NetworkChoiceOptions & { readonly run: string },
  command: Command,
): ChosenCell {
  const unused = [...TRAINING, ...boundOptionsOf(command)].find((name) => isGiven(command, name));
  if (path !== undefined || unused !== undefined)
    throw new LabError(
      "usage",
      `--run takes a network as its sweep has trained it: leave ${path ?? optionName(unused as string)} out`,
    );
  const { manifest, store } = openSweep(run);
  const [only] = chooseCells(manifest, run, choiceFrom(index, cell, manifest.cells.length));
  const { id } = manifest.cells[only];
  return {
    cell: trainedCell(manifest, store, only),
    folder: output ?? join(store.folder, command.name(), id.slice(0, 12)),
  };
}

/** Another cell of the same sweep, as `--to-index` or `--to` name it, and what its reports call it. @throws LabError */
export function otherCell(
  run: string,
  index: number | undefined,
  cell: string | undefined,
): { readonly other: TrainedCell; readonly name: string } {
  const { manifest, store } = openSweep(run);
  const [only] = chooseCells(manifest, run, asChoice(index, cell), { index: "--to-index", cell: "--to" });
  return { other: trainedCell(manifest, store, only), name: cellNames(manifest)[only] };
}

/** A single cell need not be named. */
function choiceFrom(index: number | undefined, cell: string | undefined, cells: number): CellChoice {
  if (cells === 1 && index === undefined && cell === undefined) return { index: [0] };
  return asChoice(index, cell);
}

/** What was given, and nothing else. */
function asChoice(index: number | undefined, cell: string | undefined): CellChoice {
  return { ...(index === undefined ? {} : { index: [index] }), ...(cell === undefined ? {} : { cell }) };
}

/** The method that the options describe. @throws LabError "usage" for a hyperparameter that it has not */
function methodOf(method: MethodName, command: Command): Record<string, unknown> {
  const has = (name: string) => name in methods[method].hyperparameters;
  const names = [...HYPERPARAMETERS, ...boundOptionsOf(command)];
  const unused = names.find((name) => !has(name) && isGiven(command, name));
  if (unused === undefined) return methodAsGiven(method, command, names);
  throw new LabError(
    "usage",
    `${method} has no ${optionName(unused)}; it has ${names.filter(has).map(optionName).join(", ")}`,
  );
}
