/** What a text has between line ends outside quotes. */
export interface CsvRecord {
  readonly cells: readonly string[];
  /** That it begins on, counted from 1. */
  readonly line: number;
  /** What is wrong with its last cell; nothing is read after that. */
  readonly fault?: string;
}

const [QUOTE, NEWLINE, RETURN, SPACE, MARK] = [...'"\n\r \uFEFF'].map((sign) => sign.charCodeAt(0));

/**
 * Reads a text as RFC 4180 has it, with any of the three line ends; blank records are left out. Time and memory grow with
 * the length of the text, whatever it is.
 * @param delimiter one character
 */
export function* recordsOf(text: string, delimiter: string): Generator<CsvRecord> {
  const separator = delimiter.charCodeAt(0);
  let at = text.charCodeAt(0) === MARK ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const cells: string[] = [];
    const first = line;
    for (;;) {
      const { cell, end, fault } = cellAt(text, at, separator);
      if (fault !== undefined) return yield { cells, line, fault };
      if (text.charCodeAt(at) === QUOTE) line += lineEndsIn(cell);
      cells.push(cell);
      at = end + 1;
      if (text.charCodeAt(end) !== separator) break;
    }
    if (text.charCodeAt(at - 1) === RETURN && text.charCodeAt(at) === NEWLINE) at++;
    line++;
    if (cells.length > 1 || cells[0].trim() !== "") yield { cells, line: first };
  }
}

const DELIMITERS = [",", ";", "\t", "|"];
/** Records that the guess looks at. */
const EXAMINED = 10;

/** The delimiter that cuts the first records into the most cells; those that the header lacks do not count. */
export function delimiterOf(text: string): string {
  const counts = DELIMITERS.map((delimiter) => {
    let [header, records, total] = [0, 0, 0];
    for (const { cells } of recordsOf(text, delimiter)) {
      header ||= cells.length;
      total += Math.min(header, cells.length);
      if (++records === EXAMINED) break;
    }
    return total;
  });
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

interface Cell {
  readonly cell: string;
  /** Position of what ends it. */
  readonly end: number;
  readonly fault?: string;
}

function cellAt(text: string, start: number, separator: number): Cell {
  let end = start;
  if (text.charCodeAt(start) !== QUOTE) {
    while (!endsCell(text.charCodeAt(end), separator)) end++;
    return { cell: text.slice(start, end), end };
  }
  const close = closingQuote(text, start + 1);
  if (close < 0)
    return { cell: "", end, fault: "a quote is opened and never closed; double it inside a cell" };
  end = close + 1;
  while (text.charCodeAt(end) === SPACE) end++;
  return {
    cell: text.slice(start + 1, close).replaceAll('""', '"'),
    end,
    ...(endsCell(text.charCodeAt(end), separator)
      ? {}
      : { fault: "a quoted cell goes on after its closing quote; double quotes inside a cell" }),
  };
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
