import { LabError, nearest } from "../errors.js";
import { printable, shownPath } from "../printable.js";
import { isDecimal, numberIn } from "./csv-number.js";
import { delimiterOf, recordsOf } from "./csv-records.js";
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
    throw new LabError("data", `${shownPath(path)}: ${message}`);
  };
  let columns: Columns | undefined;
  const rows: Float64Array[] = [];
  const labels: string[] = [];
  // Row by row: the cells of a large file, as texts, would take many times the memory of its numbers.
  for (const { cells, line, fault } of recordsOf(text, delimiterOf(text))) {
    if (fault !== undefined) fail(`line ${line}: ${fault}`);
    if (columns === undefined) {
      columns = columnsOf(cells, options.label, fail);
      continue;
    }
    const { header, label, features } = columns;
    if (cells.length !== header.length) {
      fail(`line ${line} has ${cells.length} cells, the header has ${header.length}`);
    }
    rows.push(Float64Array.from(features, (column) => toNumber(cells[column], line, header[column], fail)));
    labels.push(
      cells[label].trim() || fail(`line ${line}, column "${printable(header[label])}": the label is missing`),
    );
  }
  const { header, label, features } =
    columns ?? fail("the file is empty; it needs a header line and one line per sample");
  if (rows.length === 0) fail("there is a header but no sample");
  const classes = [...new Set(labels)].sort(compareLabels);
  if (classes.length < 2) {
    fail(
      `every sample has the label "${printable(classes[0])}"; there is nothing to classify (label column: "${printable(header[label])}", change it with --label)`,
    );
  }
  if (classes.length > rows.length / 2) {
    fail(
      `column "${printable(header[label])}" has ${classes.length} distinct values in ${rows.length} samples; it does not look like classes (choose the label column with --label)`,
    );
  }
  const x = new Float64Array(rows.length * features.length);
  rows.forEach((row, i) => {
    x.set(row, i * features.length);
  });
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  return {
    name: options.name ?? shownPath(path),
    features: features.map((column) => header[column]),
    label: header[label],
    classes,
    x,
    y: Int32Array.from(labels, (name) => indexOf.get(name) ?? -1),
    ...(options.image ? { image: options.image } : {}),
  };
}

type Fail = (message: string) => never;

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
  const numeric = header.filter(isDecimal);
  if (numeric.length >= header.length - 1) fail("line 1 holds numbers; the first line must name the columns");
  if (header.includes("")) fail(`line 1: column ${header.indexOf("") + 1} has no name`);
  const seen = new Set<string>();
  const repeated = header.find((cell) => seen.size === seen.add(cell).size);
  if (repeated !== undefined) fail(`line 1: two columns are named "${printable(repeated)}"`);
}

function findLabel(header: readonly string[], wanted: string | undefined, fail: Fail): number {
  if (wanted === undefined) return header.length - 1;
  const column = header.indexOf(wanted);
  if (column >= 0) return column;
  const meant = nearest(wanted, header);
  const hint =
    meant === undefined
      ? `the columns are ${printable(header.slice(0, 100).join(", "), 200)}`
      : `did you mean "${printable(meant)}"?`;
  return fail(`there is no column "${printable(wanted)}"; ${hint}`);
}

function toNumber(cell: string, line: number, column: string, fail: Fail): number {
  const value = numberIn(cell);
  if (typeof value === "number") return value;
  return fail(
    `line ${line}, column "${printable(column)}": ${value}; drop the line or the column, or choose the label column with --label`,
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
