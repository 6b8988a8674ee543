import { setTimeout as sleep } from "node:timers/promises";
import { Queue, QueueEvents } from "bullmq";
import { printable } from "../printable.js";
import type { Executor } from "../sweep/executor.js";
import type { Cell, ManifestData } from "../sweep/manifest.js";
import { lostEffort } from "../sweep/pool.js";
import { type CellRecord, parseRecord, recordOf } from "../sweep/record.js";
import type { CellJob } from "./job.js";
import { publisher } from "./published.js";
import { connect, disconnect, masked, PREFIX, queueName, withinSeconds } from "./redis.js";

/** Cells in the queue at once: more than all workers together compute. */
const WINDOW = 1000;
/** Seconds for which a finished cell stays in the queue. */
const KEPT = 7 * 24 * 3600;
/** Milliseconds without a worker after which a notice says how to start one. */
const PATIENCE = 1500;
/** Milliseconds between two checks of cells without an event. */
const LOOK_AGAIN = 3000;
/** Milliseconds before listening again after a malformed event. */
const RECOVERY = 100;
/** Answers that are no record of a cell before it counts as failed. */
const MAX_UNUSABLE = 3;

interface Asked {
  readonly cell: Cell;
  readonly data: ManifestData;
  readonly since: number;
  resolve(record: CellRecord | undefined): void;
  failed(reason: string): CellRecord;
  /** Answers that were no record of it. */
  unusable: number;
  /** Whether a check of it is running. */
  asking: boolean;
  /** Whether this process has put it into the queue. */
  put: boolean;
}

/**
 * Leaves cells to workers behind a Redis server. A cell that two sweeps ask for is computed once; one that was finished
 * while nobody listened is found when it is requested again; one that the server has forgotten, or that another sweep
 * took out of the queue, is put there again. An answer that is no record of its cell is not taken, and is asked for again a
 * few times.
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
  const events = new QueueEvents(queueName(engine), {
    connection: ofEvents,
    prefix: PREFIX,
    autorun: false,
  });
  // Lost connections are reported once, by the first of them.
  queue.on("error", () => {});
  events.on("error", () => {});
  await events.waitUntilReady();

  const filesFor = publisher(connection, report);
  const asked = new Map<string, Asked>();
  let stopped = false;
  let closed = false;
  let unusable = 0;
  const take = (id: string): Asked | undefined => {
    const one = asked.get(id);
    asked.delete(id);
    return one;
  };
  /** A finished job's answer; false when it is no record of the cell. */
  const settle = (id: string, text: unknown): boolean => {
    const record = typeof text === "string" ? parseRecord(text, id) : undefined;
    if (record) take(id)?.resolve(record);
    return record !== undefined;
  };
  const fail = (id: string, reason: unknown): void => {
    const one = take(id);
    one?.resolve(one.failed(printable(String(reason))));
  };
  /** Counts what the queue has in the place of an answer. */
  const disbelieve = (id: string, one: Asked, what: string): void => {
    unusable++;
    if (unusable === 1)
      report(
        `an answer from the queue is no record of its cell: ${printable(what)}; a cell is asked for ${MAX_UNUSABLE} times\n`,
      );
    if (++one.unusable >= MAX_UNUSABLE)
      fail(id, `${MAX_UNUSABLE} answers from the queue were no records of this cell`);
  };

  /** Makes sure that a cell is in the queue once, or done there already. */
  const bring = async (id: string, one: Asked): Promise<void> => {
    const key = queue.toKey(id);
    const state = await queue.getJobState(id);
    if (state === "completed") {
      const [answer, there] = await Promise.all([
        connection.hget(key, "returnvalue"),
        connection.exists(key),
      ]);
      if (settle(id, parsed(answer))) return;
      if (there) disbelieve(id, one, answer ?? "nothing");
    } else if (state === "failed") {
      if (one.put) fail(id, parsed(await connection.hget(key, "failedReason")));
    } else if (state !== "unknown") return;
    if (asked.get(id) !== one) return;
    // Also a job that is in no list: it would never be computed.
    await queue.remove(id);
    const { cell, data } = one;
    const job: CellJob = { cell, data, files: [...(await filesFor(data))] };
    one.put = true;
    await queue.add("cell", job, {
      jobId: id,
      removeOnComplete: { age: KEPT },
      removeOnFail: { age: KEPT },
    });
  };
  const ask = async (id: string, one: Asked): Promise<void> => {
    if (one.asking) return;
    one.asking = true;
    try {
      await bring(id, one);
    } catch (error) {
      // The server refuses what is no job of the queue.
      const { name, message } = error as Error;
      if (name !== "ReplyError") throw error;
      disbelieve(id, one, message);
    } finally {
      one.asking = false;
    }
  };

  events.on("completed", ({ jobId: id, returnvalue }) => {
    const one = asked.get(id);
    // What fails here and below is tried again at the next check.
    if (one && !settle(id, returnvalue)) ask(id, one).catch(() => {});
  });
  events.on("failed", ({ jobId, failedReason }) => fail(jobId, failedReason));
  const listen = async (): Promise<void> => {
    // Ends at a malformed event, and starts again; the next check finds what was missed.
    while (!closed) await events.run().catch(() => sleep(RECOVERY));
  };
  void listen();
  const lookAgain = setInterval(() => {
    if (connection.status !== "ready") return;
    for (const [id, one] of asked)
      if (performance.now() - one.since > LOOK_AGAIN) ask(id, one).catch(() => {});
  }, LOOK_AGAIN);
  const patience = setTimeout(async () => {
    const workers = await queue.getWorkersCount().catch(() => 1);
    if (workers === 0)
      report(
        `waiting for workers of flatward ${engine}; on any machine: npx flatward worker --redis ${masked(url)}\n`,
      );
  }, PATIENCE);

  return {
    concurrency: WINDOW,
    compute(cell: Cell, by: string, data: ManifestData) {
      const { id } = cell;
      const started = new Date().toISOString();
      return new Promise<CellRecord | undefined>((resolve, reject) => {
        if (stopped) return resolve(undefined);
        const failed = (reason: string) =>
          recordOf(cell, by, data, { error: { name: "NotComputed", message: reason } }, lostEffort(started));
        const since = performance.now();
        const one = { cell, data, since, resolve, failed, unusable: 0, asking: false, put: false };
        asked.set(id, one);
        ask(id, one).catch(reject);
      });
    },
    async forget(id) {
      // What stays in the queue does no harm.
      await queue.remove(id).catch(() => {});
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
      closed = true;
      clearTimeout(patience);
      clearInterval(lookAgain);
      if (unusable > 1)
        report(
          `${unusable} answers from the queue were no records of their cells; see who else writes to it\n`,
        );
      await withinSeconds(3, () => Promise.all([events.close(), queue.close()]));
      disconnect(ofEvents);
      disconnect(connection);
    },
  };
}

/** What a finished job has as JSON. */
function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return text;
  }
}
