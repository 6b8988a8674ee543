import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import { filesOf, type SourceConfig } from "../data/sources.js";
import { readBytes, statOf } from "../files.js";
import { strict } from "../schema.js";
import type { ManifestData } from "../sweep/manifest.js";
import { sha256Schema } from "../sweep/record-schema.js";
import { PREFIX } from "./redis.js";

/** The most bytes of a cell's files together: what one value of Redis can hold. */
export const MAX_BYTES = 512 * 1024 * 1024;
/** Seconds that files are kept after a cell that needs them was last put into the queue. */
const KEPT = 7 * 24 * 3600;

/** A file as a job announces it. It has no name: the worker knows what it is by its place in the list. */
export const publishedFileSchema = strict({
  sha256: sha256Schema,
  bytes: z.int().min(0).max(MAX_BYTES, "expected at most 512 MB"),
});
export type PublishedFile = z.infer<typeof publishedFileSchema>;

/** Where a file's bytes are. */
export function fileKey(sha256: string): string {
  return `${PREFIX}:file:${sha256}`;
}

/**
 * Publishes a user's files on the server, once a process, and again when the server has lost them.
 * @returns the files of data as jobs announce them; none where there are none, or they are too large, with a notice
 */
export function publisher(
  connection: Redis,
  report: (text: string) => void,
): (data: Pick<ManifestData, "source" | "sha256">) => Promise<readonly PublishedFile[]> {
  const published = new Map<string, Promise<readonly PublishedFile[]>>();
  return async ({ source, sha256 }) => {
    const before = published.get(sha256);
    if (before && (await areThere(connection, await before))) return before;
    // Somebody else may have found the same.
    const after = published.get(sha256);
    if (after && after !== before) return after;
    const publishing = publish(connection, source, report);
    published.set(sha256, publishing);
    return publishing;
  };
}

/** @throws LabError "file" when one cannot be read */
async function publish(
  connection: Redis,
  source: SourceConfig,
  report: (text: string) => void,
): Promise<readonly PublishedFile[]> {
  const paths = filesOf(source);
  const size = paths.reduce((sum, path) => sum + (statOf(path)?.size ?? 0), 0);
  if (size > MAX_BYTES) {
    report(
      `${source.path} is larger than the 512 MB that travel with a queue; give its folder to workers that see it, as --data-root\n`,
    );
    return [];
  }
  const files: PublishedFile[] = [];
  for (const path of paths) {
    const bytes = readBytes(path);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await connection.set(fileKey(sha256), bytes, "EX", KEPT);
    files.push({ sha256, bytes: bytes.length });
  }
  return files;
}

/** Whether files are with the server, where they then stay for as long again. */
async function areThere(connection: Redis, files: readonly PublishedFile[]): Promise<boolean> {
  const kept = await Promise.all(files.map(({ sha256 }) => connection.expire(fileKey(sha256), KEPT)));
  return !kept.includes(0);
}
