import { ArgumentError, FlatwardError, requireInteger } from "../errors.js";
import { shareSlabs } from "../hessian/slab-threads.js";
import { sharePairs } from "../hsr/contraction/pair-threads.js";
import { shareReduction } from "../linalg/dense/band/tridiagonalize-by-band.js";
import { backend } from "../tensor/backend.js";
import { sharePanels } from "../tensor/product.js";
import { CONTROL_LENGTH } from "./job.js";
import { cores, hasWorkers, startWorker, type Thread } from "./platform.js";
import {
  type SharedMemory,
  sharedArena,
  sharedKernel,
  sharedMemory,
  sharedWorkspace,
} from "./shared-memory.js";
import { sharedPairs } from "./shared-pairs.js";
import { sharedPanels } from "./shared-panels.js";
import { sharedReduction } from "./shared-reduction.js";
import { sharedSlabs } from "./shared-slabs.js";
import type { Shared } from "./worker.js";

/** Threads that do large work together. */
export interface Threads {
  /** How many, this one included. */
  readonly count: number;
  /** Ends them: from now on this thread computes alone. They may be started again. */
  stop(): void;
}

/** Threads at most. */
const MOST = 128;

/** Whether threads are running, or about to. */
let started = false;

/**
 * Has large work of this thread done by several, to the same bits: the closed form's Hessians, moments and gradients of the bound,
 * products of matrices and convolutions, and the eigenvalues of large matrices. Threads need WebAssembly, workers and shared
 * memory; browsers share memory in pages that are isolated from other origins. They do not keep a program of Node's alive.
 * @param count of all threads, this one included, from 1 to 128; by default as many as the machine has cores
 * @throws ArgumentError, as the promise's rejection, for another count, where threads run already, and where the platform lacks
 * what they need
 * @example
 * import { startThreads } from "flatward/threads";
 * import { matmul, zeros } from "flatward/tensor";
 *
 * const threads = await startThreads(2);
 * matmul(zeros([512, 512]), zeros([512, 512]));
 * console.log(threads.count); // → 2
 * threads.stop();
 */
export async function startThreads(count?: number | undefined): Promise<Threads> {
  try {
    return await start(count ?? Math.min(cores(), MOST));
  } catch (error) {
    if (error instanceof FlatwardError) error.leaveFunction("startThreads");
    throw error;
  }
}

async function start(count: number): Promise<Threads> {
  if (requireInteger("count", count, 1) > MOST)
    throw new ArgumentError({ expected: `count to be an integer ≤ ${MOST}`, got: String(count) });
  if (started)
    throw new ArgumentError({
      expected: "no threads to run yet",
      got: "threads that were started before",
      next: "call stop() of what startThreads gave",
    });
  const memory = requireSharing(count);
  const kernel = sharedKernel(memory);
  if (kernel === undefined) throw missing("WebAssembly with threads");
  const workspace = sharedWorkspace();
  const arena = sharedArena(workspace);
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_LENGTH));
  const shared = { memory, workspace: arena && workspace, control, count };
  started = true;
  const begun = await Promise.allSettled(
    Array.from({ length: count - 1 }, (_, i) => startWorker({ ...shared, owner: i + 1 } satisfies Shared)),
  );
  const threads = begun.flatMap((worker) => (worker.status === "fulfilled" ? [worker.value] : []));
  if (threads.length < begun.length || !threads.every(({ answer }) => answer === true)) {
    end(threads);
    const failed = begun.find((worker) => worker.status === "rejected");
    throw new ArgumentError({
      expected: "workers to run flatward's threads/worker.js",
      got: failed === undefined ? "workers without WebAssembly" : String(failed.reason),
      next: "a bundle must have that file beside itself, and a page's policy must allow it",
    });
  }
  sharePanels(sharedPanels(memory, kernel, control));
  shareReduction(arena && sharedReduction(arena, control, count));
  // Alone, copies would only cost.
  if (arena && count > 1) {
    sharePairs(sharedPairs(arena.data.buffer, control));
    shareSlabs(sharedSlabs(arena.data.buffer, control));
  }
  let stopped = false;
  return {
    count,
    stop() {
      if (stopped) return;
      stopped = true;
      sharePanels(undefined);
      shareReduction(undefined);
      sharePairs(undefined);
      shareSlabs(undefined);
      end(threads);
    },
  };
}

function end(threads: readonly Thread[]): void {
  for (const thread of threads) thread.end();
  started = false;
}

/** @throws ArgumentError where the platform cannot share work */
function requireSharing(count: number): SharedMemory {
  if (backend() === "plain") throw missing("the backend wasm", 'useBackend("wasm") says why it is missing');
  const memory = sharedMemory(count);
  if (memory === undefined)
    throw missing(
      "memory that threads may share",
      "serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
    );
  if (!hasWorkers())
    throw missing("workers", "Node has them from 20.16 or 22.3 on, by process.getBuiltinModule");
  return memory;
}

const missing = (expected: string, next?: string): ArgumentError =>
  new ArgumentError({ expected, got: "a platform without", ...(next ? { next } : {}) });
