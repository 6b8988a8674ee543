import { basename } from "node:path";
import { readBytes, textOf } from "../files.js";
import { shownPath } from "../printable.js";
import { type CsvOptions, parseCsv } from "./csv.js";
import type { Dataset } from "./dataset.js";
import { hashOfArrays } from "./hash.js";

/**
 * Reads a classification data set from a CSV file, by `parseCsv`; its name is the file's where `options` have none.
 * @throws LabError "file" when it cannot be read, "data" when it is not such a table
 */
export function readCsv(path: string, options: CsvOptions = {}): Dataset {
  const bytes = readBytes(path);
  const text = textOf(bytes, path, "data", "unpack or convert it, or give the folder with MNIST's files");
  return {
    ...parseCsv(text, path, { name: shownPath(basename(path)), ...options }),
    sha256: hashOfArrays(bytes),
  };
}
