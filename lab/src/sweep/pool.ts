import { availableParallelism } from "node:os";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { LabError, type LabErrorCode } from "../errors.js";
import type { RunResult } from "../experiment/run.js";
import type { Cell, ManifestData } from "./manifest.js";
import { type CellRecord, type Effort, recordOf } from "./record.js";
import type { Checkpoints } from "./store.js";
import { openThreads } from "./threads.js";

/** One training run, as its thread is given it. */
export interface Task {
  readonly cell: Pick<Cell, "id" | "config">;
  readonly data: ManifestData;
  readonly checkpoint: Uint8Array | undefined;
  readonly checkpointSeconds: number;
  /** Takes checkpoints on the way, and the notice of one that could not be used. */
  readonly port: MessagePort;
  /** [1 when all shall stop, steps done since last looked at], shared by all threads. */
  readonly shared: Int32Array;
}

/** Said of a checkpoint that the training cannot go on from: it begins at its start. */
export const UNUSABLE = "unusable";

/** What its thread answers. */
export type Answer =
  | { readonly kind: "result"; readonly result: RunResult; readonly effort: Effort }
  | { readonly kind: "failed"; readonly error: unknown; readonly effort: Effort }
  /** Not the cell's fault: its data cannot be read here. */
  | { readonly kind: "refused"; readonly code: LabErrorCode; readonly message: string }
  | { readonly kind: "stopped"; readonly checkpoint: Uint8Array };

export interface PoolOptions {
  readonly workers: number;
  /** Seconds between two checkpoints of a training. */
  readonly checkpointSeconds: number;
}

export const defaultPool: PoolOptions = { workers: availableParallelism(), checkpointSeconds: 20 };

/** Threads that compute cells. All files are left to the thread that owns the pool. */
export interface Pool {
  readonly workers: number;
  /**
   * The record of a cell, done or failed; nothing when it was stopped, its checkpoint kept.
   * @throws LabError when its data cannot be read, or a checkpoint cannot be kept
   */
  compute(
    cell: Cell,
    by: string,
    data: ManifestData,
    checkpoints?: Checkpoints,
  ): Promise<CellRecord | undefined>;
  /** Training steps done since the last call. */
  takeSteps(): number;
  /** Lets running trainings stop at their next step; measurements are finished. */
  stop(): void;
  close(): Promise<void>;
}

/** @param onUnusable called for a cell whose checkpoint is damaged, or not its own: it is computed from its start */
export function createPool(
  { workers, checkpointSeconds }: PoolOptions,
  onUnusable: (id: string) => void = () => {},
): Pool {
  const { threads, shared, takeCount, stop, close } = openThreads(
    new URL("./worker.js", import.meta.url),
    workers,
  );
  return {
    workers,
    takeSteps: takeCount,
    stop,
    close,
    async compute(cell, by, data, checkpoints) {
      const { port1, port2 } = new MessageChannel();
      const checkpoint = await checkpoints?.load(cell.id);
      let saving: Promise<void> = Promise.resolve();
      const started = new Date().toISOString();
      const hear = (message: Uint8Array | typeof UNUSABLE) => {
        if (message === UNUSABLE) return onUnusable(cell.id);
        // One that cannot be kept costs nothing yet: the training goes on, and the next is tried.
        saving = saving.then(() => checkpoints?.save(cell.id, message)).catch(() => {});
      };
      port1.on("message", hear);
      try {
        const task: Task = {
          cell: { id: cell.id, config: cell.config },
          data,
          checkpoint,
          checkpointSeconds,
          port: port2 as never,
          shared,
        };
        const answer: Answer = await threads.run(task, { transferList: [port2 as never] });
        // Messages from the thread may still wait.
        for (let said = receiveMessageOnPort(port1); said; said = receiveMessageOnPort(port1))
          hear(said.message);
        await saving;
        if (answer.kind === "refused") throw new LabError(answer.code, answer.message);
        if (answer.kind === "stopped") {
          await checkpoints?.save(cell.id, answer.checkpoint);
          return undefined;
        }
        const ending = answer.kind === "result" ? { result: answer.result } : { error: answer.error };
        return recordOf(cell, by, data, ending, answer.effort);
      } catch (error) {
        if (error instanceof LabError) throw error;
        // The thread itself has ended, for want of memory for example.
        return recordOf(cell, by, data, { error }, lostEffort(started));
      } finally {
        port1.close();
      }
    },
  };
}

/** Of work whose thread or worker was lost. */
export function lostEffort(started: string): Effort {
  const finished = new Date();
  return {
    started,
    finished: finished.toISOString(),
    wallSeconds: (finished.getTime() - Date.parse(started)) / 1000,
    cpuSeconds: null,
    trainingSeconds: null,
    resumedAt: null,
  };
}
