import { printable } from "../printable.js";

/** The sign between whole digits and the others. */
export type DecimalSign = "." | ",";

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const commaDecimal = /^[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?$/;
const bases: Readonly<Record<string, string>> = { x: "hexadecimal", b: "binary", o: "octal" };

/** Whether a text is a number as people write it: digits, a decimal sign, an exponent. */
export function isDecimal(text: string, sign: DecimalSign = "."): boolean {
  if (sign === ".") return decimal.test(text);
  return commaDecimal.test(text) || (decimal.test(text) && !text.includes("."));
}

/** Whether a cell holds a number, with either sign. */
export function isNumeric(cell: string): boolean {
  const text = cell.trim();
  return decimal.test(text) || commaDecimal.test(text);
}

/** Whether a text is a number with a comma before its decimals. */
export function hasDecimalComma(text: string): boolean {
  return commaDecimal.test(text);
}

/** The value of a decimal number. */
export function decimalValue(text: string, sign: DecimalSign = "."): number {
  return Number(sign === "." ? text : text.replace(",", "."));
}

/** The number that a cell holds, or what is wrong with it. */
export function numberIn(cell: string, sign: DecimalSign = "."): number | string {
  const text = cell.trim();
  if (text === "") return "the value is missing";
  const shown = `"${printable(text)}"`;
  if (isDecimal(text, sign)) {
    const value = decimalValue(text, sign);
    if (!Number.isFinite(value)) return `${shown} is larger than any number that can be held, about 1.8e308`;
    if (value === 0 && /^[^eE]*[1-9]/.test(text))
      return `${shown} is smaller than any number that can be held, about 5e-324, and would become 0`;
    return value;
  }
  if (sign === "," && isDecimal(text)) return `${shown} has a decimal point, where --decimal , was given`;
  const [, base] = /^[+-]?0([xbo])/.exec(text.toLowerCase()) ?? [];
  if (base !== undefined) return `${shown} looks ${bases[base]}; write decimal digits`;
  if (/^[+-]?[\d.,_'\s]+$/.test(text) && /\d/.test(text))
    return `${shown} is not a number; write digits without blanks, underscores or commas, and a decimal point`;
  return `${shown} is not a finite number`;
}
