import { join } from "node:path";
import { z } from "zod";
import { prepareFolder, removeLeftovers } from "../../files.js";
import { strict } from "../../schema.js";
import { readHashed, writeHashed } from "../../sweep/hashed-file.js";
import type { FunctionId } from "./functions.js";

/** Values of every function at some points, in order; null where it is not finite. */
export type SliceValues = Readonly<Partial<Record<FunctionId, readonly (number | null)[]>>>;

/** The finished chunks of one slice, one file each. */
export interface SliceStore {
  readonly folder: string;
  /**
   * Nothing for a chunk that is not there, and for a file that is torn, was altered, is of another slice, or has not the
   * values of these functions at so many points.
   */
  chunk(index: number, functions: readonly FunctionId[], points: number): SliceValues | undefined;
  /** Of the chunks asked for, the files that are there and do not fit. */
  damaged(): string[];
  /** Whole or not at all. @throws LabError "file" */
  write(index: number, values: SliceValues): void;
  /** Makes the folders, and removes what killed processes left half-written. @throws LabError "file" */
  prepare(): void;
}

const FORMAT = "flatward-slice-row/1";

function rowSchema(slice: string, index: number, functions: readonly FunctionId[], points: number) {
  const values = z.array(z.number().nullable()).length(points);
  return strict({
    format: z.literal(FORMAT),
    slice: z.literal(slice),
    index: z.literal(index),
    values: strict(Object.fromEntries(functions.map((id) => [id, values]))),
    sha256: z.string(),
  });
}

/** @param id the slice's */
export function sliceStoreIn(folder: string, id: string): SliceStore {
  const rows = join(folder, "rows");
  const nameOf = (index: number) => `${String(index).padStart(4, "0")}.json`;
  const path = (index: number) => join(rows, nameOf(index));
  const damaged: string[] = [];
  return {
    folder,
    chunk(index, functions, points) {
      const found = readHashed(path(index), rowSchema(id, index, functions, points));
      if (found === "damaged") damaged.push(nameOf(index));
      return typeof found === "string" ? undefined : found.values;
    },
    damaged: () => damaged,
    write(index, values) {
      writeHashed(path(index), { format: FORMAT, slice: id, index, values });
    },
    prepare() {
      prepareFolder(rows);
      for (const directory of [folder, rows]) removeLeftovers(directory);
    },
  };
}
