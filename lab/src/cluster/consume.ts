import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Job, Queue, QueueEvents } from "bullmq";
import { filesOf } from "../data/sources.js";
import type { Executor } from "../sweep/executor.js";
import type { Cell, ManifestData } from "../sweep/manifest.js";
import { lostEffort } from "../sweep/pool.js";
import { type CellRecord, parseRecord, recordOf } from "../sweep/record.js";
import {
  type CellJob,
  connect,
  dataKey,
  disconnect,
  masked,
  PREFIX,
  queueName,
  withinSeconds,
} from "./redis.js";

/** Cells in the queue at once: more than all workers together compute. */
const WINDOW = 1000;
/** Seconds that a finished cell waits in the queue for whoever asked for it. */
const KEPT = 7 * 24 * 3600;
/** Milliseconds after which somebody without workers is told how to start one. */
const PATIENCE = 1500;
/** Milliseconds between two looks at cells of which nothing was heard. */
const LOOK_AGAIN = 3000;

interface Asked {
  readonly cell: Cell;
  readonly data: ManifestData;
  readonly since: number;
  resolve(record: CellRecord | undefined): void;
  reject(error: unknown): void;
  failed(reason: string): CellRecord;
}

/**
 * Leaves cells to workers behind a Redis server. A cell that two sweeps ask for is computed once; one that was finished
 * while nobody listened is there when it is asked for again; one that the server has forgotten, or that another sweep
 * took out of the queue, is put there again.
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
  const queue = new Queue<CellJob, string>(queueName(engine), { connection, prefix: PREFIX });
  const events = new QueueEvents(queueName(engine), { connection: ofEvents, prefix: PREFIX });
  // Lost connections are reported once, by the first of them.
  queue.on("error", () => {});
  events.on("error", () => {});
  await events.waitUntilReady();

  const asked = new Map<string, Asked>();
  let stopped = false;
  const take = (id: string): Asked | undefined => {
    const one = asked.get(id);
    asked.delete(id);
    return one;
  };
  /** A finished job's answer; false when it holds none that is intact. */
  const settle = (id: string, text: unknown): boolean => {
    const record = typeof text === "string" ? parseRecord(text, id) : undefined;
    if (record) take(id)?.resolve(record);
    return record !== undefined;
  };
  const fail = (id: string, reason: string): void => {
    const one = take(id);
    one?.resolve(one.failed(reason));
  };
  events.on("completed", ({ jobId, returnvalue }) => void settle(jobId, returnvalue));
  events.on("failed", ({ jobId, failedReason }) => fail(jobId, failedReason));

  /** Brings a cell to where its answer will be heard of: at most once in the queue, or done there already. */
  const ask = async (id: string, { cell, data }: Asked): Promise<void> => {
    const job: Job<CellJob, string> | undefined = await queue.getJob(id);
    const state = await job?.getState();
    if (job && state === "completed") {
      // It may have been completed between the two looks.
      const finished = await queue.getJob(id);
      if (finished === undefined || settle(id, finished.returnvalue)) return;
    }
    if (job && (state === "failed" || state === "completed")) await job.remove();
    if (job && !["failed", "completed", "unknown"].includes(state ?? "")) return;
    await queue.add(
      "cell",
      { cell, data },
      { jobId: id, removeOnComplete: { age: KEPT }, removeOnFail: { age: KEPT } },
    );
  };
  const lookAgain = setInterval(() => {
    if (connection.status !== "ready") return;
    for (const [id, one] of asked) {
      if (performance.now() - one.since < LOOK_AGAIN) continue;
      // What fails here is tried at the next look.
      ask(id, one).catch(() => {});
    }
  }, LOOK_AGAIN);

  const published = new Set<string>();
  const publish = async ({ source, sha256 }: ManifestData): Promise<void> => {
    const files = filesOf(source);
    if (files.length === 0 || published.has(sha256)) return;
    const key = dataKey(sha256);
    await connection.hset(key, new Map(files.map((path) => [basename(path), readFileSync(path)])));
    await connection.expire(key, KEPT);
    published.add(sha256);
  };

  const patience = setTimeout(async () => {
    const workers = await queue.getWorkersCount().catch(() => 1);
    if (workers === 0)
      report(
        `waiting for workers of flatward ${engine}; on any machine: npx flatward worker --redis ${masked(url)}\n`,
      );
  }, PATIENCE);

  return {
    lanes: WINDOW,
    compute(cell: Cell, by: string, data: ManifestData) {
      const { id } = cell;
      const started = new Date().toISOString();
      return new Promise<CellRecord | undefined>((resolve, reject) => {
        if (stopped) return resolve(undefined);
        const failed = (reason: string) =>
          recordOf(cell, by, data, { error: { name: "NotComputed", message: reason } }, lostEffort(started));
        const one: Asked = { cell, data, since: performance.now(), resolve, reject, failed };
        asked.set(id, one);
        publish(data)
          .then(() => ask(id, one))
          .catch(reject);
      });
    },
    async forget(id) {
      await queue.remove(id);
    },
    stop() {
      stopped = true;
      const left = [...asked];
      asked.clear();
      for (const [id, { resolve }] of left) {
        // Refused for those that are being computed; their results wait in the queue.
        queue.remove(id).catch(() => {});
        resolve(undefined);
      }
    },
    async close() {
      clearTimeout(patience);
      clearInterval(lookAgain);
      await withinSeconds(3, () => Promise.all([events.close(), queue.close()]));
      disconnect(ofEvents);
      disconnect(connection);
    },
  };
}
