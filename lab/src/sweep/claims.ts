import { renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { LabError } from "../errors.js";
import { isAlive, readKept, removeQuietly } from "../files.js";
import { strict } from "../schema.js";

const claimSchema = strict({
  state: z.literal("running"),
  host: z.string(),
  pid: z.int().min(1),
  /** ISO 8601. */
  since: z.iso.datetime(),
});

/** Who runs a cell. */
export type Claim = Readonly<z.infer<typeof claimSchema>>;

/** Milliseconds between two renewals of a claim. */
const HEARTBEAT = 5_000;
/** Milliseconds without a renewal after which a claim of another machine expires. */
const SILENCE = 60_000;
/** So long may pass between the making of a claim's file and its being written. */
const WRITING = 2_000;

/** The cells that this process runs, so that no other does the same work meanwhile. */
export interface Claims {
  /** Whether the cell is now ours; false when somebody else runs it. @throws LabError "file" */
  take(id: string): boolean;
  release(id: string): void;
  /** Stops the renewals. */
  close(): void;
}

/** Claims are files beside the results. They save work; what two processes did at once would be the same bytes. */
export function claimsIn(folder: string): Claims {
  const held = new Set<string>();
  const beat = setInterval(() => {
    const now = new Date();
    for (const id of held) {
      try {
        utimesSync(claimPath(folder, id), now, now);
      } catch {
        // Our claim expired and was taken: the result is written all the same.
      }
    }
  }, HEARTBEAT);
  beat.unref();

  const create = (id: string): boolean => {
    const claim: Claim = {
      state: "running",
      host: hostname(),
      pid: process.pid,
      since: new Date().toISOString(),
    };
    try {
      writeFileSync(claimPath(folder, id), JSON.stringify(claim), { flag: "wx" });
      held.add(id);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      removeQuietly(claimPath(folder, id));
      throw new LabError("file", `cannot write to ${folder}: ${(error as Error).message}`);
    }
  };

  return {
    take(id) {
      if (create(id)) return true;
      if (claimOf(folder, id) !== undefined) return false;
      // Should another take it over at this very moment, both compute the same bytes.
      const aside = join(folder, `.${id}@${hostname()}@${process.pid}.partial`);
      try {
        renameSync(claimPath(folder, id), aside);
        removeQuietly(aside);
      } catch (error) {
        // Another may have been faster.
        if ((error as NodeJS.ErrnoException).code !== "ENOENT")
          throw new LabError("file", `cannot write to ${folder}: ${(error as Error).message}`);
      }
      return create(id);
    },
    release(id) {
      held.delete(id);
      removeQuietly(claimPath(folder, id));
    },
    close: () => clearInterval(beat),
  };
}

/** The valid claim on a cell, if there is one. */
export function claimOf(folder: string, id: string): Claim | undefined {
  const path = claimPath(folder, id);
  let silence: number;
  let text: string;
  try {
    silence = Date.now() - statSync(path).mtimeMs;
    text = readKept(path).toString("utf8");
  } catch {
    return undefined;
  }
  if (silence > SILENCE) return undefined;
  try {
    const claim = claimSchema.parse(JSON.parse(text));
    return claim.host === hostname() && !isAlive(claim.pid) ? undefined : claim;
  } catch {
    // It may be half-written; what stays so is no claim.
    const unknown: Claim = { state: "running", host: "unknown", pid: 0, since: new Date().toISOString() };
    return silence > WRITING ? undefined : unknown;
  }
}

function claimPath(folder: string, id: string): string {
  return join(folder, `${id}.running`);
}
