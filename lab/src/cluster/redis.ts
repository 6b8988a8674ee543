import { Redis } from "ioredis";
import { LabError } from "../errors.js";

/** Beginning of every key. */
export const PREFIX = "flatward";

/** The queue of one engine: workers of another version never see its cells. */
export function queueName(engine: string): string {
  return `cells ${engine}`;
}

/**
 * A connection that outlives interruptions of the server. A URL without a password takes that of the environment, where
 * other users of the machine do not see it.
 * @throws LabError "file" when there is none to begin with
 */
export async function connect(url: string, report: (text: string) => void): Promise<Redis> {
  const password = new URL(url).password === "" ? process.env.FLATWARD_REDIS_PASSWORD : undefined;
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    retryStrategy: () => null,
    ...(password === undefined ? {} : { password }),
  });
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
      `cannot work with Redis at ${masked(url)}: ${(reason ?? (error as Error)).message}; start one with redis-server, or give its URL to --redis, and a password, if it wants one, in FLATWARD_REDIS_PASSWORD`,
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

/** Waits for a server that may be gone, up to a time limit. */
export async function withinSeconds(seconds: number, work: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 1000 * seconds);
  });
  await Promise.race([work().catch(() => {}), limit]);
  clearTimeout(timer);
}

/** Closes a connection of ours without a notice. */
export function disconnect(redis: Redis): void {
  redis.removeAllListeners("close");
  redis.disconnect();
}
