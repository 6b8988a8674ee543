import { chmodSync } from "node:fs";
import { join, resolve } from "node:path";
import { Argument, type Command, InvalidArgumentError } from "commander";
import { chunksOf, missingChunks } from "../cluster/chunks.js";
import { kubernetesManifest } from "../cluster/kubernetes.js";
import { parallelScript } from "../cluster/parallel.js";
import { slurmScript } from "../cluster/slurm.js";
import { LabError } from "../errors.js";
import { hashOf } from "../experiment/provenance.js";
import { makeFolder, writeAtomically } from "../files.js";
import { flatwardLine, quote } from "../shell.js";
import { readPlan } from "../sweep/description.js";
import { manifestText } from "../sweep/manifest.js";
import { storeIn } from "../sweep/store.js";
import { damageNotice, noticeOfOthers } from "../terminal/notice.js";
import { integer, isGiven, optionName } from "../terminal/options.js";
import { plannedIn } from "../terminal/planned.js";
import { resultsFolder } from "../terminal/results-folder.js";

interface ExportOptions {
  readonly output?: string;
  readonly cellsPerTask: number;
  readonly workers: number;
  readonly concurrency?: number;
  readonly time: string;
  readonly partition?: string;
  readonly image: string;
  readonly claim: string;
}

/** The engines, and the file that each is given. */
const files = {
  slurm: "sweep.sbatch",
  parallel: "sweep.parallel.sh",
  kubernetes: "sweep.kubernetes.yaml",
} as const;

type EngineName = keyof typeof files;

export function exportCommand(command: Command): Command {
  return command
    .addArgument(new Argument("<engine>", "which").choices(Object.keys(files)))
    .argument("<plan>", "a description in JSON or YAML")
    .option(
      "--output <folder>",
      "results folder, on a disk that all machines share (default: results/<name of the plan>)",
    )
    .option("--cells-per-task <count>", "cells that one task runs one after the other", integer(1), 1)
    .option("--workers <count>", "threads a task (Slurm, Kubernetes)", integer(1), 1)
    .option("--concurrency <count>", "the most tasks at once (Slurm, Kubernetes)", integer(1))
    .option("--time <limit>", "time limit of a task (Slurm)", timeLimit, "01:00:00")
    .option("--partition <name>", "partition (Slurm)", partitionName)
    .option("--image <image>", "container image with flatward on its path (Kubernetes)", "flatward:latest")
    .option(
      "--claim <name>",
      "persistent volume claim of the results folder (Kubernetes)",
      "flatward-results",
    )
    .action(writeExport);
}

/** Options that belong to some engines alone, by their names in `ExportOptions`. */
const onlyFor: Readonly<Record<string, readonly EngineName[]>> = {
  workers: ["slurm", "kubernetes"],
  concurrency: ["slurm", "kubernetes"],
  time: ["slurm"],
  partition: ["slurm"],
  image: ["kubernetes"],
  claim: ["kubernetes"],
};

/** @throws LabError "usage" for options that another engine has */
function refuseIdle(engine: EngineName, command: Command): void {
  for (const [name, engines] of Object.entries(onlyFor)) {
    if (engines.includes(engine) || !isGiven(command, name)) continue;
    throw new LabError(
      "usage",
      `${optionName(name)} belongs to ${engines.join(" and ")}: leave it out with ${engine}`,
    );
  }
}

/** What sbatch takes: minutes, minutes:seconds, hours:minutes:seconds, or days and a hyphen before. */
function timeLimit(text: string): string {
  if (/^((\d+-)?\d+(:\d+){0,2}|infinite|unlimited)$/i.test(text)) return text;
  throw new InvalidArgumentError("It must be a time limit of Slurm's, like 01:30:00 or 2-12:00:00.");
}

/** A name that a line of sbatch holds. */
function partitionName(text: string): string {
  if (/^[^\s"'`\\$]+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be a partition's name, or several with commas between.");
}

function writeExport(engine: EngineName, path: string, options: ExportOptions, command: Command): void {
  refuseIdle(engine, command);
  const plan = readPlan(path);
  const folder = resolve(resultsFolder(plan, options.output));
  const manifest = plannedIn(plan, folder);
  const store = storeIn(folder);
  const notice = noticeOfOthers(manifest, store);
  store.writeManifest(manifest);
  // The script's own: `manifest.json` becomes that of whichever sweep uses the folder next.
  const text = manifestText(manifest);
  const manifestPath = join(
    folder,
    `manifest-${hashOf(manifest.cells.map(({ id }) => id)).slice(0, 12)}.json`,
  );
  writeAtomically(manifestPath, text);
  if (notice) process.stdout.write(`${notice}\n`);
  const { cellsPerTask, workers, concurrency, time, partition, image, claim } = options;
  const all = chunksOf(manifest, cellsPerTask);
  const missing = missingChunks(manifest, store, cellsPerTask);
  process.stderr.write(damageNotice(store.damaged(), "record", store.cells, "computed again"));
  if (missing.length === 0) {
    process.stdout.write(`all ${manifest.cells.length} cells are done; there is nothing to export\n`);
    return;
  }
  const common = {
    name: plan.name,
    folder,
    manifest: manifestPath,
    cellsPerTask,
    cells: manifest.cells.length,
    workers,
    concurrency,
  };
  const script = join(folder, files[engine]);
  const content = {
    slurm: () => slurmScript({ ...common, chunks: missing, time, partition }),
    parallel: () => parallelScript({ ...common, chunks: missing }),
    kubernetes: () => kubernetesManifest({ ...common, chunks: all, image, claim }),
  }[engine]();
  writeAtomically(script, content);
  if (engine === "slurm") makeFolder(join(folder, "slurm"));
  if (engine === "parallel") chmodSync(script, 0o755);

  const start = { slurm: "sbatch", parallel: "bash", kubernetes: "kubectl apply -f" }[engine];
  const shown = options.output ?? join("results", plan.name);
  process.stdout.write(
    `${script}: ${manifest.cells.length} cells, ${missing.length} of ${all.length} tasks with cells to run\n` +
      `To run:     ${start} ${quote(script)}\nTo follow:  ${flatwardLine("status", shown)}\nTo report:  ${flatwardLine("report", shown)}\n`,
  );
}
