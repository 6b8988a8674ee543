/** What a text has between line ends outside quotes. */
export interface CsvRecord {
  readonly cells: readonly string[];
  /** That it begins on, counted from 1. */
  readonly line: number;
  /** What is wrong with its last cell; nothing is read after that. */
  readonly fault?: string;
}

const [QUOTE, NEWLINE, RETURN, SPACE, MARK] = [...'"\n\r \uFEFF'].map((sign) => sign.charCodeAt(0));

/** Where a line of a text begins. */
export interface Place {
  readonly at: number;
  /** Counted from 1. */
  readonly line: number;
}

/** Behind the byte order mark, where there is one. */
export function beginningOf(text: string): Place {
  return { at: text.charCodeAt(0) === MARK ? 1 : 0, line: 1 };
}

/**
 * Reads a text as RFC 4180 has it, with any of the three line ends; blank records are left out. Time and memory grow with
 * the length of the text, whatever it is.
 * @param delimiter one character; a blank stands for any number of them
 */
export function* recordsOf(
  text: string,
  delimiter: string,
  from: Place = beginningOf(text),
): Generator<CsvRecord> {
  const separator = delimiter.charCodeAt(0);
  let { at, line } = from;
  while (at < text.length) {
    const cells: string[] = [];
    const first = line;
    for (;;) {
      const { cell, end, quoted, fault } = cellAt(text, at, separator);
      if (fault !== undefined) return yield { cells, line, fault };
      if (quoted) line += lineEndsIn(cell);
      if (separator !== SPACE || end > at) cells.push(cell);
      at = end + 1;
      if (text.charCodeAt(end) !== separator) break;
    }
    if (text.charCodeAt(at - 1) === RETURN && text.charCodeAt(at) === NEWLINE) at++;
    line++;
    if (cells.length > 1 || (cells.length === 1 && cells[0].trim() !== "")) yield { cells, line: first };
  }
}

interface Cell {
  readonly cell: string;
  /** Position of what ends it. */
  readonly end: number;
  readonly quoted: boolean;
  readonly fault?: string;
}

function cellAt(text: string, start: number, separator: number): Cell {
  // Blanks on either side of a quoted cell do not belong to it.
  const open = separator === SPACE ? start : behindBlanks(text, start);
  let end = open;
  if (text.charCodeAt(open) !== QUOTE) {
    while (!endsCell(text.charCodeAt(end), separator)) end++;
    return { cell: text.slice(start, end), end, quoted: false };
  }
  const close = closingQuote(text, open + 1);
  if (close < 0)
    return {
      cell: "",
      end,
      quoted: true,
      fault: "a quote is opened and never closed; double it inside a cell",
    };
  end = separator === SPACE ? close + 1 : behindBlanks(text, close + 1);
  return {
    cell: text.slice(open + 1, close).replaceAll('""', '"'),
    end,
    quoted: true,
    ...(endsCell(text.charCodeAt(end), separator)
      ? {}
      : { fault: "a quoted cell goes on after its closing quote; double quotes inside a cell" }),
  };
}

function behindBlanks(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === SPACE) at++;
  return at;
}

/** @param code of a character; NaN behind the last one */
function endsCell(code: number, separator: number): boolean {
  return code === separator || code === NEWLINE || code === RETURN || Number.isNaN(code);
}

/** Position of the first quote that is not doubled; −1 when there is none. */
function closingQuote(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at >= 0 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}

function lineEndsIn(cell: string): number {
  let count = 0;
  for (let at = 0; at < cell.length; at++) {
    const code = cell.charCodeAt(at);
    if (code === NEWLINE || (code === RETURN && cell.charCodeAt(at + 1) !== NEWLINE)) count++;
  }
  return count;
}
