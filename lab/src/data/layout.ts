import { isNumeric } from "./csv-number.js";
import { beginningOf, type CsvRecord, type Place, recordsOf } from "./csv-records.js";
import { delimiterOf, firstOf } from "./delimiter.js";

/** How a text is cut into cells. */
export interface Layout {
  readonly delimiter: string;
  /** Where its table begins. */
  readonly from: Place;
  /** What was found that is not usual, in words. */
  readonly notes: readonly string[];
}

const LINE_END = /\r\n|\n|\r/g;
/** As Excel names the delimiter in a first line of its own. */
const separatorLine = /^"?sep=(.)"?$/i;
const COMMENT = "#";
/** A title before the table is a few lines; more of them are not looked through. */
const MAX_COMMENTS = 1000;

/**
 * Finds the delimiter, and what stands before the table: Excel's line `sep=;`, and lines that begin with #. The last of
 * these is the header where it has a name for every cell of the first sample, as numpy writes it.
 */
export function layoutOf(text: string): Layout {
  const notes: string[] = [];
  let from = beginningOf(text);
  const [, named] = separatorLine.exec(lineAt(text, from).line.trim()) ?? [];
  if (named !== undefined) {
    from = lineAt(text, from).next;
    notes.push(`line 1 is Excel's sep=${named}, and names the delimiter`);
  }
  const comments: Place[] = [];
  while (comments.length < MAX_COMMENTS && text.startsWith(COMMENT, from.at)) {
    comments.push(from);
    from = lineAt(text, from).next;
  }
  if (from.at >= text.length) from = comments[0] ?? from;
  const delimiter = named ?? delimiterOf(text, from);
  const header = headerBehind(text, comments.at(-1), delimiter, from);
  const left = comments.length - (header === undefined ? 0 : 1);
  if (left > 0)
    notes.push(
      left === 1
        ? `a line that begins with ${COMMENT} is a comment, and left out`
        : `${left} lines that begin with ${COMMENT} are comments, and left out`,
    );
  if (header !== undefined) notes.push(`line ${header.line} names the columns behind a ${COMMENT}`);
  if (delimiter === " ") notes.push("its columns are separated by blanks");
  return { delimiter, from: header ?? from, notes };
}

export function recordsIn(text: string, { delimiter, from }: Layout): Generator<CsvRecord> {
  return recordsOf(text, delimiter, from);
}

/** Where the names of the columns begin that a comment holds. */
function headerBehind(
  text: string,
  comment: Place | undefined,
  delimiter: string,
  from: Place,
): Place | undefined {
  if (comment === undefined || comment.at === from.at) return undefined;
  const behind = { ...comment, at: comment.at + COMMENT.length };
  const place = text[behind.at] === delimiter && delimiter !== " " ? comment : behind;
  const [names, sample] = firstOf(recordsOf(text, delimiter, place), 2);
  const isHeader =
    names.cells.length > 1 &&
    names.cells.length === sample?.cells.length &&
    !names.cells.some(isNumeric) &&
    sample.cells.some(isNumeric);
  return isHeader ? place : undefined;
}

function lineAt(text: string, { at, line }: Place): { readonly line: string; readonly next: Place } {
  LINE_END.lastIndex = at;
  const end = LINE_END.exec(text);
  const stop = end?.index ?? text.length;
  return { line: text.slice(at, stop), next: { at: stop + (end?.[0].length ?? 0), line: line + 1 } };
}
