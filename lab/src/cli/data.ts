import { loadShipped } from "../data/catalog.js";
import { readCsv } from "../data/csv.js";
import type { Dataset } from "../data/dataset.js";
import { LabError } from "../errors.js";

/** Which data a command works on, as its options name them. */
export interface DataOptions {
  readonly data?: string;
  readonly label?: string;
}

/** The user's file, or the shipped data of that name; Iris when neither is given. @throws LabError */
export function loadData(path: string | undefined, { data, label }: DataOptions): Dataset {
  if (path === undefined) return loadShipped(data ?? "iris", label);
  if (data !== undefined)
    throw new LabError("usage", `give either a file (${path}) or --data ${data}, not both`);
  return readCsv(path, label === undefined ? {} : { label });
}
