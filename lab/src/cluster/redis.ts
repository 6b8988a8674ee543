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

/** Where the bytes of a user's file are kept for workers without it. */
export function dataKey(sha256: string): string {
  return `${PREFIX}:data:${sha256}`;
}

export function checkpointKey(id: string): string {
  return `${PREFIX}:checkpoint:${id}`;
}

/** A connection that outlives interruptions of the server. @throws LabError "file" when there is none to begin with */
export async function connect(url: string, report: (text: string) => void): Promise<Redis> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true, retryStrategy: () => null });
  // Said below.
  redis.on("error", () => {});
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw new LabError(
      "file",
      `cannot reach Redis at ${url.replace(/\/\/.*@/, "//…@")}: ${(error as Error).message}; start one with redis-server, or give its URL with --redis`,
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

/** Ends a connection of ours, of which nothing needs to be said. */
export function disconnect(redis: Redis): void {
  redis.removeAllListeners("close");
  redis.disconnect();
}
