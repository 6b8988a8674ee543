import type { CellRecord } from "./record.js";

export interface SweepOptions {
  /** Positions of the cells to compute. Default: all. */
  readonly indices?: readonly number[];
  /** Compute failed cells again. */
  readonly retryFailed?: boolean;
  /** Compute finished cells again, from their start, and compare the new bits with the old ones. */
  readonly recompute?: boolean;
  /** Stop at the first cell that fails, or has failed and is not run again. */
  readonly failFast?: boolean;
}

/** Called to show progress. */
export interface SweepListener {
  onStart(start: SweepStart): void;
  /** Training steps done so far, several times a second. */
  onSteps(done: number): void;
  onCell(cell: CellEvent): void;
  onEnd(): void;
}

export interface SweepStart {
  /** Cells of this call. */
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
  /** Whether another process computed it meanwhile. */
  readonly elsewhere: boolean;
}

export interface SweepOutcome extends SweepStart {
  /** Computed in this call, by us; those that failed aside. */
  readonly computed: number;
  /** By another at the same time; those that failed aside. */
  readonly elsewhere: number;
  /** By either. */
  readonly newlyFailed: number;
  /** Whether it was stopped before all was done. */
  readonly stopped: boolean;
  /** Cells computed again whose bits were compared with those of before. */
  readonly compared: number;
  /** Of which came out with other bits. */
  readonly differing: readonly string[];
}
