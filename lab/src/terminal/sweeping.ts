import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { interruptible } from "../cli/interrupt.js";
import { damageNotice, noticeOfOthers, shortList } from "../cli/notice.js";
import { LabError } from "../errors.js";
import { mainFinding } from "../report/findings.js";
import { counted } from "../report/format.js";
import { flatwardLine } from "../shell.js";
import { type Executor, localExecutor } from "../sweep/executor.js";
import { cellNames } from "../sweep/groups.js";
import type { SweepListener, SweepOptions, SweepOutcome } from "../sweep/listener.js";
import type { Manifest } from "../sweep/manifest.js";
import { createPool, defaultPool } from "../sweep/pool.js";
import { type Store, storeIn } from "../sweep/store.js";
import { runCells } from "../sweep/sweep.js";
import { integer, number } from "./options.js";
import { renderProblem } from "./problem-table.js";
import { progressDisplay } from "./progress.js";

/** How a sweep is run, as the options of several commands say it. */
export interface SweepingOptions {
  readonly output?: string;
  readonly workers: number;
  readonly checkpointSeconds: number;
  readonly redis?: string;
  readonly retryFailed?: boolean;
  readonly recompute?: boolean;
  readonly json?: boolean;
}

export const workersOption = () =>
  new Option("--workers <count>", "threads to compute on; 1 gives the cleanest timings")
    .argParser(integer(1))
    .default(defaultPool.workers);

export const checkpointOption = () =>
  new Option("--checkpoint-seconds <seconds>", "between two checkpoints of a training")
    .argParser(number({ above: 0 }))
    .default(defaultPool.checkpointSeconds);

export const redisOption = () =>
  new Option(
    "--redis <url>",
    "leave the computing to workers behind this Redis server, redis://host:6379",
  ).argParser((text) => {
    if (/^rediss?:\/\/./.test(text) && URL.canParse(text)) return text;
    throw new InvalidArgumentError("It must be a URL like redis://localhost:6379.");
  });

export const recomputeOption = () =>
  new Option("--recompute", "compute finished cells again, and hold the new bits against the old ones");

/** What is said around a sweep. */
export interface Saying {
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
  { headline, mostPrinted = 40 }: Saying = {},
): Promise<void> {
  if (options.redis !== undefined && options.recompute)
    throw new LabError("usage", "--recompute computes here; leave --redis away");
  const log = options.json ? process.stderr : process.stdout;
  const store = storeIn(folder);
  const notice = noticeOfOthers(manifest, store);
  store.writeManifest(manifest);
  for (const line of [headline, notice]) if (line !== undefined) log.write(`${line}\n`);

  const outcome = await runHere(manifest, store, options);
  // Pictures, and queues below, take long to load: not every command has need of them.
  const { writeReport } = await import("../report/write.js");
  const { results, json, reportPath, resultsPath } = await writeReport(manifest, store);
  const printed = results.problems.reduce((sum, { groups }) => sum + groups.length, 0) <= mostPrinted;
  for (const problem of printed ? results.problems : []) {
    if (problem.groups.every(({ cells }) => cells.length === 0)) continue;
    const finding = mainFinding(problem);
    log.write(`\n${renderProblem(problem, process.stdout.columns)}\n${finding ? `\n${finding}\n` : ""}`);
  }
  log.write(`\n${summaryLine(outcome, options)}\n`);
  log.write(`Report   ${reportPath}   (open it in a browser; the figures are beside it as SVG)\n`);
  log.write(`Results  ${resultsPath}   (one file a cell in ${join(folder, "cells")})\n`);
  if (results.sha256) log.write(`SHA-256  ${results.sha256}\n`);
  if (options.json) process.stdout.write(json);
  complain(outcome, results.sha256 ? [] : lostIn(manifest, store), folder, options);
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

function summaryLine(outcome: SweepOutcome, { recompute }: SweepingOptions): string {
  const { cells, done, computed, elsewhere, newlyFailed, failed } = outcome;
  if (recompute) return comparison(outcome);
  const parts = [
    ...(done > 0 ? [`${done} done before`] : []),
    `${computed} computed now`,
    ...(elsewhere > 0 ? [`${elsewhere} computed elsewhere`] : []),
    ...(failed + newlyFailed > 0 ? [`${failed + newlyFailed} failed`] : []),
  ];
  return `${counted(cells, "cell")}: ${parts.join(", ")}`;
}

/** What came of computing cells again. */
export function comparison({ cells, compared, differing, ...outcome }: SweepOutcome): string {
  const computed = outcome.computed + outcome.newlyFailed;
  const found =
    computed === 0
      ? "none computed"
      : compared === 0
        ? "for the first time: there was nothing to hold against them"
        : differing.length === 0
          ? "every one with the same bits as before"
          : `${differing.length} with other bits than before`;
  const fresh = compared > 0 && computed > compared ? `, and ${computed - compared} for the first time` : "";
  return `${computed} of ${cells} cells computed${compared > 0 ? " again" : ""}: ${found}${fresh}`;
}

/** Of cells that are seen to, those without a record. */
export function lostIn(
  { cells }: Manifest,
  store: Store,
  indices: readonly number[] = [...cells.keys()],
): string[] {
  return indices.map((index) => cells[index].id).filter((id) => store.record(id) === undefined);
}

/**
 * @param lost cells without a record, though they were seen to
 * @throws LabError when not all is well
 */
export function complain(
  { stopped, failed, newlyFailed, differing }: SweepOutcome,
  lost: readonly string[],
  folder: string,
  { recompute }: SweepingOptions,
): void {
  if (differing.length > 0)
    throw new LabError(
      "verification",
      `other bits than before: ${shortList(differing)}; the results of before are kept`,
    );
  if (stopped)
    throw new LabError(
      "stopped",
      recompute
        ? "stopped before all was computed again; the same command begins anew"
        : "stopped before all was done; the same command goes on where this one stopped",
    );
  if (lost.length > 0)
    throw new LabError(
      "stopped",
      `${counted(lost.length, "record")} in ${join(folder, "cells")} went missing while the sweep ran: ${shortList(lost)}; the same command computes what is missing`,
    );
  if (failed + newlyFailed > 0)
    throw new LabError(
      "cells",
      `${counted(failed + newlyFailed, "cell")} failed; ${flatwardLine("status", folder)} says why; --retry-failed runs failed cells again`,
    );
}
