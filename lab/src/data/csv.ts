import { LabError } from "../errors.js";
import { shownPath } from "../printable.js";
import { quote } from "../shell.js";
import { cellsInTheWay } from "./cells-in-the-way.js";
import { classesOf } from "./classes.js";
import type { Columns } from "./columns.js";
import type { CsvOptions } from "./csv-options.js";
import type { LabelledSamples } from "./dataset.js";
import { firstOf } from "./delimiter.js";
import { type Foreign, foreignText, mendedPath } from "./foreign.js";
import { labelsInTheWay } from "./labels-in-the-way.js";
import { layoutOf, recordsIn } from "./layout.js";
import { gapsOf } from "./missing.js";
import { type Obstacle, optionsBeyond, refusal } from "./obstacles.js";
import { startOf } from "./start.js";
import { type Table, tableOf } from "./table.js";
import { warningsOf } from "./warnings.js";

export type { CsvOptions } from "./csv-options.js";

/** Records behind the first that show whether it is a header. */
const EXAMINED = 100;

/**
 * A classification data set from the text of a CSV file: numeric feature columns, one label column of any text. The
 * delimiter is detected. What is in the way is told all at once, with the options that let it pass.
 * @param path for messages
 * @throws LabError "data"
 */
export function parseCsv(text: string, path: string, options: CsvOptions = {}): LabelledSamples {
  const fail = (message: string): never => {
    throw new LabError("data", `${shownPath(path)}: ${message}`);
  };
  const foreign = foreignText(text, path);
  if (foreign !== undefined) throw refusalOf(foreign, path, options);
  const { name, image, ...given } = options;
  const layout = layoutOf(text);
  const sign = given.decimal ?? ".";
  const gaps = gapsOf(given.missing?.map(String), sign);
  const [first, ...below] = firstOf(recordsIn(text, layout), 1 + EXAMINED);
  if (first === undefined) return fail("the file is empty; it needs a header line and one line per sample");
  if (first.fault !== undefined) return fail(`line ${first.line}: ${first.fault}`);

  const start = startOf(first, below, given, gaps, fail);
  const { columns } = start;
  const table = tableOf(recordsIn(text, layout), columns, gaps, sign);
  if (table.fault !== undefined) return fail(`line ${table.fault.line}: ${table.fault.text}`);
  const uneven = unevenObstacle(table, columns, path);
  if (table.rows.length === 0) return fail(uneven?.text ?? "there is a header but no sample");

  const cells = cellsInTheWay(table, columns, start.reading);
  const kept = [...table.rows.keys()].filter((row) => !cells.gapRows.has(row));
  const labels = kept.map((row) => table.labels[row]);
  if (kept.length === 0) return fail("every row has gaps; leave out the columns that have them, with --drop");
  const classes = classesOf(labels, sign);
  const noClasses = labelsInTheWay(labels, classes.names, columns);
  const obstacles: Obstacle[] = [
    ...start.obstacles,
    ...(uneven === undefined ? [] : [uneven.text]),
    ...cells.obstacles,
    ...(noClasses === undefined ? [] : [noClasses]),
  ];
  if (obstacles.length > 0)
    throw refusal(path, obstacles, { ...uneven?.next, options: optionsBeyond(given, cells.reading) });

  const x = new Float64Array(kept.length * columns.features.length);
  kept.forEach((row, i) => {
    x.set(table.rows[row], i * columns.features.length);
  });
  const warnings = [
    ...layout.notes,
    ...(image === undefined ? warningsOf(table, columns, classes, table.rows.length - kept.length) : []),
  ];
  return {
    name: name ?? shownPath(path),
    features: columns.features.map((column) => columns.names[column]),
    label: columns.names[columns.label],
    classes: classes.names,
    x,
    y: classes.y,
    ...(image === undefined ? {} : { image }),
    ...(columns.dropped.length === 0
      ? {}
      : { dropped: columns.dropped.map((column) => columns.names[column]) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

/** The refusal of what is no CSV, with the options that its content needs once it is converted. */
export function refusalOf(
  { converted, headless, refusal }: Foreign,
  path: string,
  options: CsvOptions,
): LabError {
  if (converted === undefined) return refusal([]);
  try {
    parseCsv(converted, path, { ...options, ...(headless ? { header: false } : {}) });
    return refusal([]);
  } catch (error) {
    if (error instanceof LabError) return refusal(error.next.options ?? []);
    throw error;
  }
}

/** Of lines that have too few or too many cells, and how to leave them out. */
function unevenObstacle({ uneven: { count, first } }: Table, { names, header }: Columns, path: string) {
  if (count === 0) return undefined;
  const [{ line, cells }] = first;
  const text = `line ${line} has ${cells} cells, the ${header ? "header" : "first"} has ${names.length}${count > 1 ? `; so it is with ${count - 1} more` : ""}`;
  if (count > first.length) return { text, next: {} };
  const file = mendedPath(path);
  const lines = first.map(({ line }) => `${line}d`).join(";");
  return { text, next: { command: `sed ${quote(lines)} ${quote(path)} > ${quote(file)}`, file } };
}
