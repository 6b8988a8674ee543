import { LabError } from "../../errors.js";
import { runConcurrently } from "../../sweep/concurrency.js";
import { openThreads } from "../../sweep/threads.js";
import { chunksOf, type SliceProblem } from "./problem.js";
import type { SliceStore, SliceValues } from "./store.js";
import type { ChunkAnswer, ChunkTask } from "./worker.js";

/** Called to show progress, in evaluations of a function at a point. */
export interface SliceListener {
  /** @param damaged files of rows that do not fit, and are computed again */
  onStart(all: number, done: number, damaged: readonly string[]): void;
  /** Several times a second. */
  onPoints(done: number): void;
  onEnd(): void;
}

export interface SliceOutcome {
  /** Over the whole grid, row by row; nothing when it was stopped before all was done. */
  readonly values: SliceValues | undefined;
  /** Chunks that were done before, and in this call. */
  readonly found: number;
  readonly computed: number;
}

interface ChunkWork {
  readonly todo: readonly number[];
  /** Evaluations that were done before. */
  readonly done: number;
  readonly workers: number;
  readonly listener: SliceListener;
  readonly signal: AbortSignal;
}

/**
 * Computes the chunks of a slice that are not done, on threads, and writes each as it comes.
 * @throws LabError when one cannot be written, or data cannot be read: what is done stays done
 */
export async function computeSlice(
  problem: SliceProblem,
  store: SliceStore,
  workers: number,
  listener: SliceListener,
  signal: AbortSignal,
): Promise<SliceOutcome> {
  store.prepare();
  const { functions } = problem;
  const chunks = chunksOf(problem.axes);
  const pointsOf = (i: number) => chunks[i].reduce((size, axis) => size * axis.length, 1);
  const sizeOf = (i: number) => functions.length * pointsOf(i);
  const values = chunks.map((_, i) => store.chunk(i, functions, pointsOf(i)));
  const todo = [...chunks.keys()].filter((i) => values[i] === undefined);
  const found = chunks.length - todo.length;
  if (todo.length > 0) {
    const all = [...chunks.keys()].reduce((sum, i) => sum + sizeOf(i), 0);
    const left = todo.reduce((sum, i) => sum + sizeOf(i), 0);
    const done = all - left;
    listener.onStart(all, done, store.damaged());
    await computeChunks(problem, { todo, done, workers, listener, signal }, (i, chunk) => {
      store.write(i, chunk);
      values[i] = chunk;
    });
  }
  const computed = values.filter((chunk) => chunk !== undefined).length - found;
  const complete = values.every((chunk) => chunk !== undefined);
  return { values: complete ? joined(functions, values) : undefined, found, computed };
}

async function computeChunks(
  problem: SliceProblem,
  { todo, done, workers, listener, signal }: ChunkWork,
  keep: (index: number, values: SliceValues) => void,
): Promise<void> {
  const chunks = chunksOf(problem.axes);
  const count = Math.min(workers, todo.length);
  const { threads, shared, takeCount, stop, close } = openThreads(
    new URL("./worker.js", import.meta.url),
    count,
  );
  let points = done;
  try {
    await runConcurrently({
      todo,
      // One more than there are threads waits, so that none is idle.
      concurrency: count + 1,
      async run(index) {
        const task: ChunkTask = { problem, axes: chunks[index], shared };
        const answer: ChunkAnswer = await threads.run(task);
        if (answer.kind === "refused") throw new LabError(answer.code, answer.message);
        if (answer.kind === "values") keep(index, answer.values);
        return true;
      },
      stop,
      onProgress() {
        points += takeCount();
        listener.onPoints(points);
      },
      signal,
    });
  } finally {
    listener.onEnd();
    await close();
  }
}

/** The chunks' values one after the other. */
function joined(
  functions: SliceProblem["functions"],
  chunks: readonly (SliceValues | undefined)[],
): SliceValues {
  return Object.fromEntries(functions.map((id) => [id, chunks.flatMap((chunk) => chunk?.[id] ?? [])]));
}
