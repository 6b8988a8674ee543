import type { Redis } from "ioredis";
import type { Checkpoints } from "../sweep/store.js";
import { MAX_BYTES } from "./published.js";
import { PREFIX } from "./redis.js";

/** Seconds for which a checkpoint is kept. */
const KEPT = 30 * 24 * 3600;

export function checkpointKey(id: string): string {
  return `${PREFIX}:checkpoint:${id}`;
}

/** Checkpoints beside the queue. What is too large, or no bytes at all, is none. */
export function checkpointsIn(connection: Redis): Checkpoints {
  return {
    async load(id) {
      const key = checkpointKey(id);
      try {
        if ((await connection.strlen(key)) > MAX_BYTES) return undefined;
        return (await connection.getBuffer(key)) ?? undefined;
      } catch {
        return undefined;
      }
    },
    save: async (id, bytes) => void (await connection.set(checkpointKey(id), Buffer.from(bytes), "EX", KEPT)),
    remove: async (id) => void (await connection.del(checkpointKey(id))),
  };
}
