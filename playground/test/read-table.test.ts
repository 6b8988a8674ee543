import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../lab/src/data/csv.js";
import { smallDigits } from "../build/small-digits.js";
import { digitsTable } from "../src/engine/digits-table.js";
import { readTable } from "../src/engine/read-table.js";

const shipped = (name: string) =>
  readFileSync(new URL(`../../lab/data/${name}.csv`, import.meta.url), "utf8");
/** 24 samples below a header; line 2 is the first of them. */
const lines = (change: (lines: string[]) => void = () => {}): string => {
  const text = [
    "length,width,kind",
    ...Array.from({ length: 24 }, (_, i) => `${i},${i * i},${i % 2 ? "u" : "v"}`),
  ];
  change(text);
  return text.join("\n");
};

describe("a table", () => {
  it.each([
    ["Iris", shipped("iris")],
    ["small digits", digitsTable(smallDigits(shipped("digits")))],
    ["one of blanks and semicolons", lines().replaceAll(",", "; ")],
  ])("%s is read as the laboratory reads it", (_, text) => {
    const there = parseCsv(text, "a.csv");
    const here = readTable(text, "a.csv");
    expect({ ...there, warnings: undefined }).toEqual({ ...here, warnings: undefined });
  });

  it("may lack a header", () => {
    const { features, y } = readTable(
      lines((text) => text.shift()),
      "a.csv",
    );
    expect([features, y.length]).toEqual([["c1", "c2"], 24]);
  });

  it.each([
    [
      "a word among numbers",
      (text: string[]) => text.splice(4, 1, "3,wide,u"),
      'a.csv, line 5: in column "width", "wide" is not a finite number.',
    ],
    [
      "a gap",
      (text: string[]) => text.splice(7, 1, ",4,v"),
      'a.csv, line 8: in column "length", the value is missing.',
    ],
    [
      "a short line",
      (text: string[]) => text.splice(2, 1, "3,u"),
      "a.csv, line 3: it has 2 cells, where the first line has 3.",
    ],
    [
      "an open quote",
      (text: string[]) => text.splice(9, 1, '3,4,"u'),
      "a.csv, line 10: a quote is opened and never closed; double it inside a cell.",
    ],
    ["few samples", (text: string[]) => text.splice(5), "a.csv: it has 4 samples; 20 are needed at least."],
    [
      "one label",
      (text: string[]) =>
        text.forEach((line, i) => {
          text[i] = line.replace(/,u$/, ",v");
        }),
      'a.csv: its last column, "kind", has 1 different label; 2 to 10 can be shown.',
    ],
    [
      "a number in the place of a label",
      (text: string[]) =>
        text.forEach((line, i) => {
          text[i] = `${line}${i}`;
        }),
      'a.csv: its last column, "kind0", has 24 different labels; 2 to 10 can be shown.',
    ],
    [
      "nothing",
      (text: string[]) => text.splice(0),
      "a.csv: there are not two columns: numbers, and a label in the last one.",
    ],
  ])("is refused with a sentence for %s", (_, change, sentence) => {
    expect(() => readTable(lines(change), "a.csv")).toThrow(new Error(sentence));
  });
});

describe("small digits", () => {
  it("are sums of four pixels, and keep their ink", () => {
    const text = digitsTable(smallDigits(shipped("digits")));
    const ink = (row: string) =>
      row
        .split(",")
        .slice(0, -1)
        .reduce((sum, cell) => sum + Number(cell), 0);
    const [small, whole] = [text, shipped("digits")].map((csv) => csv.trim().split("\n").slice(1));
    expect(small).toHaveLength(200);
    small.forEach((row, i) => {
      expect([ink(row), row.split(",").at(-1)]).toEqual([ink(whole[i]), whole[i].split(",").at(-1)]);
    });
    // Of the first zero: 0 0 | 5 13 and 0 0 | 13 15 above.
    expect(small[0].split(",").slice(0, 2)).toEqual(["0", "46"]);
  });
});
