import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import Papa from "papaparse";
import { LabError, nearest } from "../errors.js";
import type { Dataset } from "./dataset.js";

export interface CsvOptions {
  /** Header of the label column. Default: the last column. */
  readonly label?: string;
  /** Name of the data set. Default: the file's. */
  readonly name?: string;
}

/**
 * Reads a classification data set from a CSV file: a header line, numeric feature columns, one label column of any
 * text. The delimiter is detected.
 * @throws LabError "file" when it cannot be read, "data" when it is not such a table
 */
export function readCsv(path: string, options: CsvOptions = {}): Dataset {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : (error as Error).message;
    throw new LabError("file", `cannot read ${path}: ${reason}`);
  }
  return {
    ...parseCsv(bytes.toString("utf8"), path, options),
    sha256: hashOfBytes(bytes),
  };
}

/** SHA-256 of a file's bytes, hexadecimal; nothing where there is no file. */
export function sha256Of(path: string): string | undefined {
  try {
    return hashOfBytes(readFileSync(path));
  } catch {
    return undefined;
  }
}

function hashOfBytes(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The same from text; `path` is for messages. @throws LabError "data" */
export function parseCsv(text: string, path: string, options: CsvOptions = {}): Omit<Dataset, "sha256"> {
  const fail = (message: string): never => {
    throw new LabError("data", `${path}: ${message}`);
  };
  const rows = parseRows(text, fail);
  const header =
    rows[0]?.cells.map((cell) => cell.trim()) ??
    fail("the file is empty; it needs a header line and one line per sample");
  const samples = rows.slice(1);
  if (header.length < 2)
    fail(`found ${header.length} column; it needs at least one feature and a label, separated by commas`);
  checkHeader(header, fail);
  if (samples.length === 0) fail("there is a header but no sample");

  const labelColumn = findLabel(header, options.label, fail);
  const featureColumns = header.map((_, column) => column).filter((column) => column !== labelColumn);
  const x: Float64Array[] = [];
  const labels: string[] = [];
  for (const { line, cells } of samples) {
    if (cells.length !== header.length) {
      fail(`line ${line} has ${cells.length} cells, the header has ${header.length}`);
    }
    x.push(
      Float64Array.from(featureColumns, (column) => toNumber(cells[column], line, header[column], fail)),
    );
    const label = cells[labelColumn].trim();
    if (label === "") fail(`line ${line}, column "${header[labelColumn]}": the label is missing`);
    labels.push(label);
  }
  const classes = [...new Set(labels)].sort(compareLabels);
  if (classes.length < 2) {
    fail(
      `every sample has the label "${classes[0]}"; there is nothing to classify (label column: "${header[labelColumn]}", change it with --label)`,
    );
  }
  if (classes.length > samples.length / 2) {
    fail(
      `column "${header[labelColumn]}" has ${classes.length} distinct values in ${samples.length} samples; it does not look like classes (choose the label column with --label)`,
    );
  }
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  return {
    name: options.name ?? basename(path),
    features: featureColumns.map((column) => header[column]),
    label: header[labelColumn],
    classes,
    x,
    y: Int32Array.from(labels, (label) => indexOf.get(label) ?? -1),
  };
}

interface Row {
  /** Counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

type Fail = (message: string) => never;

function parseRows(text: string, fail: Fail): Row[] {
  // A last empty line would mislead the guess of the delimiter.
  const parsed = Papa.parse<string[]>(text.replace(/^\uFEFF/, "").replace(/[\r\n]+$/, ""), {
    delimitersToGuess: [",", ";", "\t", "|"],
  });
  const quoting = parsed.errors.find((error) => error.type === "Quotes");
  if (quoting) fail(`line ${(quoting.row ?? 0) + 1}: ${quoting.message}`);
  return parsed.data
    .map((cells, index) => ({ line: index + 1, cells }))
    .filter(({ cells }) => cells.length > 1 || cells[0]?.trim() !== "");
}

/** A first line of numbers is a sample whose header is missing; columns must be told apart by name. */
function checkHeader(header: readonly string[], fail: Fail): void {
  const numeric = header.filter((cell) => cell !== "" && Number.isFinite(Number(cell)));
  if (numeric.length >= header.length - 1) fail("line 1 holds numbers; the first line must name the columns");
  if (header.includes("")) fail(`line 1: column ${header.indexOf("") + 1} has no name`);
  const repeated = header.find((cell, column) => header.indexOf(cell) !== column);
  if (repeated !== undefined) fail(`line 1: two columns are named "${repeated}"`);
}

function findLabel(header: readonly string[], wanted: string | undefined, fail: Fail): number {
  if (wanted === undefined) return header.length - 1;
  const column = header.indexOf(wanted);
  if (column >= 0) return column;
  const meant = nearest(wanted, header);
  return fail(
    `there is no column "${wanted}"${meant ? `; did you mean "${meant}"?` : `; the columns are ${header.join(", ")}`}`,
  );
}

function toNumber(cell: string, line: number, column: string, fail: Fail): number {
  const text = cell.trim();
  const value = text === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  const what = text === "" ? "the value is missing" : `"${text}" is not a finite number`;
  return fail(
    `line ${line}, column "${column}": ${what}; drop the line or the column, or choose the label column with --label`,
  );
}

/** Numbers by size, then texts by code unit. */
function compareLabels(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference) && difference !== 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}
