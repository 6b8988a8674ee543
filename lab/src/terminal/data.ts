import { existsSync } from "node:fs";
import type { Dataset } from "../data/dataset.js";
import { loadOnce } from "../data/loaded.js";
import { looksLikeMnist } from "../data/mnist-files.js";
import { type SourceConfig, type SourceName, shippedNames, unknownSource } from "../data/sources.js";
import { LabError } from "../errors.js";
import { printable, shownPath } from "../printable.js";

/** Which data a command works on, as its options name them. */
export interface DataOptions {
  readonly data?: string;
  readonly label?: string;
}

/**
 * The shipped data of that name, or the user's: a CSV file, MNIST's files in a folder, one file of images. Iris when
 * nothing is given.
 * @throws LabError "usage"
 */
export function sourceFrom(path: string | undefined, { data, label }: DataOptions): SourceConfig {
  if (path !== undefined && data !== undefined)
    throw new LabError(
      "usage",
      `give either a file (${shownPath(path)}) or --data ${printable(data)}, not both`,
    );
  const labelled = label === undefined ? {} : { label };
  const given = path ?? data ?? "iris";
  if (path === undefined && shippedNames.includes(given)) return { name: given as SourceName, ...labelled };
  if (path === undefined && !existsSync(given)) throw unknownSource(given);
  if (!looksLikeMnist(given)) return { name: "csv", path: given, ...labelled };
  if (label === undefined) return { name: "mnist", path: given };
  throw new LabError(
    "usage",
    `--label ${printable(label)} names a column of a CSV file, and ${shownPath(given)} is none; leave it out`,
  );
}

/** @throws LabError */
export function loadData(path: string | undefined, options: DataOptions): Dataset {
  return loadOnce(sourceFrom(path, options));
}
