import type { DecimalSign } from "./csv-number.js";
import type { ImageShape } from "./dataset.js";

/** How a CSV file is to be read. A column goes by its name or, where none has this name, by its number from 1. */
export interface CsvReading {
  /** Whether the first line names the columns; without names they are c1 … cd. Default: it does, unless it looks like data. */
  readonly header?: boolean | undefined;
  /** Label column. Default: the last that is not left out. */
  readonly label?: string | number | undefined;
  /** Columns that are left out. */
  readonly drop?: readonly (string | number)[] | undefined;
  /** Leave out rows with gaps. */
  readonly dropMissing?: boolean | undefined;
  /** What stands for a gap, beside an empty cell. Default: ?, NA, NaN, null and what else programs write. */
  readonly missing?: readonly (string | number)[] | undefined;
  /** Default: a point. */
  readonly decimal?: DecimalSign | undefined;
}

export interface CsvOptions extends CsvReading {
  /** Name of the data set. Default: the path. */
  readonly name?: string;
  /** Of samples that are pictures. */
  readonly image?: ImageShape;
}
