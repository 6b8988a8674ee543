import { type DecimalSign, decimalValue, isDecimal } from "./csv-number.js";

/** Classes, and which sample has which. */
export interface Classes {
  readonly names: readonly string[];
  readonly y: Int32Array;
  /** Texts of one number that were taken for one class, as 1 and 1.0. */
  readonly merged: readonly (readonly string[])[];
}

/** Makes classes of labels: numbers by size, then texts by code unit. Texts of one number are one class. */
export function classesOf(labels: readonly string[], sign: DecimalSign): Classes {
  const number = (text: string) => (isDecimal(text, sign) ? decimalValue(text, sign) : Number.NaN);
  const texts = [...new Set(labels)].sort((a, b) => compare(a, number(a), b, number(b)));
  const names: string[] = [];
  const indexOf = new Map<string, number>();
  const written: string[][] = [];
  for (const text of texts) {
    const value = number(text);
    const before = names.length > 0 ? number(names[names.length - 1]) : Number.NaN;
    // Beyond 2⁵³ different numbers would be one.
    if (value !== before || !Number.isSafeInteger(Math.trunc(value))) {
      names.push(text);
      written.push([]);
    }
    indexOf.set(text, names.length - 1);
    written[names.length - 1].push(text);
  }
  written.forEach((same, index) => {
    // The shortest is how people would write it.
    names[index] = same.reduce((best, text) => (text.length < best.length ? text : best));
  });
  return {
    names,
    y: Int32Array.from(labels, (text) => indexOf.get(text) ?? -1),
    merged: written.filter(({ length }) => length > 1),
  };
}

function compare(a: string, first: number, b: string, second: number): number {
  const textual = Number(Number.isNaN(first)) - Number(Number.isNaN(second));
  if (textual !== 0) return textual;
  if (first < second || first > second) return first - second;
  return a < b ? -1 : a > b ? 1 : 0;
}
