import { stepsOf } from "../experiment/config.js";
import type { Claims } from "./claims.js";
import type { Executor } from "./executor.js";
import type { SweepListener, SweepOptions, SweepOutcome } from "./listener.js";
import type { Manifest } from "./manifest.js";
import type { CellRecord } from "./record.js";
import type { Store } from "./store.js";

type Counts = Pick<SweepOutcome, "computed" | "elsewhere" | "newlyFailed" | "compared" | "differing">;

/** Counts what a sweep has done so far. */
export interface Counter {
  /** A cell has its record. @param own whether the executor computed it, and counted its steps as far as it does */
  finished(index: number, record: CellRecord, executor: Executor, own: boolean): void;
  /** A cell was computed again. */
  compared(record: CellRecord, before: CellRecord): void;
  /** Training steps so far, with those that the executor has counted since. */
  addSteps(executor: Executor): number;
  counts(): Counts;
}

export function createCounter(listener: Pick<SweepListener, "onCell">): Counter {
  const differing: string[] = [];
  let [computed, elsewhere, newlyFailed, compared, steps] = [0, 0, 0, 0, 0];
  return {
    finished(index, record, executor, own) {
      if (record.state === "failed") newlyFailed++;
      else if (own) computed++;
      else elsewhere++;
      // Those of a part that ran before were not counted now.
      const isCounted = own && executor.takeSteps !== undefined;
      steps += isCounted ? (record.provenance.resumedAt ?? 0) : stepsOf(record.config);
      listener.onCell({ index, record, elsewhere: !own });
    },
    compared({ id, sha256 }, before) {
      compared++;
      if (before.sha256 !== sha256) differing.push(id);
    },
    addSteps(executor) {
      steps += executor.takeSteps?.() ?? 0;
      return steps;
    },
    counts: () => ({ computed, elsewhere, newlyFailed, compared, differing }),
  };
}

interface Work {
  readonly manifest: Manifest;
  readonly store: Store;
  readonly executor: Executor;
  readonly claims: Claims;
  readonly counter: Counter;
  readonly options: SweepOptions;
}

/** What runs a cell by its position: false when another process runs it. */
export function cellRunner({
  manifest,
  store,
  executor,
  claims,
  counter,
  options,
}: Work): (index: number) => Promise<boolean> {
  const compute = async (index: number): Promise<void> => {
    const cell = manifest.cells[index];
    const record = await executor.compute(cell, manifest.engine, manifest.data[cell.data]);
    if (record === undefined) return;
    const before = options.recompute ? store.record(cell.id) : undefined;
    if (before !== undefined) counter.compared(record, before);
    else store.write(record);
    if (!options.recompute) {
      await store.checkpoints.remove(cell.id);
      await executor.forget?.(cell.id);
    }
    counter.finished(index, record, executor, true);
  };
  return async (index) => {
    const { id } = manifest.cells[index];
    if (!claims.take(id)) return false;
    try {
      const record = options.recompute ? undefined : store.record(id);
      if (record?.state === "done" || (record && !options.retryFailed))
        counter.finished(index, record, executor, false);
      else await compute(index);
    } finally {
      claims.release(id);
    }
    return true;
  };
}
