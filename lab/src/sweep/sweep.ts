import { setTimeout as sleep } from "node:timers/promises";
import type { Cell, Manifest, ManifestData } from "./manifest.js";
import type { Pool } from "./pool.js";
import type { CellRecord } from "./record.js";
import type { Checkpoints, Store } from "./store.js";

/** Whatever computes cells: threads of this process, or workers behind a queue. */
export interface Executor {
  /** Cells that it takes on at once. */
  readonly lanes: number;
  /** The record of a cell; nothing when it was stopped on the way. @throws LabError when it cannot be computed here */
  compute(cell: Cell, by: string, data: ManifestData): Promise<CellRecord | undefined>;
  /** Training steps done since the last call, where they can be known before a cell ends. */
  takeSteps?(): number;
  /** Told when a cell's record is written. */
  forget?(id: string): Promise<void>;
  stop(): void;
  close(): Promise<void>;
}

/** Computes on threads of this process. One cell more than there are threads waits, so that none is idle. */
export function localExecutor(pool: Pool, checkpoints?: Checkpoints): Executor {
  return {
    ...pool,
    lanes: pool.workers + 1,
    compute: (cell, by, data) => pool.compute(cell, by, data, checkpoints),
  };
}

export interface SweepOptions {
  /** Positions of the cells to see to. Default: all. */
  readonly indices?: readonly number[];
  /** Compute failed cells again. */
  readonly retryFailed?: boolean;
  /** Compute finished cells again, from their start, and hold the new bits against the old ones. */
  readonly recompute?: boolean;
}

/** Heard by whoever shows progress. */
export interface SweepListener {
  onStart(start: SweepStart): void;
  /** Training steps done so far, several times a second. */
  onSteps(done: number): void;
  onCell(cell: CellEvent): void;
  onEnd(): void;
}

export interface SweepStart {
  /** Cells to see to in this call. */
  readonly cells: number;
  /** Of which have been done before. */
  readonly done: number;
  /** Of which have failed before and are left so. */
  readonly failed: number;
  /** Training steps of all that are to be run. */
  readonly steps: number;
}

export interface CellEvent {
  readonly index: number;
  readonly record: CellRecord;
  /** Whether somebody else computed it meanwhile. */
  readonly elsewhere: boolean;
}

export interface SweepOutcome extends SweepStart {
  /** Computed in this call, by us or by another at the same time. */
  readonly computed: number;
  /** Of which failed. */
  readonly newlyFailed: number;
  /** Whether it was stopped before all was done. */
  readonly stopped: boolean;
  /** Cells computed again whose bits were held against those of before. */
  readonly compared: number;
  /** Of which came out with other bits. */
  readonly differing: readonly string[];
}

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
  if (todo.length === 0)
    return { ...start, computed: 0, newlyFailed: 0, stopped: false, compared: 0, differing: [] };
  const executor = await open(todo.length);
  const claims = store.claims();
  const differing: string[] = [];
  let compared = 0;
  let computed = 0;
  let newlyFailed = 0;
  let steps = 0;
  let failure: unknown;
  const abort = () => executor.stop();
  signal.addEventListener("abort", abort);
  const over = () => signal.aborted || failure !== undefined;

  const finish = (index: number, record: CellRecord, elsewhere: boolean): void => {
    computed++;
    if (record.state === "failed") newlyFailed++;
    if (elsewhere || executor.takeSteps === undefined) steps += record.config.training.steps;
    else steps += record.provenance.resumedAt ?? 0;
    listener.onCell({ index, record, elsewhere });
  };

  const runClaimed = async (index: number): Promise<void> => {
    const cell = manifest.cells[index];
    const record = await executor.compute(cell, manifest.engine, manifest.data[cell.data]);
    if (record === undefined) return;
    if (options.recompute) {
      const before = store.record(cell.id);
      if (before === undefined) store.write(record);
      else {
        compared++;
        if (before.sha256 !== record.sha256) differing.push(cell.id);
      }
    } else {
      store.write(record);
      await store.checkpoints.remove(cell.id);
      await executor.forget?.(cell.id);
    }
    finish(index, record, false);
  };

  /** Sees to one cell; false when another process runs it. */
  const see = async (index: number): Promise<boolean> => {
    const { id } = manifest.cells[index];
    if (!claims.take(id)) return false;
    try {
      const record = options.recompute ? undefined : store.record(id);
      if (record?.state === "done" || (record && !options.retryFailed)) finish(index, record, true);
      else await runClaimed(index);
    } finally {
      claims.release(id);
    }
    return true;
  };

  const waiting: number[] = [];
  const lane = async (): Promise<void> => {
    while (!over()) {
      const index = todo.shift();
      if (index === undefined) return;
      try {
        if (!(await see(index))) waiting.push(index);
      } catch (error) {
        failure ??= error;
        executor.stop();
      }
    }
  };

  listener.onStart(start);
  const timer = setInterval(() => {
    steps += executor.takeSteps?.() ?? 0;
    listener.onSteps(steps);
  }, PROGRESS_INTERVAL);
  try {
    while (todo.length > 0 && !over()) {
      await Promise.all(Array.from({ length: Math.min(executor.lanes, todo.length) }, lane));
      // Whoever runs these now will finish them, or fall silent.
      todo.push(...waiting.splice(0));
      if (todo.length > 0 && !over()) await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => {});
    }
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", abort);
    claims.close();
    listener.onEnd();
    await executor.close();
  }
  if (failure !== undefined) throw failure;
  const stopped = computed < start.cells - start.done - start.failed;
  return { ...start, computed, newlyFailed, stopped, compared, differing };
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
    const state = recompute ? undefined : store.record(cells[index].id)?.state;
    if (state === "done") done++;
    else if (state === "failed" && !retryFailed) failed++;
    else {
      todo.push(index);
      steps += cells[index].config.training.steps;
    }
  }
  return { start: { cells: indices.length, done, failed, steps }, todo };
}
