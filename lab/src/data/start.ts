import { counted } from "../printable.js";
import { type Columns, columnsOf, lookOf, plain, usualLabels } from "./columns.js";
import type { CsvReading } from "./csv-options.js";
import type { CsvRecord } from "./csv-records.js";
import type { Gaps } from "./missing.js";
import { named, type Obstacle, shortened } from "./obstacles.js";

/** What the first records say. */
export interface Start {
  readonly columns: Columns;
  readonly obstacles: readonly Obstacle[];
  /** The options with which these would not be there. */
  readonly reading: CsvReading;
}

/**
 * Finds the columns, and everything at the top of a table that is in the way.
 * @param below some of the records behind the first
 * @param fail for what no option can mend
 */
export function startOf(
  first: CsvRecord,
  below: readonly CsvRecord[],
  given: CsvReading,
  gaps: Gaps,
  fail: (message: string) => never,
): Start {
  const obstacles: Obstacle[] = [];
  let reading = given;
  if (first.cells.length < 2)
    fail("found 1 column; it needs at least one feature and a label, separated by commas");
  const look = given.header === undefined ? lookOf(first, below, gaps) : "names";
  if (look !== "names") {
    const isData = look === "data";
    obstacles.push(
      isData
        ? `line ${first.line} holds numbers, and looks like data: is the header missing? (where it does name the columns, the option is header)`
        : `line ${first.line} holds the numbers 0, 1, 2 …: they look like the names that pandas gives (where they are data, the option is no-header)`,
    );
    reading = { ...reading, header: !isData };
  }
  const header = reading.header ?? true;
  let columns = columnsOf(first, below, header, reading, fail);
  if (header) {
    const { also, texts } = namelessOrRepeated(first, columns);
    if (also.length >= first.cells.length - 1) fail(`${texts[0]}; the first line must name the columns`);
    obstacles.push(...texts);
    if (also.length > 0) {
      reading = { ...reading, drop: [...(given.drop ?? []), ...also.map(columns.reference)] };
      columns = columnsOf(first, below, header, reading, fail);
    }
    const elsewhere =
      given.label === undefined ? usualLabels(columns).filter((column) => column !== columns.label) : [];
    if (elsewhere.length > 0 && !usualLabels(columns).includes(columns.label)) {
      const [column] = elsewhere;
      const { names, label, reference } = columns;
      obstacles.push(
        `column ${column + 1} is named ${named(names[column])}, but the last, ${named(names[label])}, would be the label: say which it is`,
      );
      reading = { ...reading, label: reference(column) };
      columns = columnsOf(first, below, header, reading, fail);
    }
  }
  if (columns.features.length === 0)
    fail("found 1 column; it needs at least one feature and a label, separated by commas");
  return { columns, obstacles, reading };
}

function namelessOrRepeated({ line, cells }: CsvRecord, { names, dropped, isNamed }: Columns) {
  const isDropped = new Set(dropped);
  const kept = [...names.keys()].filter((column) => !isDropped.has(column));
  const nameless = kept.filter((column) => !isNamed(column));
  const seen = new Set<string>();
  const repeated = kept.filter((column) => seen.size === seen.add(names[column]).size);
  const texts: Obstacle[] = [];
  if (nameless.length > 0) {
    const shown = shortened(nameless.map((column) => `${column + 1}`));
    const isFirst = nameless[0] === 0;
    texts.push(
      `line ${line}: column${nameless.length > 1 ? "s" : ""} ${shown} ${nameless.length > 1 ? "have" : "has"} no name${
        isFirst
          ? ": an index? pandas leaves it out with to_csv(…, index=False), R with row.names = FALSE"
          : ""
      }`,
    );
  }
  for (const column of repeated)
    texts.push(`line ${line}: two columns are named ${named(plain(cells[column] ?? names[column]))}`);
  return {
    also: [...nameless, ...repeated],
    texts: texts.length > 5 ? [...texts.slice(0, 5), counted(texts.length - 5, "more such column")] : texts,
  };
}
