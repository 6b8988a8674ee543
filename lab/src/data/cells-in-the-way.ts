import { counted, printable } from "../printable.js";
import { type Column, isMarked, suspectsOf } from "./column.js";
import type { Columns } from "./columns.js";
import type { CsvReading } from "./csv-options.js";
import { named, type Obstacle, shortened } from "./obstacles.js";
import type { Table } from "./table.js";

/** What of a table's cells is in the way, and the options with which it would not be. */
export interface InTheWay {
  readonly obstacles: readonly Obstacle[];
  readonly reading: CsvReading;
  /** Rows that have gaps, where these options hold. */
  readonly gapRows: ReadonlySet<number>;
}

/** Where more of a column than this is missing, the column is better left out than its rows. */
const MOST_MISSING = 0.5;

/** Decides what is to be done about every column that does not hold a number in every row. */
export function cellsInTheWay(table: Table, columns: Columns, given: CsvReading): InTheWay {
  const { rows, unlabelled, labelGapTexts } = table;
  const { names, reference } = columns;
  const obstacles: Obstacle[] = [];
  let reading = given;
  const at = ({ position }: Column) => named(names[position]);

  const decimalCommas = haveDecimalCommas(table.columns);
  if (decimalCommas) {
    const shown = table.columns.flatMap((column) =>
      column.comma === undefined
        ? []
        : [`${at(column)} (${printable(column.clearComma ?? column.comma.text)})`],
    );
    obstacles.push(`${counted(shown.length, "column")} with decimal commas: ${shortened(shown)}`);
    reading = { ...reading, decimal: "," };
  }
  const isText = (column: Column) =>
    (column.texts > 0 && !isMarked(column)) || (column.commas > 0 && !decimalCommas);
  const textual = table.columns.filter(isText);
  const hollow = table.columns.filter(
    (column) => !isText(column) && column.gaps.length > MOST_MISSING * rows.length,
  );
  if (textual.length > 0) obstacles.push(textObstacle(textual, at));
  if (hollow.length > 0)
    obstacles.push(
      `${counted(hollow.length, "column")} with gaps in more than half of ${rows.length} rows: ${shortened(hollow.map((column) => `${at(column)} (${column.gaps.length})`))}`,
    );
  const dropped = [...textual, ...hollow].sort((a, b) => a.position - b.position);
  if (dropped.length > 0) {
    const also = dropped.map(({ position }) => reference(position));
    reading = { ...reading, drop: [...(reading.drop ?? []), ...also] };
  }

  const isDropped = new Set(dropped);
  const kept = table.columns.filter((column) => !isDropped.has(column));
  if (kept.length === 0) obstacles.push("no column of numbers is left");
  const marked = kept.filter(({ texts }) => texts > 0);
  for (const column of marked) {
    const [[, { line, fault }]] = column.examples;
    const more = column.texts > 1 ? `, and ${counted(column.texts - 1, "more cell")} like it` : "";
    obstacles.push(`line ${line}, column ${at(column)}: ${fault}${more}`);
  }
  const suspects = given.missing === undefined ? kept.filter((column) => suspectsOf(column).length > 0) : [];
  for (const column of suspects)
    obstacles.push(
      `column ${at(column)}: ${suspectsOf(column).join(" and ")} far from all other numbers (${column.smallest} to ${column.largest}), as gaps are often written (where it is a number like the others, name with the option missing what else stands for a gap, such as NA)`,
    );
  if (marked.length + suspects.length > 0) {
    const known = given.missing ?? [...kept.flatMap(({ gapTexts }) => [...gapTexts]), ...labelGapTexts];
    const found = [
      ...marked.flatMap(({ examples }) => [...examples.keys()]),
      ...suspects.flatMap(suspectsOf),
    ];
    reading = { ...reading, missing: [...new Set([...known.map(String), ...found])] };
  }

  const gapRows = new Set([
    ...kept.flatMap(({ gaps }) => gaps),
    ...marked.flatMap(({ textRows }) => textRows),
    ...suspects.flatMap(({ sentinelRows }) => sentinelRows),
    ...unlabelled,
  ]);
  if (gapRows.size > 0 && !given.dropMissing) {
    const places = gapPlaces(table, kept, columns);
    // What was said above of single columns need not be said again.
    if (places !== undefined || marked.length + suspects.length > 1)
      obstacles.push(
        `${places === undefined ? "" : `${places.first}; `}${gapRows.size} of ${rows.length} rows ${gapRows.size === 1 ? "has" : "have"} gaps${places === undefined ? "" : places.all}`,
      );
    reading = { ...reading, dropMissing: true };
  }
  return { obstacles, reading: kept.length === 0 ? given : reading, gapRows };
}

/**
 * Whether commas stand before decimals in all columns that have any: not where others have points, nor where all may
 * separate thousands.
 */
function haveDecimalCommas(columns: readonly Column[]): boolean {
  return (
    columns.some(({ clearComma }) => clearComma !== undefined) && columns.every(({ points }) => points === 0)
  );
}

function textObstacle(textual: readonly Column[], at: (column: Column) => string): Obstacle {
  const textsOf = ({ examples, comma }: Column) =>
    [...examples.keys(), ...(comma === undefined ? [] : [comma.text])].map((text) => printable(text, 20));
  const [only] = textual;
  if (textual.length > 1)
    return `${textual.length} columns hold text: ${shortened(textual.map((column) => `${at(column)} (${shortened(textsOf(column), 3)})`))}`;
  const { line, fault } = [...only.examples.values(), ...(only.comma === undefined ? [] : [only.comma])][0];
  const others = textsOf(only).slice(1);
  return `line ${line}, column ${at(only)}: ${fault}; ${others.length > 0 ? `the column holds text, such as ${shortened(others)}` : "the column holds text"}`;
}

/** The first gap, and which columns have how many. */
function gapPlaces(
  { unlabelled, unlabelledLine }: Table,
  kept: readonly Column[],
  { names, label }: Columns,
): { readonly first: string; readonly all: string } | undefined {
  const place = (line: number | undefined, column: number, what: string) =>
    `line ${line}, column ${named(names[column])}: the ${what} is missing`;
  const features = kept.filter(({ gaps }) => gaps.length > 0);
  const all = features.map(({ position, gaps }) => `${named(names[position])} (${gaps.length})`);
  if (unlabelled.length > 0) all.push(`the label, ${named(names[label])} (${unlabelled.length})`);
  if (all.length === 0) return undefined;
  const [first] = features;
  return {
    first:
      first === undefined
        ? place(unlabelledLine, label, "label")
        : place(first.gapLine, first.position, "value"),
    all: all.length > 1 ? `: ${shortened(all)}` : "",
  };
}
