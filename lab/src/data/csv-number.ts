import { printable } from "../printable.js";

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const bases: Readonly<Record<string, string>> = { x: "hexadecimal", b: "binary", o: "octal" };

/** Whether a text is a number as people write it: digits, a point, an exponent. */
export function isDecimal(text: string): boolean {
  return decimal.test(text);
}

/** The number that a cell holds, or what is wrong with it. */
export function numberIn(cell: string): number | string {
  const text = cell.trim();
  if (text === "") return "the value is missing";
  const shown = `"${printable(text)}"`;
  const value = Number(text);
  if (isDecimal(text)) {
    if (!Number.isFinite(value)) return `${shown} is larger than any number that can be held, about 1.8e308`;
    if (value === 0 && /^[^eE]*[1-9]/.test(text))
      return `${shown} is smaller than any number that can be held, about 5e-324, and would become 0`;
    return value;
  }
  const [, base] = /^[+-]?0([xbo])/.exec(text.toLowerCase()) ?? [];
  if (base !== undefined) return `${shown} looks ${bases[base]}; write decimal digits`;
  if (/^[+-]?[\d.,_'\s]+$/.test(text) && /\d/.test(text))
    return `${shown} is not a number; write digits without blanks, underscores or commas, and a decimal point`;
  return `${shown} is not a finite number`;
}
