import type { Dataset } from "../data/dataset.js";
import { loadSource, type SourceConfig, type SourceName } from "../data/sources.js";
import { LabError } from "../errors.js";

/** Which data a command works on, as its options name them. */
export interface DataOptions {
  readonly data?: string;
  readonly label?: string;
}

/** The user's file, or the shipped data of that name; Iris when neither is given. @throws LabError "usage" */
export function sourceFrom(path: string | undefined, { data, label }: DataOptions): SourceConfig {
  const labelled = label === undefined ? {} : { label };
  if (path === undefined) return { name: (data ?? "iris") as SourceName, ...labelled };
  if (data !== undefined)
    throw new LabError("usage", `give either a file (${path}) or --data ${data}, not both`);
  return { name: "csv", path, ...labelled };
}

/** @throws LabError */
export function loadData(path: string | undefined, options: DataOptions): Dataset {
  return loadSource(sourceFrom(path, options));
}
