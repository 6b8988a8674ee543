import { readFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { LabError } from "../errors.js";
import { hashOfBits } from "../experiment/provenance.js";
import { runTraining } from "../experiment/run.js";
import type { Checkpoint } from "../experiment/train.js";
import { seal, unseal } from "../sealed.js";
import { datasetOf } from "./loaded.js";
import type { Answer, Task } from "./pool.js";
import type { Effort } from "./record.js";

/** What a checkpoint's bytes hold. */
interface Saved extends Checkpoint {
  readonly wallSeconds: number;
  readonly cpuSeconds: number | null;
}

/** Computes one cell: the task of every thread of the pool. */
export default function compute({ config, data, checkpoint, checkpointSeconds, port, shared }: Task): Answer {
  const from = checkpoint && restore(checkpoint);
  const started = new Date().toISOString();
  const wall = performance.now();
  const cpu = threadCpuSeconds();
  const wallSeconds = () => (from?.wallSeconds ?? 0) + (performance.now() - wall) / 1000;
  const cpuSeconds = () => {
    const now = threadCpuSeconds();
    return now === null || cpu === null ? null : (from?.cpuSeconds ?? 0) + now - cpu;
  };
  const effort = (trainingSeconds: number | null): Effort => ({
    started,
    finished: new Date().toISOString(),
    wallSeconds: wallSeconds(),
    cpuSeconds: cpuSeconds(),
    trainingSeconds,
    resumedAt: from?.steps ?? null,
  });

  let lastCheckpoint = performance.now();
  let stopped: Uint8Array | undefined;
  try {
    const timed = runTraining(datasetOf(data), config, {
      hashOfBits,
      ...(from ? { from } : {}),
      afterStep() {
        Atomics.add(shared, 1, 1);
        if (Atomics.load(shared, 0) === 1) return "stop";
        if (performance.now() - lastCheckpoint < 1000 * checkpointSeconds) return "go on";
        lastCheckpoint = performance.now();
        return "checkpoint";
      },
      onCheckpoint(reached) {
        const saved: Saved = { ...reached, wallSeconds: wallSeconds(), cpuSeconds: cpuSeconds() };
        const bytes = seal(serialize(saved));
        if (Atomics.load(shared, 0) === 1) stopped = bytes;
        else port.postMessage(bytes);
      },
    });
    if (timed) return { kind: "result", result: timed.result, effort: effort(timed.milliseconds / 1000) };
    return { kind: "stopped", checkpoint: stopped as Uint8Array };
  } catch (error) {
    if (error instanceof LabError) return { kind: "refused", code: error.code, message: error.message };
    return { kind: "failed", error: plain(error), effort: effort(null) };
  } finally {
    port.close();
  }
}

/** A checkpoint that was damaged is as good as none. */
function restore(sealed: Uint8Array): Saved | undefined {
  const bytes = unseal(sealed);
  return bytes && deserialize(bytes);
}

/** An error's fields survive the way between threads only as plain data. */
function plain(error: unknown): unknown {
  const { name, code, message, stack } = error as Error & { code?: unknown };
  return { name, code, message, stack };
}

/** CPU time of this thread, where Linux tells it. */
function threadCpuSeconds(): number | null {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e9;
  } catch {
    return null;
  }
}
