import { Redis } from "ioredis";
import { LabError } from "../errors.js";

/** Beginning of every key. */
export const PREFIX = "flatward";

/** What a job carries; its identity is the cell's. */
export interface CellJob {
  readonly cell: unknown;
  readonly data: unknown;
}

/** The queue of one engine: workers of another version never see its cells. */
export function queueName(engine: string): string {
  return `cells ${engine}`;
}

/** Where the bytes of a user's files are kept by name, for workers without them. */
export function dataKey(sha256: string): string {
  return `${PREFIX}:files:${sha256}`;
}

export function checkpointKey(id: string): string {
  return `${PREFIX}:checkpoint:${id}`;
}

/** A connection that outlives interruptions of the server. @throws LabError "file" when there is none to begin with */
export async function connect(url: string, report: (text: string) => void): Promise<Redis> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true, retryStrategy: () => null });
  let reason: Error | undefined;
  redis.on("error", (error) => {
    reason = error;
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw new LabError(
      "file",
      `cannot work with Redis at ${masked(url)}: ${(reason ?? (error as Error)).message}; start one with redis-server, or give its URL, with a password if it wants one, to --redis`,
    );
  }
  redis.options.retryStrategy = (attempt) => Math.min(200 * attempt, 5000);
  let lost = false;
  redis.on("close", () => {
    if (!lost) report("the connection to Redis is lost; trying again\n");
    lost = true;
  });
  redis.on("ready", () => {
    if (lost) report("connected to Redis again\n");
    lost = false;
  });
  return redis;
}

/** A URL without its password. */
export function masked(url: string): string {
  return url.replace(/\/\/.*@/, "//…@");
}

/** Waits for what may depend on a server that is gone, but not for ever. */
export async function withinSeconds(seconds: number, work: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 1000 * seconds);
  });
  await Promise.race([work().catch(() => {}), limit]);
  clearTimeout(timer);
}

/** Ends a connection of ours, of which nothing needs to be said. */
export function disconnect(redis: Redis): void {
  redis.removeAllListeners("close");
  redis.disconnect();
}
