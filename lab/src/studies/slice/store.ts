import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf } from "../../experiment/provenance.js";
import { prepareFolder, removeLeftovers, writeAtomically } from "../../files.js";
import type { FunctionId } from "./functions.js";

/** Values of every function at some points, in order; null where it is not finite. */
export type SliceValues = Readonly<Partial<Record<FunctionId, readonly (number | null)[]>>>;

/** The finished chunks of one slice, one file each. */
export interface SliceStore {
  readonly folder: string;
  /** Nothing for a chunk that is not there, and for a file that is torn, was altered, or is of another slice. */
  chunk(index: number): SliceValues | undefined;
  /** Whole or not at all. @throws LabError "file" */
  write(index: number, values: SliceValues): void;
  /** Makes the folders, and removes what killed processes left half-written. @throws LabError "file" */
  prepare(): void;
}

/** @param id the slice's */
export function sliceStoreIn(folder: string, id: string): SliceStore {
  const rows = join(folder, "rows");
  const path = (index: number) => join(rows, `${String(index).padStart(4, "0")}.json`);
  return {
    folder,
    chunk(index) {
      if (!existsSync(path(index))) return undefined;
      try {
        const { sha256, ...content } = JSON.parse(readFileSync(path(index), "utf8"));
        const intact = hashOf(content) === sha256 && content.slice === id && content.index === index;
        return intact ? content.values : undefined;
      } catch {
        return undefined;
      }
    },
    write(index, values) {
      const content = { format: "flatward-slice-row/1", slice: id, index, values };
      writeAtomically(path(index), `${JSON.stringify({ ...content, sha256: hashOf(content) })}\n`);
    },
    prepare() {
      prepareFolder(rows);
      for (const place of [folder, rows]) removeLeftovers(place);
    },
  };
}
