import { basename } from "node:path";
import { LabError } from "../errors.js";
import { readBytes } from "../files.js";
import { type CsvOptions, parseCsv } from "./csv.js";
import type { Dataset } from "./dataset.js";
import { hashOfArrays } from "./hash.js";

/**
 * Reads a classification data set from a CSV file, by `parseCsv`; its name is the file's where `options` have none.
 * @throws LabError "file" when it cannot be read, "data" when it is not such a table
 */
export function readCsv(path: string, options: CsvOptions = {}): Dataset {
  const bytes = readBytes(path);
  if (bytes.includes(0))
    throw new LabError(
      "data",
      `${path}: expected text in UTF-8, got zero bytes, which no text has; unpack or convert it, or give the folder with MNIST's files`,
    );
  return {
    ...parseCsv(textOf(bytes, path), path, { name: basename(path), ...options }),
    sha256: hashOfArrays(bytes),
  };
}

/** @throws LabError "data" where letters of another encoding would all become the same sign */
function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new LabError("data", `${path}: expected text in UTF-8, got another encoding; convert it`);
  }
}
