import { setTimeout as sleep } from "node:timers/promises";
import { stepsOf } from "../experiment/config.js";
import type { Executor } from "./executor.js";
import type { SweepListener, SweepOptions, SweepOutcome, SweepStart } from "./listener.js";
import type { Manifest } from "./manifest.js";
import { cellRunner, createTally } from "./run-cell.js";
import type { Store } from "./store.js";

/** Between two looks at the step counter. */
const PROGRESS_INTERVAL = 150;
/** Between two looks at a cell that another process runs. */
const LOOK_AGAIN = 400;

/**
 * Computes the cells of a manifest that are not done, and writes each result as it comes. Several processes may do so
 * in one folder at once. Nothing is kept in memory but counts.
 * @param open makes what computes them, told how many there are; not called when there is none
 * @throws LabError when a result cannot be written, or data cannot be had: what is done stays done
 */
export async function runCells(
  manifest: Manifest,
  store: Store,
  open: (cells: number) => Promise<Executor>,
  options: SweepOptions,
  listener: SweepListener,
  signal: AbortSignal,
): Promise<SweepOutcome> {
  const indices = options.indices ?? [...manifest.cells.keys()];
  const { start, todo } = partition(manifest, store, indices, options);
  const tally = createTally(listener);
  if (todo.length > 0) {
    const executor = await open(todo.length);
    const claims = store.claims();
    const run = cellRunner({ manifest, store, executor, claims, tally, options });
    const stop = () => executor.stop();
    signal.addEventListener("abort", stop);
    listener.onStart(start);
    const timer = setInterval(() => listener.onSteps(tally.addSteps(executor)), PROGRESS_INTERVAL);
    try {
      await inLanes(todo, executor.lanes, run, stop, signal);
    } finally {
      clearInterval(timer);
      signal.removeEventListener("abort", stop);
      claims.close();
      listener.onEnd();
      await executor.close();
    }
  }
  const counts = tally.counts();
  const finished = counts.computed + counts.elsewhere + counts.newlyFailed;
  return { ...start, ...counts, stopped: finished < start.cells - start.done - start.failed };
}

/**
 * Runs what is to be done, so many at once, until nothing is left, one fails, or the signal says so.
 * @param run one of them; false when another process runs it, and it is to be looked at again
 * @param stop ends those that are running, after a failure
 * @throws what the first that failed has thrown, once all have ended
 */
async function inLanes(
  todo: number[],
  lanes: number,
  run: (index: number) => Promise<boolean>,
  stop: () => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting: number[] = [];
  const failures: unknown[] = [];
  const over = () => signal.aborted || failures.length > 0;
  const lane = async (): Promise<void> => {
    while (!over()) {
      const index = todo.shift();
      if (index === undefined) return;
      try {
        if (!(await run(index))) waiting.push(index);
      } catch (error) {
        failures.push(error);
        stop();
      }
    }
  };
  while (todo.length > 0 && !over()) {
    await Promise.all(Array.from({ length: Math.min(lanes, todo.length) }, lane));
    // Whoever runs these now will finish them, or fall silent.
    todo.push(...waiting.splice(0));
    if (todo.length > 0 && !over()) await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => {});
  }
  if (failures.length > 0) throw failures[0];
}

/** Which cells are to be run, and how many are not. */
function partition(
  { cells }: Manifest,
  store: Store,
  indices: readonly number[],
  { retryFailed, recompute }: SweepOptions,
): { start: SweepStart; todo: number[] } {
  const todo: number[] = [];
  let done = 0;
  let failed = 0;
  let steps = 0;
  for (const index of indices) {
    const record = store.record(cells[index].id);
    const state = recompute ? undefined : record?.state;
    if (state === "done") done++;
    else if (state === "failed" && !retryFailed) failed++;
    else {
      todo.push(index);
      steps += stepsOf(cells[index].config);
    }
  }
  return { start: { cells: indices.length, done, failed, steps }, todo };
}
