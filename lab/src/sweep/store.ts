import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { prepareFolder, readKept, removeLeftovers, removeQuietly, writeAtomically } from "../files.js";
import { type Claim, type Claims, claimOf, claimsIn } from "./claims.js";
import { type Manifest, manifestText } from "./manifest.js";
import { type CellRecord, parseRecord, recordText } from "./record.js";

/** The state of a cell. A running one may have failed before. */
export type CellState =
  | { readonly state: "planned"; readonly checkpoint: boolean }
  | ({ readonly checkpoint: boolean } & Claim)
  | { readonly state: "done" | "failed"; readonly record: CellRecord };

/** Where interrupted trainings are kept until they go on. */
export interface Checkpoints {
  load(id: string): Promise<Uint8Array | undefined>;
  save(id: string, bytes: Uint8Array): Promise<void>;
  remove(id: string): Promise<void>;
}

/** A folder of results: `manifest.json`, the reports, and in `cells/` one file a cell. */
export interface Store {
  readonly folder: string;
  readonly manifestPath: string;
  /** Where the records lie. */
  readonly cells: string;
  readonly checkpoints: Checkpoints;
  recordPath(id: string): string;
  /** The record of a finished cell; nothing for an unfinished one, and for a file that is no intact record. */
  record(id: string): CellRecord | undefined;
  /** Of the records asked for so far, those whose file is there and does not fit: they count as not done. */
  damaged(): string[];
  /** The engine that a file's record names, of whatever version; nothing where it names none. */
  engineOf(id: string): string | undefined;
  state(id: string): CellState;
  /** Identities of all results in the folder, of whatever plan. */
  recorded(): string[];
  /** @throws LabError "file" */
  write(record: CellRecord): void;
  /** Makes the folders. @throws LabError "file" */
  prepare(): void;
  writeManifest(manifest: Manifest): void;
  claims(): Claims;
}

export const MANIFEST = "manifest.json";

/** Of records of any version. */
const engineSchema = z.object({ engine: z.string().regex(/^[\w.+-]{1,80}$/) });

/** Opens a folder; nothing is made until something is written. */
export function storeIn(folder: string): Store {
  const cells = join(folder, "cells");
  const manifestPath = join(folder, MANIFEST);
  const recordPath = (id: string) => join(cells, `${id}.json`);
  const checkpointPath = (id: string) => join(cells, `${id}.checkpoint`);
  const read = (id: string): CellRecord | undefined => {
    try {
      return parseRecord(readKept(recordPath(id)).toString("utf8"), id);
    } catch {
      return undefined;
    }
  };
  const damaged = new Set<string>();
  const record = (id: string): CellRecord | undefined => {
    const found = read(id);
    if (found === undefined && existsSync(recordPath(id))) damaged.add(id);
    else damaged.delete(id);
    return found;
  };
  return {
    folder,
    manifestPath,
    cells,
    recordPath,
    record,
    damaged: () => [...damaged],
    engineOf(id) {
      try {
        return engineSchema.parse(JSON.parse(readKept(recordPath(id)).toString("utf8"))).engine;
      } catch {
        return undefined;
      }
    },
    state(id) {
      const claim = claimOf(cells, id);
      const finished = record(id);
      if (finished && !(claim && finished.state === "failed"))
        return { state: finished.state, record: finished };
      const checkpoint = existsSync(checkpointPath(id));
      return claim ? { ...claim, checkpoint } : { state: "planned", checkpoint };
    },
    recorded() {
      const names = existsSync(cells) ? readdirSync(cells) : [];
      return names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
    },
    write: (finished) => writeAtomically(recordPath(finished.id), recordText(finished)),
    prepare: () => prepareFolder(cells),
    writeManifest(manifest) {
      prepareFolder(cells);
      removeLeftovers(folder);
      removeLeftovers(cells);
      removeFinished(cells, read);
      writeAtomically(manifestPath, manifestText(manifest));
    },
    claims: () => claimsIn(cells),
    checkpoints: {
      async load(id) {
        if (!existsSync(checkpointPath(id))) return undefined;
        try {
          return readKept(checkpointPath(id));
        } catch {
          // As one that is damaged.
          return new Uint8Array();
        }
      },
      async save(id, bytes) {
        writeAtomically(checkpointPath(id), bytes);
      },
      async remove(id) {
        removeQuietly(checkpointPath(id));
      },
    },
  };
}

/** Removes what a process left beside a finished cell when it was killed right after writing its record. */
function removeFinished(cells: string, record: (id: string) => CellRecord | undefined): void {
  for (const name of readdirSync(cells)) {
    const [, id] = /^(.*)\.(?:checkpoint|running)$/.exec(name) ?? [];
    // A failed cell may be running again.
    if (id === undefined || claimOf(cells, id) !== undefined || record(id)?.state !== "done") continue;
    removeQuietly(join(cells, name));
  }
}
