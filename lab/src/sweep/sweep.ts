import { stepsOf } from "../experiment/config.js";
import { runConcurrently } from "./concurrency.js";
import type { Executor } from "./executor.js";
import type { SweepListener, SweepOptions, SweepOutcome, SweepStart } from "./listener.js";
import type { Manifest } from "./manifest.js";
import { cellRunner, createCounter } from "./run-cell.js";
import type { Store } from "./store.js";

/**
 * Computes the cells of a manifest that are not done, and writes each result as it comes. Several processes may do so
 * in one folder at once. Nothing is kept in memory but counts.
 * @param open makes the executor, from the number of cells to run; not called when there is none
 * @throws LabError when a result cannot be written, or data cannot be read: what is done stays done
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
  const ending = new AbortController();
  const end = () => ending.abort();
  const counter = createCounter({
    onCell(cell) {
      listener.onCell(cell);
      if (options.failFast && cell.record.state === "failed") end();
    },
  });
  if (todo.length > 0 && !(options.failFast && start.failed > 0)) {
    const executor = await open(todo.length);
    const claims = store.claims();
    const run = cellRunner({ manifest, store, executor, claims, counter, options });
    listener.onStart(start);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    try {
      await runConcurrently({
        todo,
        // A cell that waits for a free thread would start in the moment in which another fails.
        concurrency: executor.concurrency - (options.failFast ? 1 : 0),
        run,
        stop: () => executor.stop(),
        onProgress: () => listener.onSteps(counter.addSteps(executor)),
        signal: ending.signal,
      });
    } finally {
      signal.removeEventListener("abort", end);
      claims.close();
      listener.onEnd();
      await executor.close();
    }
  }
  const counts = counter.counts();
  const finished = counts.computed + counts.elsewhere + counts.newlyFailed;
  return { ...start, ...counts, stopped: finished < start.cells - start.done - start.failed };
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
