import { readFileSync } from "node:fs";
import { chooseBackend } from "../backend.js";
import { LabError } from "../errors.js";
import { networkFor } from "../experiment/network/make.js";
import { hashOfBits } from "../experiment/provenance.js";
import { runTraining } from "../experiment/run.js";
import { checkpointBytes, readCheckpoint, type Saved } from "./checkpoint.js";
import { loadManifestData } from "./manifest.js";
import { type Answer, type Task, UNUSABLE } from "./pool.js";
import type { Effort } from "./record.js";

/** Computes one cell: the task of every thread of the pool. */
export default function compute({ cell, data, checkpoint, checkpointSeconds, port, shared }: Task): Answer {
  const { id, config } = cell;
  let from: Saved | undefined;
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
    chooseBackend();
    const dataset = loadManifestData(data);
    if (checkpoint !== undefined) {
      from = readCheckpoint(checkpoint, id, config, networkFor(dataset, config.network).size);
      if (from === undefined) port.postMessage(UNUSABLE);
    }
    const timed = runTraining(dataset, config, {
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
        const effort = { wallSeconds: wallSeconds(), cpuSeconds: cpuSeconds() };
        const bytes = checkpointBytes({ cell: id, ...reached, ...effort });
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
