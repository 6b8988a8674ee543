import { classesOf } from "../../../lab/src/data/classes.js";
import { isNumeric, numberIn } from "../../../lab/src/data/csv-number.js";
import { type CsvRecord, recordsOf } from "../../../lab/src/data/csv-records.js";
import type { LabelledSamples } from "../../../lab/src/data/dataset.js";
import { delimiterOf } from "../../../lab/src/data/delimiter.js";
import { counted } from "../../../lab/src/report/format.js";

/** Fewer samples leave nothing to test on; more classes cannot be told apart by their colours. */
const [FEWEST_SAMPLES, MOST_CLASSES] = [20, 10];

/**
 * Samples from the text of a CSV file: numbers, and a label in the last column. The laboratory reads the same, and more
 * besides; this refuses at the first fault.
 * @throws Error with a sentence that names the line
 */
export function readTable(text: string, name: string): LabelledSamples {
  const fail = (what: string, line?: number): never => {
    throw new Error(`${name}${line === undefined ? "" : `, line ${line}`}: ${what}.`);
  };
  const records: readonly CsvRecord[] = [...recordsOf(text, delimiterOf(text))];
  for (const { fault, line } of records) if (fault !== undefined) fail(fault, line);
  const [first] = records;
  if (first === undefined || first.cells.length < 2)
    return fail("there are not two columns: numbers, and a label in the last one");
  const width = first.cells.length - 1;
  const isHeader = !first.cells.slice(0, width).some(isNumeric);
  const names = first.cells.map((cell, j) => (isHeader ? cell.trim() : `c${j + 1}`));
  const rows = isHeader ? records.slice(1) : records;
  if (rows.length < FEWEST_SAMPLES)
    return fail(`it has ${counted(rows.length, "sample")}; ${FEWEST_SAMPLES} are needed at least`);

  const x = new Float64Array(rows.length * width);
  rows.forEach(({ cells, line }, i) => {
    if (cells.length !== width + 1)
      fail(`it has ${counted(cells.length, "cell")}, where the first line has ${width + 1}`, line);
    for (let j = 0; j < width; j++) {
      const value = numberIn(cells[j]);
      if (typeof value === "string") fail(`in column "${names[j]}", ${value}`, line);
      else x[i * width + j] = value;
    }
  });
  const classes = classesOf(
    rows.map(({ cells }) => cells[width].trim()),
    ".",
  );
  const count = classes.names.length;
  if (count < 2 || count > MOST_CLASSES)
    fail(
      `its last column, "${names[width]}", has ${counted(count, "different label")}; 2 to ${MOST_CLASSES} can be shown`,
    );
  return {
    name,
    features: names.slice(0, width),
    label: names[width],
    classes: classes.names,
    x,
    y: classes.y,
  };
}
