import { LabError, nearest } from "../errors.js";
import { printable } from "../printable.js";
import { isNumeric } from "./csv-number.js";
import type { CsvReading } from "./csv-options.js";
import type { CsvRecord } from "./csv-records.js";
import { recordsOf } from "./csv-records.js";
import type { Gaps } from "./missing.js";

/** What the columns of a table are. */
export interface Columns {
  /** Of all columns; a column without one goes by c and its number. */
  readonly names: readonly string[];
  /** Positions. */
  readonly label: number;
  readonly features: readonly number[];
  readonly dropped: readonly number[];
  /** Whether the first record holds the names. */
  readonly header: boolean;
  /** Whether a column has its name from the first record. */
  isNamed(column: number): boolean;
  /** What the options call a column, so that it is found again. */
  reference(column: number): string;
}

/** Names that a label column usually has. */
const usualLabel = /^(labels?|class(es)?|targets?|species|diagnosis|outcome)$/i;

/** The columns that have such a name. */
export function usualLabels({ names, dropped }: Pick<Columns, "names" | "dropped">): number[] {
  return [...names.keys()].filter((column) => usualLabel.test(names[column]) && !dropped.includes(column));
}

/**
 * Finds the columns by the first record, and by the options.
 * @param below some of the records that follow
 * @param fail for options that name no column
 */
export function columnsOf(
  first: CsvRecord,
  below: readonly CsvRecord[],
  header: boolean,
  { label: wantedLabel, drop = [] }: Pick<CsvReading, "label" | "drop">,
  fail: (message: string) => never,
): Columns {
  const given = header ? widened(first.cells.map(plain), below) : first.cells.map(() => "");
  const taken = new Set(given);
  const names = given.map((name, column) => {
    if (name !== "") return name;
    let standIn = `c${column + 1}`;
    while (taken.has(standIn)) standIn += "_";
    return standIn;
  });
  const places = new Map<string, number>();
  const repeated = new Set(
    names.filter((name, column) => places.get(name) !== undefined || !places.set(name, column)),
  );
  const resolve = (wanted: string) => positionOf(wanted, names, places, repeated);
  const find = (wanted: string, option: string): number => {
    const column = resolve(wanted);
    if (typeof column === "number") return column;
    return fail(`${column}${option === "--label" ? "" : `, for ${option}`}`);
  };
  const dropped = [...new Set(drop.map((wanted) => find(String(wanted), "--drop")))].sort((a, b) => a - b);
  const isDropped = new Set(dropped);
  const left = [...names.keys()].filter((column) => !isDropped.has(column));
  if (left.length === 0) return fail("--drop leaves no column; name fewer");
  const label = wantedLabel === undefined ? left[left.length - 1] : find(String(wantedLabel), "--label");
  if (isDropped.has(label))
    return fail(
      `--drop leaves out the label column, "${printable(names[label])}"; choose another with --label`,
    );
  return {
    names,
    label,
    dropped,
    features: left.filter((column) => column !== label),
    header,
    isNamed: (column) => !header || given[column] !== "",
    reference: (column) => {
      const forms = [...(given[column] === "" ? [] : [names[column]]), `${column + 1}`, names[column]];
      return forms.find((form) => resolve(form) === column) ?? names[column];
    },
  };
}

/**
 * The position of a column by its name or, where no column has this name, its number from 1; or why there is none.
 * @param places by name, of the first column that has it
 */
function positionOf(
  wanted: string,
  names: readonly string[],
  places: ReadonlyMap<string, number>,
  repeated: ReadonlySet<string>,
): number | string {
  if (repeated.has(wanted)) return `two columns are named "${printable(wanted)}"; give the number of one`;
  const column = places.get(wanted);
  if (column !== undefined) return column;
  if (/^[1-9]\d*$/.test(wanted) && Number(wanted) <= names.length) return Number(wanted) - 1;
  const meant = nearest(wanted, names);
  const hint =
    meant === undefined
      ? `the columns are ${printable(names.slice(0, 100).join(", "), 200)}`
      : `did you mean "${printable(meant)}"?`;
  return `there is no column "${printable(wanted)}"; ${hint}`;
}

/** A cell without blanks, and without the single quotes that some programs write. */
export function plain(cell: string): string {
  const text = cell.trim();
  return text.length > 1 && text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1) : text;
}

/** With a place for what every record has beside the named columns: the names of the rows, or nothing at the end. */
function widened(names: readonly string[], below: readonly CsvRecord[]): readonly string[] {
  const wider = below.length > 0 && below.every(({ cells }) => cells.length === names.length + 1);
  if (!wider) return names;
  return below.every(({ cells }) => cells[names.length].trim() === "") ? [...names, ""] : ["", ...names];
}

/** Whether a first record holds names, as far as can be seen. */
export type Look = "names" | "data" | "doubtful";

/**
 * Looks at the first record: it is data where all but one of its cells are numbers or gaps, or some are, and a text of it
 * stands in the same column below. Numbers that count from 0 are the names that pandas gives.
 */
export function lookOf({ cells }: CsvRecord, below: readonly CsvRecord[], gaps: Gaps): Look {
  const texts = cells.map(plain);
  const numbers = texts.filter(isNumeric);
  if (numbers.length === 0) return "names";
  const recurs = texts.some(
    (text, column) =>
      !isNumeric(text) &&
      !gaps.inFeature(text) &&
      below.some(({ cells }) => cells[column] !== undefined && plain(cells[column]) === text),
  );
  const counts = numbers.length > 1 && numbers.every((text, i) => text === `${i}`);
  if (counts && !recurs) return numbers.length === texts.length ? "doubtful" : "names";
  const empty = texts.filter((text) => gaps.inFeature(text)).length;
  return recurs || numbers.length + empty >= texts.length - 1 ? "data" : "names";
}

/** Columns as an option lists them; one that has a comma in its name stands in double quotes. */
export const columnList = (text: string): string[] => listed(text, "names or numbers of columns");

/** Texts that stand for gaps, likewise. */
export const gapList = (text: string): string[] => listed(text, "texts that stand for gaps");

function listed(text: string, what: string): string[] {
  const [record] = recordsOf(text, ",");
  if (record === undefined || record.fault !== undefined || record.cells.some((cell) => cell.trim() === ""))
    throw new LabError("usage", `expected ${what}, separated by commas, got "${printable(text)}"`);
  return record.cells.map((cell) => cell.trim());
}

/** The opposite. */
export function asList(columns: readonly string[]): string {
  return columns.map((name) => (/[",\n\r]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(",");
}
