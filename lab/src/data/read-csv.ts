import { isUtf8 } from "node:buffer";
import { basename } from "node:path";
import { readBytes, textOf } from "../files.js";
import { shownPath } from "../printable.js";
import { parseCsv, refusalOf } from "./csv.js";
import type { CsvOptions } from "./csv-options.js";
import type { Dataset } from "./dataset.js";
import { foreignBytes, otherEncoding } from "./foreign.js";
import { isGzipped, unpacked } from "./gzip.js";
import { hashOfArrays } from "./hash.js";

/**
 * Reads a classification data set from a CSV file, gzipped or not, by `parseCsv`; its name is the file's where `options`
 * have none. Its hash is that of the file's bytes and of the options that change what is made of them.
 * @throws LabError "file" when it cannot be read, "data" when it is not such a table
 */
export function readCsv(path: string, options: CsvOptions = {}): Dataset {
  const bytes = readBytes(path);
  const content = isGzipped(bytes) ? unpacked(bytes, path) : bytes;
  const foreign = foreignBytes(content, path);
  if (foreign !== undefined) throw refusalOf(foreign, path, options);
  if (!isUtf8(content)) throw refusalOf(otherEncoding(content, path), path, options);
  const text = textOf(content, path, "data", "split it");
  const samples = parseCsv(text, path, { name: shownPath(basename(path)), ...options });
  return { ...samples, sha256: hashOfArrays(bytes, ...settingsIn(options)) };
}

/** Bytes of the settings beside the label, which an identity names by itself; none where there are none. */
function settingsIn({ name: _, image: __, label: ___, ...options }: CsvOptions): readonly Uint8Array[] {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length === 0) return [];
  return [new TextEncoder().encode(JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1))))];
}
