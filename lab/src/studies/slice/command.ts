import { join } from "node:path";
import type { Command } from "commander";
import { sliceValues } from "flatward/landscape";
import type { Tensor } from "flatward/tensor";
import pc from "picocolors";
import { hashOfArrays } from "../../data/hash.js";
import { LabError } from "../../errors.js";
import type { MethodConfig } from "../../experiment/methods.js";
import { hasMoments } from "../../experiment/network/make.js";
import type { TrainedCell } from "../../sweep/trained.js";
import { interruptible } from "../../terminal/interrupt.js";
import { factLines } from "../../terminal/table.js";
import { addNetworkChoiceOptions, chooseCell, otherCell } from "../../terminal/trained-cell.js";
import { fileLine, wrapped } from "../../terminal/width.js";
import { addSliceOptions, type SliceCommandOptions, sliceOptions } from "./command-options.js";
import { computeSlice } from "./compute.js";
import type { SliceEnd, SliceTarget } from "./directions.js";
import { type FunctionId, landscapeFunctions } from "./functions.js";
import type { SliceOptions } from "./options.js";
import { sliceDocument } from "./page/document.js";
import { sliceFacts, sliceFinding } from "./page/facts.js";
import { planeIn, replayOf } from "./plane.js";
import { sliceProblem } from "./problem.js";
import { sliceProgress } from "./progress.js";
import { type SliceValues, sliceStoreIn } from "./store.js";

export function sliceCommand(command: Command): Command {
  return addSliceOptions(addNetworkChoiceOptions(command)).action(showSlice);
}

async function showSlice(
  path: string | undefined,
  given: SliceCommandOptions,
  command: Command,
): Promise<void> {
  const log = given.json ? process.stderr : process.stdout;
  const wanted = sliceOptions(given, command);
  const { cell, folder: parent } = await chooseCell(path, given, command);
  const target = targetOf(given, cell);
  const options = { ...wanted, colour: colourFor(cell, given.colour) };
  const began = performance.now();
  const plane = planeIn(parent, cell, options, target, (work) => process.stderr.write(`flatward: ${work}\n`));
  const problem = sliceProblem(cell, plane, functionsOf(options));
  const folder = join(parent, `slice-${problem.id.slice(0, 12)}`);
  const { values, found, computed } = await interruptible(
    () => process.stderr.write("\nflatward: stopping; finished rows are kept\n"),
    (signal) =>
      computeSlice(
        problem,
        sliceStoreIn(folder, problem.id),
        given.workers,
        sliceProgress(process.stderr, folder),
        signal,
      ),
  );
  if (values === undefined)
    throw new LabError(
      "stopped",
      "stopped before all was done; the same command goes on where this one stopped",
    );
  const document = sliceDocument(
    cell,
    options,
    plane,
    problem,
    {
      centre: centreOf(cell, problem.functions),
      values,
      ...(target ? { to: endOf(target), method: target.method } : {}),
    },
    (performance.now() - began) / 1000,
  );

  // Pictures take long to load.
  const { writeSlice } = await import("./page/write.js");
  const { json, jsonPath, pagePath, megabytes } = await writeSlice(document, folder, given);
  log.write(
    `${pc.bold(wrapped(sliceFinding(document)))}\n\n${factLines(sliceFacts(document)).join("\n")}\n\n`,
  );
  log.write(fileLine("Report", pagePath, `open it in a browser; ${megabytes.toFixed(2)} MB`));
  log.write(fileLine("Results", jsonPath, `rows: ${found} found, ${computed} computed`));
  log.write(fileLine("SHA-256", document.sha256));
  if (given.json) process.stdout.write(json);
}

/** What is computed at every point: of a line that has another function, λ_max too, which is seen beside its bound. */
function functionsOf({ colour, dimensions }: SliceOptions): FunctionId[] {
  const more: FunctionId[] = dimensions === 1 && colour !== "loss" ? ["lambda-max"] : [];
  return [...new Set<FunctionId>(["loss", colour, ...more])];
}

/** What a document keeps of it. */
function endOf({ theta: _, method: __, replay: ___, ...end }: SliceTarget): SliceEnd {
  return end;
}

/** The other cell, where one is named. @throws LabError "usage" where it is another network */
function targetOf({ run, to, toIndex }: SliceCommandOptions, cell: TrainedCell): SliceTarget | undefined {
  if (run === undefined || (to === undefined && toIndex === undefined)) return undefined;
  const { other, name } = otherCell(run, toIndex, to);
  if (other.record.id === cell.record.id)
    throw new LabError(
      "usage",
      `${toIndex === undefined ? `--to ${to}` : `--to-index ${toIndex}`} is the cell itself (${name}): both ends of the line are the same; choose another`,
    );
  const shapeOf = ({ net }: TrainedCell) => JSON.stringify([net.layout, net.loss]);
  if (shapeOf(other) !== shapeOf(cell))
    throw new LabError(
      "usage",
      `${name} (cell ${other.record.id.slice(0, 12)}) is a network of another shape, or with another loss: no line leads there`,
    );
  return {
    cell: other.record.id,
    name,
    theta: other.theta,
    seed: other.record.config.seed,
    data: other.data.name,
    sameData: trainingPartOf(other) === trainingPartOf(cell),
    method: other.record.config.method as MethodConfig,
    replay: replayOf(other),
  };
}

/** A hash of the samples that a network was trained on, as it saw them. */
function trainingPartOf({ train: { x, y } }: TrainedCell): string {
  return hashOfArrays((x as Tensor).data, y as Int32Array);
}

/** The bound, where it is a bound, unless another is asked for. */
function colourFor({ net }: TrainedCell, given: FunctionId | undefined): FunctionId {
  return given ?? (hasMoments(net) ? "ws-bound" : "loss");
}

/** Every function at theta itself. */
function centreOf(cell: TrainedCell, functions: readonly FunctionId[]): SliceValues {
  return Object.fromEntries(
    functions.map((id) => {
      const { values } = sliceValues(landscapeFunctions[id].of(cell), cell.theta, [cell.theta], [[0]]);
      return [id, Array.from(values, (value) => (Number.isNaN(value) ? null : value))];
    }),
  );
}
