import { Tinypool } from "tinypool";

const STOP = 0;
const COUNT = 1;

/** Threads that all run one task, can be stopped, and count what they have done. */
export interface Threads {
  readonly threads: Tinypool;
  /** [1 when all shall stop, what they have counted since it was last looked at], for the tasks. */
  readonly shared: Int32Array;
  /** What they have counted since the last call. */
  takeCount(): number;
  stop(): void;
  close(): Promise<void>;
}

/** @param task a module whose default export computes it */
export function openThreads(task: URL, count: number): Threads {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const threads = new Tinypool({ filename: task.href, minThreads: count, maxThreads: count });
  return {
    threads,
    shared,
    takeCount: () => Atomics.exchange(shared, COUNT, 0),
    stop: () => void Atomics.store(shared, STOP, 1),
    close: () => threads.destroy(),
  };
}
