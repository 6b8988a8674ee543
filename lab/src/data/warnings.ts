import { counted, printable } from "../printable.js";
import type { Classes } from "./classes.js";
import { type Column, isConstant } from "./column.js";
import type { Columns } from "./columns.js";
import { isDecimal } from "./csv-number.js";
import { named, shortened } from "./obstacles.js";
import type { Table } from "./table.js";

/** Rows from which numbers that only rise are no accident. */
const MANY_ROWS = 20;
/** Rows from which numbers that rise by one are none. */
const FEW_ROWS = 4;

/** What a table that can be read may be read wrongly by. */
export function warningsOf(table: Table, columns: Columns, classes: Classes, rowsLeftOut: number): string[] {
  const { names, reference } = columns;
  const { rows, repeatedHeaders } = table;
  const at = ({ position }: Column) => named(names[position]);
  const counting = table.columns.filter((column) => countsRows(column, rows.length));
  const constant = table.columns.filter(isConstant);
  return [
    ...(repeatedHeaders.length > 0
      ? [
          `the header stands again on ${repeatedHeaders.length === 1 ? "line" : "lines"} ${shortened(repeatedHeaders.map(String))}, and is left out there`,
        ]
      : []),
    ...(rowsLeftOut > 0 ? [`${rowsLeftOut} of ${rows.length} rows have gaps, and are left out`] : []),
    ...counting.map(
      (column) =>
        `column ${at(column)} counts the rows, and may give away their order: leave it out with --drop ${reference(column.position)}`,
    ),
    ...labelWarnings(columns, classes),
    ...(constant.length > 0
      ? [
          `${counted(constant.length, "column")} with the same value in every row, which ${constant.length === 1 ? "tells" : "tell"} nothing: ${shortened(constant.map(at))}`,
        ]
      : []),
  ];
}

function countsRows({ numbers, gaps, counting, rising }: Column, rows: number): boolean {
  if (numbers < FEW_ROWS) return false;
  return (counting && numbers === rows) || (rising && numbers >= MANY_ROWS && gaps.length === 0);
}

function labelWarnings({ names, label }: Columns, { names: classes, y, merged }: Classes): string[] {
  const sizes = new Int32Array(classes.length);
  for (const index of y) sizes[index]++;
  const single = classes.filter((_, index) => sizes[index] === 1);
  const small = sizes.filter((size) => size <= 2).length;
  const decimals = classes.filter(
    (name) => /[.,]\d*[1-9]/.test(name) && (isDecimal(name) || isDecimal(name, ",")),
  );
  const column = named(names[label]);
  const warnings: string[] = [];
  if (merged.length > 0)
    warnings.push(
      `label ${column}: ${shortened(
        merged.map((same) => same.map((text) => printable(text)).join(" and ")),
        3,
      )} are the same number, and one class`,
    );
  if (decimals.length > 0 || (small > classes.length / 2 && classes.length > 2)) {
    const many = small > 0 ? `, ${small} of them with one or two samples` : "";
    warnings.push(
      `label ${column}: ${decimals.length > 0 ? "decimal numbers are taken for classes" : "many values are taken for classes"}: ${classes.length} in ${y.length} samples${many}. flatward classifies, and knows no order among classes: is it a number to be predicted? Make a few classes of it, or choose another column with --label`,
    );
  } else if (single.length > 0)
    warnings.push(
      `label ${column}: ${counted(single.length, "class has", "classes have")} a single sample, which is trained on and never tested: ${shortened(
        single.map((name) => printable(name)),
        5,
      )}`,
    );
  return warnings;
}
