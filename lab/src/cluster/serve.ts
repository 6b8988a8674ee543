import { existsSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, join } from "node:path";
import { DelayedError, type Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { LabError } from "../errors.js";
import { prepareFolder, writeAtomically } from "../files.js";
import type { Cell, ManifestData } from "../sweep/manifest.js";
import { createPool, type PoolOptions } from "../sweep/pool.js";
import type { CellRecord } from "../sweep/record.js";
import type { Checkpoints } from "../sweep/store.js";
import {
  type CellJob,
  checkpointKey,
  connect,
  dataKey,
  disconnect,
  PREFIX,
  queueName,
  withinSeconds,
} from "./redis.js";

export interface ServeOptions extends PoolOptions {
  /** Seconds after which a worker that shows no sign of life has lost its cell. */
  readonly lockSeconds: number;
  /** Seconds without work after which to leave; never when absent. */
  readonly idleSeconds?: number | undefined;
}

/** Heard by whoever shows what a worker does. */
export interface ServeListener {
  report(text: string): void;
  onCell(record: CellRecord): void;
}

/** A cell may lose so many workers before it counts as failed: it may be what kills them. */
const MOST_LOSSES = 10;
/** Seconds that a checkpoint is kept for whoever goes on from it. */
const KEPT = 30 * 24 * 3600;
/** Seconds for the last cells to be measured and handed over. */
const LEAVING = 60;
/** Milliseconds before a cell that a leaving worker gives back is taken up by another. */
const GIVEN_BACK = 50;

/**
 * Computes cells from a queue until `signal` is aborted. Numeric work is left to threads, so that this one can
 * renew the locks of its cells. A worker that dies loses nothing: its cells go on elsewhere, from their checkpoints.
 * @throws LabError "file" when there is no server
 */
export async function serve(
  url: string,
  engine: string,
  options: ServeOptions,
  listener: ServeListener,
  signal: AbortSignal,
): Promise<void> {
  const connection = await connect(url, listener.report);
  // Closed by us: the library leaves a connection that it was given open.
  const ofWorker = connection.duplicate();
  const pool = createPool(options);
  const checkpoints = checkpointsIn(connection);
  let busy = 0;
  let idleSince = performance.now();

  const compute = async (job: Job<CellJob>, token?: string): Promise<string> => {
    busy++;
    try {
      const cell = job.data.cell as Cell;
      const data = await locally(connection, job.data.data as ManifestData);
      const record = await pool.compute(cell, engine, data, checkpoints);
      if (record === undefined) return await giveBack(job, token, GIVEN_BACK);
      listener.onCell(record);
      return JSON.stringify(record);
    } catch (error) {
      // Not the cell's fault: another worker may have what this one lacks.
      if (!(error instanceof LabError) || job.attemptsStarted > MOST_LOSSES) throw error;
      listener.report(`cannot compute ${job.id}: ${error.message}; left to another worker\n`);
      return await giveBack(job, token, 1000);
    } finally {
      busy--;
      idleSince = performance.now();
    }
  };
  const worker = new Worker<CellJob, string>(queueName(engine), compute, {
    connection: ofWorker,
    prefix: PREFIX,
    concurrency: options.workers,
    lockDuration: 1000 * options.lockSeconds,
    lockRenewTime: 250 * options.lockSeconds,
    stalledInterval: 500 * options.lockSeconds,
    maxStalledCount: MOST_LOSSES,
  });
  worker.on("error", () => {});
  worker.on("completed", ({ id }) => void checkpoints.remove(id as string).catch(() => {}));

  await new Promise<void>((resolve) => {
    const idle = setInterval(() => {
      const limit = options.idleSeconds;
      if (limit === undefined || busy > 0 || performance.now() - idleSince < 1000 * limit) return;
      leave();
    }, 200);
    const leave = () => {
      clearInterval(idle);
      resolve();
    };
    signal.addEventListener("abort", leave);
    if (signal.aborted) leave();
  });
  pool.stop();
  await withinSeconds(LEAVING, () => worker.close());
  await pool.close();
  disconnect(ofWorker);
  disconnect(connection);
}

/** Puts a cell back into the queue. @returns never */
async function giveBack(job: Job<CellJob>, token: string | undefined, milliseconds: number): Promise<never> {
  await job.moveToDelayed(Date.now() + milliseconds, token);
  throw new DelayedError();
}

function checkpointsIn(connection: Redis): Checkpoints {
  return {
    load: async (id) => (await connection.getBuffer(checkpointKey(id))) ?? undefined,
    save: async (id, bytes) => void (await connection.set(checkpointKey(id), Buffer.from(bytes), "EX", KEPT)),
    remove: async (id) => void (await connection.del(checkpointKey(id))),
  };
}

/** Data whose files this process has fetched. */
const fetched = new Set<string>();

/** The same data where this machine can read it: a user's files come with the queue. */
async function locally(connection: Redis, data: ManifestData): Promise<ManifestData> {
  const { source, sha256 } = data;
  if (source.path === undefined) return data;
  const folder = join(tmpdir(), `flatward-data-${userInfo().uid}`, sha256);
  if (!fetched.has(sha256)) {
    const files = Object.entries(await connection.hgetallBuffer(dataKey(sha256)));
    if (files.length === 0) return data;
    prepareFolder(folder);
    for (const [name, bytes] of files) writeAtomically(join(folder, basename(name)), bytes);
    fetched.add(sha256);
  }
  // A file by its name; a folder of files by where they are now.
  const file = join(folder, basename(source.path));
  return { ...data, source: { ...source, path: existsSync(file) ? file : folder } };
}
