import { DelayedError, type Job, UnrecoverableError, Worker } from "bullmq";
import { LabError } from "../errors.js";
import { printable } from "../printable.js";
import { createPool, type PoolOptions } from "../sweep/pool.js";
import type { CellRecord } from "../sweep/record.js";
import { checkpointsIn } from "./checkpoints.js";
import { createCopies, type Lease } from "./copies.js";
import { type CellJob, parseJob } from "./job.js";
import { insideFolder, realPath } from "./local-files.js";
import { connect, disconnect, PREFIX, queueName, withinSeconds } from "./redis.js";
import { Refusal } from "./refusal.js";

export interface ServeOptions extends PoolOptions {
  /** Seconds without a renewed lock after which a worker has lost its cell. */
  readonly lockSeconds: number;
  /** Seconds without work after which to leave; never when absent. */
  readonly idleSeconds?: number | undefined;
  /** The only folder whose files a job may name; none when absent. */
  readonly dataRoot?: string | undefined;
}

/** Called to show what a worker does. */
export interface ServeListener {
  report(text: string): void;
  onCell(record: CellRecord): void;
}

/** Lost workers after which a cell counts as failed: it may be what kills them. */
const MAX_LOSSES = 10;
/** Seconds for the last cells to be measured and handed over. */
const LEAVING = 60;
/** Milliseconds before a cell that a leaving worker gives back is taken up by another. */
const GIVEN_BACK = 50;

/**
 * Computes cells from a queue until `signal` is aborted. Numeric work is left to threads, so that this one can
 * renew the locks of its cells. A worker that dies loses nothing: its cells go on elsewhere, from their checkpoints.
 * Whoever can write to the queue decides what is computed, and nothing else: a job is parsed before anything is done, its
 * files are copies that only this process sees, and no reply has a line of a file of this machine.
 * @throws LabError "file" when there is no server, or no folder for copies
 */
export async function serve(
  url: string,
  engine: string,
  options: ServeOptions,
  listener: ServeListener,
  signal: AbortSignal,
): Promise<void> {
  const root = options.dataRoot === undefined ? undefined : realPath(options.dataRoot);
  const copies = createCopies();
  const connection = await connect(url, listener.report);
  // Closed by us: the library leaves a connection that it was given open.
  const ofWorker = connection.duplicate();
  const pool = createPool(options, (id) =>
    listener.report(`the checkpoint of ${id} cannot be used; it is computed from its start\n`),
  );
  const checkpoints = checkpointsIn(connection);
  let busy = 0;
  let idleSince = performance.now();

  /** A cell's data where this machine may read them: published files; its own only in the folder that it was given. */
  const locally = async ({ data: { source }, files }: CellJob): Promise<Lease> => {
    if (source.path === undefined) return { source, release() {} };
    if (files.length > 0) return copies.acquire(connection, source, files);
    if (root !== undefined) return { source: insideFolder(source, root), release() {} };
    throw new Refusal(
      "its files are not published, and this worker reads no others",
      `${source.path} is not published; --data-root names a folder whose files jobs may read`,
      { elsewhere: true },
    );
  };
  const recordOf = async (job: CellJob): Promise<CellRecord | undefined> => {
    const { cell, data, files } = job;
    let release = () => {};
    try {
      const lease = await locally(job);
      release = lease.release;
      const record = await pool.compute(cell, engine, { ...data, source: lease.source }, checkpoints);
      // No reply tells where the data lie here.
      return record && { ...record, provenance: { ...record.provenance, source: data.source } };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      const travels = `its data cannot be read, or do not fit (${error.code}); the worker's terminal says why`;
      throw new Refusal(travels, error.message, {
        elsewhere: data.source.path !== undefined && files.length === 0,
      });
    } finally {
      release();
    }
  };
  const compute = async (job: Job<unknown, string>, token?: string): Promise<string> => {
    busy++;
    try {
      const record = await recordOf(parseJob(job.id, job.data, engine));
      if (record === undefined) return await giveBack(job, token, GIVEN_BACK);
      listener.onCell(record);
      return JSON.stringify(record);
    } catch (error) {
      if (error instanceof DelayedError) throw error;
      const { message, detail, elsewhere } = refusalOf(error);
      const left = elsewhere && job.attemptsStarted <= MAX_LOSSES;
      const after = left ? "; left to another worker" : "";
      listener.report(`cannot compute ${printable(job.id ?? "")}: ${detail}${after}\n`);
      if (left) return await giveBack(job, token, 1000);
      // Not retried; without a stack, which names folders of this machine.
      throw Object.assign(new UnrecoverableError(message), { stack: "" });
    } finally {
      busy--;
      idleSince = performance.now();
    }
  };
  const worker = new Worker<unknown, string>(queueName(engine), compute, {
    connection: ofWorker,
    prefix: PREFIX,
    concurrency: options.workers,
    lockDuration: 1000 * options.lockSeconds,
    lockRenewTime: 250 * options.lockSeconds,
    stalledInterval: 500 * options.lockSeconds,
    maxStalledCount: MAX_LOSSES,
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
  copies.close();
  disconnect(ofWorker);
  disconnect(connection);
}

/** The reply for an error that is not the job's. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { message, stack } = error as Error;
  const detail = process.env.FLATWARD_DEBUG ? stack : message;
  return new Refusal("the worker met an error of its own, which its terminal shows", detail);
}

/** Puts a cell back into the queue. @returns never */
async function giveBack(
  job: Job<unknown, string>,
  token: string | undefined,
  milliseconds: number,
): Promise<never> {
  await job.moveToDelayed(Date.now() + milliseconds, token);
  throw new DelayedError();
}
