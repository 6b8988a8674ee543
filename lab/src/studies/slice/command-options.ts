import { type Command, InvalidArgumentError, Option } from "commander";
import { LabError } from "../../errors.js";
import { requireRoom } from "../../sizes.js";
import { integer, isGiven, listOf, number, optionName } from "../../terminal/options.js";
import { jsonOption, workersOption } from "../../terminal/sweeping-options.js";
import type { NetworkChoiceOptions } from "../../terminal/trained-cell.js";
import { type FunctionId, functionIds } from "./functions.js";
import { directionKinds, directionOptions, reasonUnused, type SliceOptions } from "./options.js";

/** The options of `flatward slice`. */
export interface SliceCommandOptions
  extends NetworkChoiceOptions,
    Omit<SliceOptions, "colour" | "dimensions" | "points"> {
  readonly dimensions?: 1 | 2;
  readonly points?: number;
  readonly colour?: FunctionId;
  readonly to?: string;
  readonly toIndex?: number;
  readonly levels: "auto" | "linear" | "log";
  readonly surface: boolean;
  readonly workers: number;
  readonly json?: boolean;
}

/** Points along a direction, where the user gives none. */
const POINTS = { 1: 101, 2: 41 } as const;
/** More of them no picture shows. */
const MAX_POINTS = 100_000;

export function addSliceOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--directions <kind>",
        "random; eigenvectors of the Hessian; or principal ones of the training (with --to, the plane of both trainings)",
      )
        .choices(directionKinds)
        .default("random"),
    )
    .option("--to <cell>", "first direction: to another cell of --run, by its identity or first digits")
    .option("--to-index <position>", "… or by its position in the manifest", integer(0))
    .option(
      "--dimensions <count>",
      "1, a line, or 2, a plane (default: 2; with --to 1, or 2 for paths)",
      oneOrTwo,
    )
    .option(
      "--points <count>",
      `along each direction (default: ${POINTS[2]}, or ${POINTS[1]} of a line)`,
      integer(2, MAX_POINTS),
    )
    .option(
      "--range <from,to>",
      "along each direction, or one number for ± it (default: ±1; trainings' paths and 20 % more; −0.5 to 1.5 between two cells)",
      range,
    )
    .addOption(
      new Option(
        "--normalization <kind>",
        "of directions, to theta (default: filter, or unit for eigenvectors)",
      ).choices(["filter", "layer", "network", "unit"]),
    )
    .addOption(
      new Option("--biases <choice>", "what filter and layer normalisation make of them")
        .choices(["zero", "normalize"])
        .default("zero"),
    )
    .addOption(
      new Option("--which <end>", "eigenvectors of the largest eigenvalues, the smallest, or one of either")
        .choices(["largest", "smallest", "both"])
        .default("largest"),
    )
    .option("--orthogonal", "make the second random direction orthogonal to the first", false)
    .option("--snapshots <count>", "of a training, for its principal directions", integer(2, MAX_POINTS), 40)
    .option("--seed <seed>", "of random directions", integer(0), 1)
    .addOption(
      new Option(
        "--colour <function>",
        "computed beside the loss (default: ws-bound, or loss for networks without a closed form)",
      ).choices(functionIds),
    )
    .addOption(
      new Option("--levels <scale>", "of contours and colours")
        .choices(["auto", "linear", "log"])
        .default("auto"),
    )
    .option("--no-surface", "leave the rotatable surface, and 1.8 MB of script, out of the page")
    .addOption(jsonOption())
    .addOption(workersOption());
}

/** The slice that the options describe, but for the colour. @throws LabError "usage" for options that contradict each other */
export function sliceOptions(given: SliceCommandOptions, command: Command): Omit<SliceOptions, "colour"> {
  const { directions, biases, which, orthogonal, snapshots, seed, normalization } = given;
  const line = given.to !== undefined || given.toIndex !== undefined;
  if (line && given.run === undefined)
    throw new LabError("usage", "--to names another cell of a sweep: give its folder with --run");
  const paths = line && directions === "trajectory";
  const dimensions = given.dimensions ?? (line && !paths ? 1 : 2);
  if (paths && dimensions === 1)
    throw new LabError(
      "usage",
      "--to with --directions trajectory is the plane of both trainings: leave --dimensions 1 out",
    );
  for (const name of directionOptions) {
    const reason = isGiven(command, name)
      ? reasonUnused(name, { directions, dimensions, ...(normalization ? { normalization } : {}) }, line)
      : undefined;
    if (reason !== undefined)
      throw new LabError("usage", `${reason} does not use ${optionName(name)}: leave it out`);
  }
  if (which === "both" && directions === "eigenvectors" && (line || dimensions === 1))
    throw new LabError("usage", "--which both takes two directions: choose largest or smallest for one");
  const points = given.points ?? POINTS[dimensions];
  requireRoom(`the values at ${points}×${points} points`, points ** dimensions, "give fewer --points");
  return {
    directions,
    dimensions,
    points,
    ...(given.range ? { range: given.range } : {}),
    ...(normalization ? { normalization } : {}),
    biases,
    which,
    orthogonal,
    snapshots,
    seed,
  };
}

function oneOrTwo(text: string): 1 | 2 {
  if (text === "1" || text === "2") return Number(text) as 1 | 2;
  throw new InvalidArgumentError("It must be 1 or 2.");
}

/** `0.5`, or `-0.5,1.5`. */
function range(text: string): readonly [number, number] {
  const ends = listOf(number())(text);
  const [from, to] = ends.length === 1 ? [-ends[0], ends[0]] : ends;
  if (ends.length <= 2 && from < to && Number.isFinite(to - from)) return [from, to];
  throw new InvalidArgumentError("It must be a number > 0, or two ascending ones: -0.5,1.5.");
}
