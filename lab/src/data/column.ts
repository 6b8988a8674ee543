import { type DecimalSign, decimalValue, hasDecimalComma, numberIn } from "./csv-number.js";
import type { Gaps } from "./missing.js";

/** Distinct texts of a column that are kept, to be shown. */
const MAX_EXAMPLES = 4;
/** Distinct texts that may stand for gaps in a column of numbers. */
const MAX_MARKS = 3;
/** Characters of such a text. */
const MAX_MARK = 40;
/** A comma that may separate thousands as well as decimals. */
const thousands = /^[+-]?[1-9]\d{0,2},\d{3}$/;
/** Numbers that programs write where there is none. */
const sentinels: readonly number[] = [999, 9999, 99999, 999999];

/** Where a cell stands, and what is wrong with it. */
export interface Example {
  readonly line: number;
  readonly fault: string;
}

/** What is known of a column of features, cell by cell. */
export interface Column {
  readonly position: number;
  /** Cells that hold numbers. */
  numbers: number;
  /** Of these, with a decimal point. */
  points: number;
  /** Of these, with a decimal comma, where that is not the decimal sign. */
  commas: number;
  /** The first of them. */
  comma?: Example & { readonly text: string };
  /** One whose comma cannot separate thousands. */
  clearComma?: string;
  /** Rows with a gap. */
  readonly gaps: number[];
  /** How gaps are written, but for empty cells. */
  readonly gapTexts: Set<string>;
  /** Line of the first gap. */
  gapLine?: number;
  /** Cells that are neither numbers nor gaps. */
  texts: number;
  /** The first of them, each with its line and what is wrong with it. */
  readonly examples: Map<string, Example>;
  /** Their rows, as long as few different ones occur. */
  readonly textRows: number[];
  /** Of numbers that are no sentinels. */
  smallest: number;
  largest: number;
  /** Texts of sentinels, and how often they occur. */
  readonly sentinels: Map<string, number>;
  /** Rows that hold them. */
  readonly sentinelRows: number[];
  /** Whether every row's number is a whole one, larger by 1 than the one before. */
  counting: boolean;
  /** Whether numbers are whole, and larger from row to row. */
  rising: boolean;
  previous: number;
}

export function emptyColumn(position: number): Column {
  return {
    position,
    numbers: 0,
    points: 0,
    commas: 0,
    gaps: [],
    gapTexts: new Set(),
    texts: 0,
    examples: new Map(),
    textRows: [],
    smallest: Number.POSITIVE_INFINITY,
    largest: Number.NEGATIVE_INFINITY,
    sentinels: new Map(),
    sentinelRows: [],
    counting: true,
    rising: true,
    previous: Number.NaN,
  };
}

/** Takes a cell in. @returns its number; NaN where it has none */
export function addCell(
  column: Column,
  cell: string,
  row: number,
  line: number,
  gaps: Gaps,
  sign: DecimalSign,
): number {
  const text = cell.trim();
  if (gaps.inFeature(text)) {
    column.gaps.push(row);
    column.gapLine ??= line;
    if (text !== "") column.gapTexts.add(text);
    column.counting = false;
    return Number.NaN;
  }
  const value = numberIn(text, sign);
  if (typeof value === "number") {
    addNumber(column, value, text, row);
    return value;
  }
  if (hasDecimalComma(text)) {
    column.commas++;
    column.comma ??= { text, line, fault: value };
    if (!thousands.test(text)) column.clearComma ??= text;
    addNumber(column, decimalValue(text, ","), text, row);
    return Number.NaN;
  }
  column.counting = false;
  column.texts++;
  if (column.examples.size < MAX_EXAMPLES && !column.examples.has(text))
    column.examples.set(text, { line, fault: value });
  if (column.examples.size <= MAX_MARKS) column.textRows.push(row);
  return Number.NaN;
}

function addNumber(column: Column, value: number, text: string, row: number): void {
  column.numbers++;
  if (text.includes(".")) column.points++;
  const whole = Number.isInteger(value);
  if (!whole || (column.numbers > 1 && value !== column.previous + 1)) column.counting = false;
  if (!whole || value <= column.previous) column.rising = false;
  column.previous = value;
  if (sentinels.includes(Math.abs(value))) {
    column.sentinels.set(text, (column.sentinels.get(text) ?? 0) + 1);
    column.sentinelRows.push(row);
    return;
  }
  if (value < column.smallest) column.smallest = value;
  if (value > column.largest) column.largest = value;
}

/** Whether a few cells in a column of numbers hold the same few texts: these may stand for gaps. */
export function isMarked({ texts, numbers, examples }: Column): boolean {
  const isShort = [...examples.keys()].every(({ length }) => length <= MAX_MARK);
  return texts > 0 && texts <= numbers && examples.size <= MAX_MARKS && isShort;
}

/** The sentinels that lie far from all other numbers of a column: they seem to stand for gaps. */
export function suspectsOf({ sentinels, smallest, largest }: Column): string[] {
  if (largest < smallest) return [];
  const reach = Math.max(Math.abs(smallest), Math.abs(largest));
  return [...sentinels.keys()].filter((text) => {
    const value = Number(text.replace(",", "."));
    if (value < 0) return smallest >= 0 ? -value > reach : -value >= 5 * reach;
    return value >= 10 * reach;
  });
}

/** Whether all numbers are one and the same. */
export function isConstant({ smallest, largest, sentinels, numbers }: Column): boolean {
  if (sentinels.size > 0) return numbers > 0 && largest < smallest && sentinels.size === 1;
  return numbers > 0 && smallest === largest;
}
