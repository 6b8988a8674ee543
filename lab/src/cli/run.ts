import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { LabError } from "../errors.js";
import { engine } from "../experiment/provenance.js";
import { readBytes, statOf } from "../files.js";
import { readPlan } from "../sweep/description.js";
import { cellNames } from "../sweep/groups.js";
import { cellId, type Manifest, readManifest } from "../sweep/manifest.js";
import type { CellRecord } from "../sweep/record.js";
import { MANIFEST, storeIn } from "../sweep/store.js";
import { type CellChoice, chooseCells } from "../terminal/choose-cells.js";
import { comparison, missingRecords, requireComplete } from "../terminal/outcome.js";
import { plannedIn } from "../terminal/planned.js";
import { describeCell } from "../terminal/progress.js";
import { resultsFolder } from "../terminal/results-folder.js";
import { runHere } from "../terminal/sweeping.js";
import {
  checkpointOption,
  recomputeOption,
  type SweepingOptions,
  workersOption,
} from "../terminal/sweeping-options.js";

interface RunOptions extends SweepingOptions, CellChoice {
  readonly of: string;
}

export function runCommand(command: Command): Command {
  return command
    .requiredOption("--of <file>", "folder or manifest of a sweep, or its plan")
    .option("--index <list>", "positions in the manifest: 7, or 0-9,17", indexList)
    .option("--cell <identity>", "identity of one cell, or its first digits")
    .option(
      "--output <folder>",
      "where results go (default: beside the manifest, or results/<name of the plan>)",
    )
    .addOption(recomputeOption())
    .addOption(workersOption().default(1))
    .addOption(checkpointOption())
    .option("--json", "print the records as JSON on stdout")
    .action(runCellsOf);
}

async function runCellsOf(options: RunOptions): Promise<void> {
  const { manifest, folder } = open(options);
  const indices = chooseCells(manifest, options.of, options);
  checkIdentities(manifest, indices, options.of);
  const store = storeIn(folder);
  if (existsSync(store.manifestPath)) store.prepare();
  else store.writeManifest(manifest);
  const outcome = await runHere(manifest, store, { ...options, indices, retryFailed: true });

  const names = cellNames(manifest);
  const records: CellRecord[] = [];
  for (const index of indices) {
    const record = store.record(manifest.cells[index].id);
    if (record === undefined) continue;
    records.push(record);
    if (!options.json)
      process.stdout.write(
        `${index}  ${describeCell(names[index], record)}\n   ${store.recordPath(record.id)}\n   SHA-256 ${record.sha256}\n`,
      );
  }
  if (options.json) process.stdout.write(`${JSON.stringify(records, null, 1)}\n`);
  if (options.recompute && !options.json) process.stdout.write(`${comparison(outcome)}\n`);
  else if (outcome.done > 0 && !options.json)
    process.stdout.write(`${outcome.done} of ${outcome.cells} done before; --recompute runs them again\n`);
  requireComplete(outcome, missingRecords(manifest, store, indices), folder, options);
}

/** The manifest, read or made from the plan, and the folder of its results. */
function open({ of: given, output }: RunOptions): { manifest: Manifest; folder: string } {
  const of = statOf(given)?.isDirectory() ? join(given, MANIFEST) : given;
  if (isManifest(of)) {
    const manifest = readManifest(of);
    if (manifest.engine !== engine())
      throw new LabError(
        "usage",
        `${of} was planned with flatward ${manifest.engine}, and this is ${engine()}, whose bits may differ; plan it anew with flatward sweep, or use that version`,
      );
    return { manifest, folder: output ?? dirname(of) };
  }
  const plan = readPlan(of);
  const folder = resultsFolder(plan, output);
  return { manifest: plannedIn(plan, folder), folder };
}

function isManifest(path: string): boolean {
  if (basename(path) === MANIFEST) return true;
  try {
    // What comes out of a pipe comes once.
    if (!statSync(path).isFile()) return false;
    return JSON.parse(readBytes(path).toString("utf8")).format === "flatward-manifest/1";
  } catch {
    return false;
  }
}

/** @throws LabError "usage" when a cell of a manifest is not what its identity says */
function checkIdentities({ cells, data, engine }: Manifest, indices: readonly number[], of: string): void {
  const altered = indices.find((index) => {
    const { id, data: position, config } = cells[index];
    return cellId(engine, data[position], config) !== id;
  });
  if (altered !== undefined)
    throw new LabError(
      "usage",
      `${of}: cell ${altered} was altered: its settings do not have its identity; write the manifest anew with flatward sweep`,
    );
}

/** `0-9,17`. */
function indexList(text: string): number[] {
  const indices = text.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (first === undefined || Number(last) < Number(first) || Number(last) > 1e6)
      throw new InvalidArgumentError("It must be whole numbers and ranges, as in 0-9,17.");
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i);
  });
  return [...new Set(indices)];
}
