import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds between two reports of progress. */
const PROGRESS_INTERVAL = 150;
/** Milliseconds between two looks at what another process runs. */
const LOOK_AGAIN = 400;

export interface Work {
  /** What is to be done, by number. */
  readonly todo: readonly number[];
  /** How many at once. */
  readonly concurrency: number;
  /** Does one of them; false when another process does it, and it is to be looked at again. */
  run(index: number): Promise<boolean>;
  /** Ends those that are running, after a failure or at the signal. */
  stop(): void;
  /** Called several times a second. */
  onProgress(): void;
  readonly signal: AbortSignal;
}

/**
 * Runs what is to be done, `concurrency` at once, until nothing is left, one fails, or the signal is aborted.
 * @throws what the first that failed has thrown, once all have ended
 */
export async function runConcurrently({
  concurrency,
  run,
  stop,
  onProgress,
  signal,
  ...work
}: Work): Promise<void> {
  const todo = [...work.todo];
  const waiting: number[] = [];
  const failures: unknown[] = [];
  const over = () => signal.aborted || failures.length > 0;
  const worker = async (): Promise<void> => {
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
  const timer = setInterval(onProgress, PROGRESS_INTERVAL);
  signal.addEventListener("abort", stop);
  try {
    while (todo.length > 0 && !over()) {
      await Promise.all(Array.from({ length: Math.min(concurrency, todo.length) }, worker));
      // Another process runs these now: it finishes them, or its claim expires.
      todo.push(...waiting.splice(0));
      if (todo.length > 0 && !over()) await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => {});
    }
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", stop);
  }
  if (failures.length > 0) throw failures[0];
}
