import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { copiesOf, type SourceConfig } from "../data/sources.js";
import { LabError } from "../errors.js";
import { makeFolder, writeAtomically } from "../files.js";
import { fileKey, MAX_BYTES, type PublishedFile } from "./published.js";
import { Refusal } from "./refusal.js";

/** Bytes that a process keeps beyond those in use: of the data of some sweeps. */
const MAX_KEPT = 2 * MAX_BYTES;

/** That a file counts for, however small: it takes its place in a folder all the same. */
const MIN_BYTES = 2 ** 16;

/** A source whose files are copies of published ones. */
export interface Lease {
  readonly source: SourceConfig;
  /** Says that the copies are no longer in use. */
  release(): void;
}

/** Copies of published files, in a folder of this process alone. */
export interface Copies {
  /**
   * Fetches what is not there yet. Nothing is written before its size and its hash are as announced.
   * @throws Refusal when the bytes are not there, or are others
   */
  acquire(connection: Redis, source: SourceConfig, files: readonly PublishedFile[]): Promise<Lease>;
  /** Removes them all. */
  close(): void;
}

interface Copied {
  readonly written: Promise<void>;
  readonly bytes: number;
  users: number;
}

/** @throws LabError "file" when no folder can be made */
export function createCopies(): Copies {
  const root = privateFolder();
  const remove = () => rmSync(root, { recursive: true, force: true });
  // Also when the process is told to end at once.
  process.once("exit", remove);
  /** By their content, in the order of their last use. */
  const copied = new Map<string, Copied>();

  const makeRoom = () => {
    let bytes = [...copied.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [key, one] of copied) {
      if (bytes <= MAX_KEPT) return;
      if (one.users > 0) continue;
      copied.delete(key);
      rmSync(join(root, key), { recursive: true, force: true });
      bytes -= one.bytes;
    }
  };
  return {
    async acquire(connection, source, files) {
      const names = copiesOf(source);
      const key = createHash("sha256")
        .update(JSON.stringify([names, files]))
        .digest("hex");
      const bytes = files.reduce((sum, file) => sum + Math.max(file.bytes, MIN_BYTES), 0);
      const folder = join(root, key);
      const one = copied.get(key) ?? { written: copy(connection, files, names, folder), bytes, users: 0 };
      copied.delete(key);
      copied.set(key, one);
      one.users++;
      const release = () => void one.users--;
      try {
        await one.written;
        makeRoom();
        return { source: { ...source, path: names.length === 1 ? join(folder, names[0]) : folder }, release };
      } catch (error) {
        release();
        if (copied.get(key) === one) copied.delete(key);
        throw error;
      }
    },
    close() {
      process.off("exit", remove);
      remove();
    },
  };
}

/** Nobody else can read or write there. */
function privateFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "flatward-worker-"));
  } catch (error) {
    throw new LabError(
      "file",
      `cannot make a folder in ${tmpdir()}: ${(error as Error).message}; set TMPDIR to where this worker may write`,
    );
  }
}

async function copy(
  connection: Redis,
  files: readonly PublishedFile[],
  names: readonly string[],
  folder: string,
): Promise<void> {
  const all = await Promise.all(files.map((file) => fetchFile(connection, file)));
  makeFolder(folder);
  all.forEach((bytes, i) => {
    writeAtomically(join(folder, names[i]), bytes);
  });
}

async function fetchFile(connection: Redis, { sha256, bytes }: PublishedFile): Promise<Buffer> {
  const key = fileKey(sha256);
  const size = await connection.strlen(key);
  if (size === 0 && bytes > 0)
    throw new Refusal("the bytes of its files are no longer published", `${key} is gone`, {
      elsewhere: true,
    });
  const found = size === bytes ? await connection.getBuffer(key) : null;
  if (found === null || createHash("sha256").update(found).digest("hex") !== sha256)
    throw new Refusal("the bytes of its files are not those announced", `${key} has other bytes`);
  return found;
}
