import { addCell, type Column, emptyColumn } from "./column.js";
import { type Columns, plain } from "./columns.js";
import type { DecimalSign } from "./csv-number.js";
import type { CsvRecord } from "./csv-records.js";
import type { Gaps } from "./missing.js";

/** Lines that are remembered of all that are too short or too long. */
const MAX_UNEVEN = 20;

/** A table as it was read, whatever is in the way. */
export interface Table {
  /** Of the features, row by row; NaN where there is no number. */
  readonly rows: readonly Float64Array[];
  /** A text a row; an empty one where there is none. */
  readonly labels: readonly string[];
  readonly columns: readonly Column[];
  /** Rows without a label, and the line of the first. */
  readonly unlabelled: readonly number[];
  readonly unlabelledLine?: number;
  /** How gaps are written in the label column, but for empty cells. */
  readonly labelGapTexts: ReadonlySet<string>;
  /** Records with too few or too many cells, which are no rows. */
  readonly uneven: { readonly count: number; readonly first: readonly { line: number; cells: number }[] };
  /** Lines that repeat the header, which are no rows. */
  readonly repeatedHeaders: readonly number[];
  /** What ends the text too early. */
  readonly fault?: { readonly line: number; readonly text: string };
}

/**
 * Reads all records behind the header, row by row: the cells of a large file, as texts, would take many times the memory
 * of its numbers.
 */
export function tableOf(
  records: Iterable<CsvRecord>,
  { names, features, label, header }: Columns,
  gaps: Gaps,
  sign: DecimalSign,
): Table {
  const columns = features.map(emptyColumn);
  const rows: Float64Array[] = [];
  const labels: string[] = [];
  const unlabelled: number[] = [];
  const labelGapTexts = new Set<string>();
  const uneven: { line: number; cells: number }[] = [];
  const repeatedHeaders: number[] = [];
  let [unevenCount, unlabelledLine, fault]: [number, number | undefined, Table["fault"]] = [
    0,
    undefined,
    undefined,
  ];
  let headerCells: readonly string[] | undefined;
  for (const { cells, line, fault: text } of records) {
    if (text !== undefined) {
      fault = { line, text };
      break;
    }
    if (header && headerCells === undefined) {
      headerCells = cells;
      continue;
    }
    if (cells[0] === headerCells?.[0] && isSame(cells, headerCells)) {
      repeatedHeaders.push(line);
      continue;
    }
    if (cells.length !== names.length) {
      unevenCount++;
      if (uneven.length < MAX_UNEVEN) uneven.push({ line, cells: cells.length });
      continue;
    }
    const row = rows.length;
    rows.push(
      Float64Array.from(columns, (column) => addCell(column, cells[column.position], row, line, gaps, sign)),
    );
    const text_ = plain(cells[label]);
    const isGap = gaps.inLabel(text_);
    if (isGap) {
      unlabelled.push(row);
      unlabelledLine ??= line;
      if (text_ !== "") labelGapTexts.add(text_);
    }
    labels.push(isGap ? "" : text_);
  }
  return {
    rows,
    labels,
    columns,
    unlabelled,
    ...(unlabelledLine === undefined ? {} : { unlabelledLine }),
    labelGapTexts,
    uneven: { count: unevenCount, first: uneven },
    repeatedHeaders,
    ...(fault === undefined ? {} : { fault }),
  };
}

function isSame(cells: readonly string[], others: readonly string[]): boolean {
  return cells.length === others.length && cells.every((cell, i) => cell === others[i]);
}
