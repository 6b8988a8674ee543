import type { Cell, ManifestData } from "./manifest.js";
import type { Pool } from "./pool.js";
import type { CellRecord } from "./record.js";
import type { Checkpoints } from "./store.js";

/** What computes cells: threads of this process, or workers behind a queue. */
export interface Executor {
  /** Cells that it takes on at once. */
  readonly concurrency: number;
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
    concurrency: pool.workers + 1,
    compute: (cell, by, data) => pool.compute(cell, by, data, checkpoints),
  };
}
