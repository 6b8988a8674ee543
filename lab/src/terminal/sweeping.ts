import { join } from "node:path";
import pc from "picocolors";
import { LabError } from "../errors.js";
import type { LoadChapters } from "../report/chapter.js";
import { mainFinding } from "../report/findings.js";
import { type Executor, localExecutor } from "../sweep/executor.js";
import { cellNames } from "../sweep/groups.js";
import type { SweepListener, SweepOptions, SweepOutcome } from "../sweep/listener.js";
import type { Manifest } from "../sweep/manifest.js";
import { createPool } from "../sweep/pool.js";
import { type Store, storeIn } from "../sweep/store.js";
import { runCells } from "../sweep/sweep.js";
import { interruptible } from "./interrupt.js";
import { damageNotice, noticeOfOthers } from "./notice.js";
import { missingRecords, requireComplete, summaryLine } from "./outcome.js";
import { renderProblem } from "./problem-table.js";
import { progressDisplay } from "./progress.js";
import { tellReadings, tellWarnings } from "./reading.js";
import type { SweepingOptions } from "./sweeping-options.js";
import { fileLine, wrapped } from "./width.js";

/** How a sweep is reported. */
export interface Reporting {
  readonly chapters: LoadChapters;
  /** Before the work begins. */
  readonly headline?: string;
  /** Groups in all beyond which the tables are left to the report. */
  readonly mostPrinted?: number;
}

/**
 * Runs a manifest's cells, shows progress, writes and prints what came out.
 * @throws LabError
 */
export async function sweep(
  manifest: Manifest,
  folder: string,
  options: SweepingOptions,
  { chapters, headline, mostPrinted = 40 }: Reporting,
): Promise<void> {
  if (options.redis !== undefined && options.recompute)
    throw new LabError("usage", "--recompute computes here; leave --redis out");
  const log = options.json ? process.stderr : process.stdout;
  const store = storeIn(folder);
  const notice = noticeOfOthers(manifest, store);
  store.writeManifest(manifest);
  if (headline === undefined) tellReadings(manifest, log);
  else tellWarnings(manifest);
  for (const line of [headline, notice]) if (line !== undefined) log.write(`${wrapped(line)}\n`);

  const outcome = await runHere(manifest, store, options);
  // Pictures, and queues below, take long to load: not every command needs them.
  const { writeReport } = await import("../report/write.js");
  const { results, json, reportPath, resultsPath } = await writeReport(manifest, store, await chapters());
  const printed = results.problems.reduce((sum, { groups }) => sum + groups.length, 0) <= mostPrinted;
  for (const problem of printed ? results.problems : []) {
    if (problem.groups.every(({ cells }) => cells.length === 0)) continue;
    const finding = mainFinding(problem, results.description.budget);
    if (finding) log.write(`\n${pc.bold(wrapped(finding))}\n`);
    log.write(`\n${renderProblem(problem, options.full)}\n`);
  }
  log.write(`\n${summaryLine(outcome, options)}\n`);
  log.write(fileLine("Report", reportPath, "open it in a browser; the figures are beside it as SVG"));
  log.write(
    fileLine(
      "Results",
      resultsPath,
      `results.csv: one row a cell; one file a cell in ${join(folder, "cells")}`,
    ),
  );
  if (results.sha256) log.write(fileLine("SHA-256", results.sha256));
  if (options.json) process.stdout.write(json);
  requireComplete(outcome, results.sha256 ? [] : missingRecords(manifest, store), folder, options);
}

/** Runs cells with a progress display, until done or interrupted. */
export function runHere(
  manifest: Manifest,
  store: Store,
  options: SweepingOptions & Pick<SweepOptions, "indices">,
): Promise<SweepOutcome> {
  const names = cellNames(manifest);
  const say = (text: string) => void process.stderr.write(text);
  const onUnusable = (id: string) => {
    const name = names[manifest.cells.findIndex((cell) => cell.id === id)];
    say(
      `flatward: ${name}: its checkpoint is damaged or of another version, and it is computed from its start\n`,
    );
  };
  const open = (cells: number) => openExecutor(cells, options, store, manifest, onUnusable);
  const display = progressDisplay(process.stderr, names);
  const listener: SweepListener = {
    ...display,
    onStart(start) {
      say(damageNotice(store.damaged(), "record", store.cells, "computed again"));
      display.onStart(start);
    },
  };
  const leaving = options.recompute
    ? "stopping: measurements are finished; Ctrl-C again stops at once"
    : "stopping: trainings keep a checkpoint, measurements are finished; Ctrl-C again stops at once";
  return interruptible(
    () => process.stderr.write(`\nflatward: ${leaving}\n`),
    (signal) => runCells(manifest, store, open, options, listener, signal),
  );
}

async function openExecutor(
  cells: number,
  { redis, workers, checkpointSeconds, recompute }: SweepingOptions,
  store: Store,
  { engine }: Manifest,
  onUnusable: (id: string) => void,
): Promise<Executor> {
  if (redis !== undefined) {
    const { queueExecutor } = await import("../cluster/consume.js");
    return queueExecutor(redis, engine, (text) => process.stderr.write(`flatward: ${text}`));
  }
  const pool = createPool({ workers: Math.min(workers, cells), checkpointSeconds }, onUnusable);
  return localExecutor(pool, recompute ? undefined : store.checkpoints);
}
