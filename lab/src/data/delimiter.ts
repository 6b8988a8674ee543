import { isNumeric } from "./csv-number.js";
import { type CsvRecord, type Place, recordsOf } from "./csv-records.js";

const DELIMITERS = [",", ";", "\t", "|"];
/** Columns of a table on paper: any number of blanks between two cells. */
const BLANKS = " ";
/** Records that the guess looks at. */
const EXAMINED = 10;

/**
 * The delimiter that cuts the first records into the most numbers, then into the most cells; what the first record lacks
 * does not count. Blanks are one only where every record then has as many cells as the first.
 */
export function delimiterOf(text: string, from?: Place): string {
  const [best] = [...DELIMITERS, BLANKS]
    .map((delimiter) => ({ delimiter, ...countsOf(text, delimiter, from) }))
    .filter(({ delimiter, even }) => delimiter !== BLANKS || even)
    .sort((a, b) => b.numbers - a.numbers || b.cells - a.cells);
  return best.delimiter;
}

function countsOf(text: string, delimiter: string, from?: Place) {
  const records = firstOf(recordsOf(text, delimiter, from), EXAMINED);
  const width = records[0]?.cells.length ?? 0;
  const cut = records.map(({ cells }) => cells.slice(0, width));
  return {
    numbers: cut.flatMap((cells) => (cells.length > 1 ? cells.filter(isNumeric) : [])).length,
    cells: cut.reduce((sum, cells) => sum + cells.length, 0),
    // The first line of R's write.table lacks the names of the rows.
    even: width > 1 && records.every(({ cells }) => cells.length === width || cells.length === width + 1),
  };
}

/** The first records, as many as there are. */
export function firstOf(records: Iterable<CsvRecord>, count: number): CsvRecord[] {
  const first: CsvRecord[] = [];
  for (const record of records) {
    first.push(record);
    if (first.length === count) break;
  }
  return first;
}
