import { readFileSync } from "node:fs";
import { type Job, Queue, QueueEvents } from "bullmq";
import { LabError } from "../errors.js";
import type { Cell, ManifestData } from "../sweep/manifest.js";
import { lostEffort } from "../sweep/pool.js";
import { type CellRecord, parseRecord, recordOf } from "../sweep/record.js";
import type { Executor } from "../sweep/sweep.js";
import { type CellJob, connect, dataKey, disconnect, PREFIX, queueName } from "./redis.js";

/** Cells in the queue at once: more than all workers together compute. */
const WINDOW = 1000;
/** Seconds that a finished cell waits in the queue for whoever asked for it. */
const KEPT = 7 * 24 * 3600;
/** Milliseconds after which somebody without workers is told how to start one. */
const PATIENCE = 1500;

interface Waiting {
  resolve(record: CellRecord | undefined): void;
  reject(error: unknown): void;
  failed(reason: string): CellRecord;
}

/**
 * Leaves cells to workers behind a Redis server. A cell that two sweeps ask for is computed once; one that was finished
 * while nobody listened is there when it is asked for again.
 * @throws LabError "file" when there is no server
 */
export async function queueExecutor(
  url: string,
  engine: string,
  report: (text: string) => void,
): Promise<Executor> {
  const connection = await connect(url, report);
  // Closed by us: the library leaves a connection that it was given open.
  const ofEvents = connection.duplicate();
  const queue = new Queue<CellJob>(queueName(engine), { connection, prefix: PREFIX });
  const events = new QueueEvents(queueName(engine), { connection: ofEvents, prefix: PREFIX });
  // Lost connections are reported once, by the first of them.
  queue.on("error", () => {});
  events.on("error", () => {});
  await events.waitUntilReady();

  const waiting = new Map<string, Waiting>();
  const settle = (id: string, text: unknown): void => {
    const record = typeof text === "string" ? parseRecord(text, id) : undefined;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (record) asked?.resolve(record);
    else asked?.reject(new LabError("data", `the queue gave no intact record of cell ${id}`));
  };
  const fail = (id: string, reason: string): void => {
    const asked = waiting.get(id);
    waiting.delete(id);
    asked?.resolve(asked.failed(reason));
  };
  events.on("completed", ({ jobId, returnvalue }) => settle(jobId, returnvalue));
  events.on("failed", ({ jobId, failedReason }) => fail(jobId, failedReason));

  const published = new Set<string>();
  const publish = async ({ source, sha256 }: ManifestData): Promise<void> => {
    if (source.path === undefined || published.has(sha256)) return;
    published.add(sha256);
    await connection.set(dataKey(sha256), readFileSync(source.path), "EX", KEPT);
  };

  const patience = setTimeout(async () => {
    const workers = await queue.getWorkersCount().catch(() => 1);
    if (workers === 0)
      report(
        `waiting for workers of flatward ${engine}; on any machine: npx flatward worker --redis ${url}\n`,
      );
  }, PATIENCE);

  return {
    lanes: WINDOW,
    async compute(cell: Cell, by: string, data: ManifestData) {
      await publish(data);
      const { id } = cell;
      const started = new Date().toISOString();
      const answer = new Promise<CellRecord | undefined>((resolve, reject) => {
        const failed = (reason: string) =>
          recordOf(cell, by, data, { error: { name: "WorkerLost", message: reason } }, lostEffort(started));
        waiting.set(id, { resolve, reject, failed });
      });
      const before: Job<CellJob, string> | undefined = await queue.getJob(id);
      const state = await before?.getState();
      if (before && state === "completed") settle(id, before.returnvalue);
      else {
        if (before && state === "failed") await before.remove();
        await queue.add(
          "cell",
          { cell, data },
          { jobId: id, removeOnComplete: { age: KEPT }, removeOnFail: { age: KEPT } },
        );
      }
      return answer;
    },
    async forget(id) {
      await queue.remove(id);
    },
    stop() {
      const left = [...waiting];
      waiting.clear();
      for (const [id, { resolve }] of left) {
        // Refused for those that are being computed; their results wait in the queue.
        queue.remove(id).catch(() => {});
        resolve(undefined);
      }
    },
    async close() {
      clearTimeout(patience);
      await events.close();
      await queue.close();
      disconnect(ofEvents);
      disconnect(connection);
    },
  };
}
