import Papa from "papaparse";
import { LabError, nearest } from "../errors.js";
import type { ImageShape, LabelledSamples } from "./dataset.js";

export interface CsvOptions {
  /** Header of the label column. Default: the last column. */
  readonly label?: string;
  /** Name of the data set. Default: the path. */
  readonly name?: string;
  /** Of samples that are pictures. */
  readonly image?: ImageShape;
}

/**
 * A classification data set from the text of a CSV file: a header line, numeric feature columns, one label column of any
 * text. The delimiter is detected.
 * @param path for messages
 * @throws LabError "data"
 */
export function parseCsv(text: string, path: string, options: CsvOptions = {}): LabelledSamples {
  const fail = (message: string): never => {
    throw new LabError("data", `${path}: ${message}`);
  };
  const table: { columns?: Columns } = {};
  const rows: Float64Array[] = [];
  const labels: string[] = [];
  // Row by row: the cells of a large file, as texts, would take many times the memory of its numbers.
  forEachRow(text, fail, (cells, line) => {
    if (table.columns === undefined) {
      table.columns = columnsOf(cells, options.label, fail);
      return;
    }
    const { header, label, features } = table.columns;
    if (cells.length !== header.length) {
      fail(`line ${line} has ${cells.length} cells, the header has ${header.length}`);
    }
    rows.push(Float64Array.from(features, (column) => toNumber(cells[column], line, header[column], fail)));
    labels.push(cells[label].trim() || fail(`line ${line}, column "${header[label]}": the label is missing`));
  });
  const { header, label, features } =
    table.columns ?? fail("the file is empty; it needs a header line and one line per sample");
  if (rows.length === 0) fail("there is a header but no sample");
  const classes = [...new Set(labels)].sort(compareLabels);
  if (classes.length < 2) {
    fail(
      `every sample has the label "${classes[0]}"; there is nothing to classify (label column: "${header[label]}", change it with --label)`,
    );
  }
  if (classes.length > rows.length / 2) {
    fail(
      `column "${header[label]}" has ${classes.length} distinct values in ${rows.length} samples; it does not look like classes (choose the label column with --label)`,
    );
  }
  const x = new Float64Array(rows.length * features.length);
  rows.forEach((row, i) => {
    x.set(row, i * features.length);
  });
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  return {
    name: options.name ?? path,
    features: features.map((column) => header[column]),
    label: header[label],
    classes,
    x,
    y: Int32Array.from(labels, (name) => indexOf.get(name) ?? -1),
    ...(options.image ? { image: options.image } : {}),
  };
}

type Fail = (message: string) => never;

/** Visits all rows that are not blank, with the lines they begin on, counted from 1. */
function forEachRow(text: string, fail: Fail, visit: (cells: string[], line: number) => void): void {
  let next = 1;
  // A last empty line would mislead the guess of the delimiter.
  Papa.parse<string[]>(text.replace(/^\uFEFF/, "").replace(/[\r\n]+$/, ""), {
    delimitersToGuess: [",", ";", "\t", "|"],
    step({ data: cells, errors }) {
      const line = next;
      next += 1 + cells.reduce((breaks, cell) => breaks + (cell.match(/\r\n?|\n/g)?.length ?? 0), 0);
      const quoting = errors.find(({ type }) => type === "Quotes");
      if (quoting) fail(`line ${line}: ${quoting.message}`);
      if (cells.length > 1 || cells[0]?.trim() !== "") visit(cells, line);
    },
  });
}

interface Columns {
  readonly header: readonly string[];
  /** Positions. */
  readonly label: number;
  readonly features: readonly number[];
}

function columnsOf(cells: readonly string[], wanted: string | undefined, fail: Fail): Columns {
  const header = cells.map((cell) => cell.trim());
  if (header.length < 2)
    fail(`found ${header.length} column; it needs at least one feature and a label, separated by commas`);
  checkHeader(header, fail);
  const label = findLabel(header, wanted, fail);
  return { header, label, features: [...header.keys()].filter((column) => column !== label) };
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
  const [first, second] = [Number(a), Number(b)];
  const textual = Number(Number.isNaN(first)) - Number(Number.isNaN(second));
  if (textual !== 0) return textual;
  if (first < second || first > second) return first - second;
  return a < b ? -1 : a > b ? 1 : 0;
}
