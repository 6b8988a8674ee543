import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/data/csv.js";
import { recordsOf } from "../../src/data/csv-records.js";
import { delimiterOf } from "../../src/data/delimiter.js";
import { readCsv } from "../../src/data/read-csv.js";
import { loadSource } from "../../src/data/sources.js";
import { LabError } from "../../src/errors.js";
import { scratch } from "../support/run.js";

const good = "a,b,kind\n1,2,x\n3,4.5,y\n5,-6e-1,x\n7,8,y\n";

/** What is wrong with a file → what the message must say. */
const refusals: readonly [name: string, text: string, message: RegExp, label?: string][] = [
  ["an empty file", "", /flowers\.csv: the file is empty/],
  ["nothing but blank lines", "\n\n", /the file is empty/],
  ["a header alone", "a,b,kind\n", /no sample/],
  ["numbers for a header", "1,2,3\n4,5,6\n", /line 1 holds numbers/],
  ["a sample for a header", "1,2,x\n3,4,y\n5,6,x\n7,8,y\n", /line 1 holds numbers/],
  ["a column without a name", "a,,kind\n1,2,x\n3,4,y\n1,2,x\n3,4,y\n", /column 2 has no name/],
  ["two columns of one name", "a,b,a\n1,2,x\n3,4,y\n1,2,x\n3,4,y\n", /two columns are named "a"/],
  ["a single column", "a\n1\n2\n", /at least one feature and a label/],
  ["a short line", `${good}9,10\n`, /line 6 has 2 cells, the header has 3/],
  ["a long line after a blank one", `${good}\n9,10,x,1\n`, /line 7 has 4 cells/],
  ["a word among the numbers", `${good}9,ten,x\n`, /line 6, column "b": "ten" is not a finite number/],
  ["a missing value", `${good}9,,x\n`, /line 6, column "b": the value is missing/],
  ["an infinite value", `${good}Infinity,1,x\n`, /line 6, column "a": "Infinity" is not a finite number/],
  ["NaN", `${good}NaN,1,x\n`, /line 6, column "a": the value is missing; 1 of 5 rows has gaps/],
  ["a hexadecimal number", `${good}0x10,1,x\n`, /column "a": "0x10" looks hexadecimal; write decimal digits/],
  ["a binary number", `${good}-0B11,1,x\n`, /column "a": "-0B11" looks binary/],
  ["an octal number", `${good}0o17,1,x\n`, /column "a": "0o17" looks octal/],
  ["what would become 0", `${good}1e-400,1,x\n`, /"1e-400" is smaller than any number that can be held/],
  ["what would become 0, in digits", `${good}-0.${"0".repeat(330)}5,1,x\n`, /"-0\.0+…" is smaller than any/],
  [
    "what would become infinite",
    `${good}-1e400,1,x\n`,
    /"-1e400" is larger than any number that can be held/,
  ],
  ["blanks between digits", `${good}1 000,1,x\n`, /"1 000" is not a number; write digits without blanks/],
  ["underscores between digits", `${good}1_000,1,x\n`, /"1_000" is not a number; write digits without/],
  [
    "a decimal comma",
    "a;b;kind\n1,5;2;x\n3;4;y\n5;6;x\n7;8;y\n",
    /decimal commas: "a" \(1,5\); go on with: --decimal ,$/,
  ],
  ["a long cell", `${good}${"z".repeat(2_000_000)},1,x\n`, /"z{80}…" is not a finite number/],
  ["signs that a terminal obeys", `${good}\x1b[2J\x07,1,x\n`, /"\\u001b\[2J\\u0007" is not a finite number/],
  ["such a header", `a\x1b[2J,b,kind\nten,1,x\n`, /column "a\\u001b\[2J": "ten"/],
  ["such a label", "a,kind\n1,\x07\n2,\x07\n", /every sample has the label "\\u0007"/],
  ["such a wanted column", good, /no column "\\u001b\[2J\\u0007"; the columns are a, b, kind/, "\x1b[2J\x07"],
  ["text behind a quote", `${good}9,"10"0,x\n`, /line 6: a quoted cell goes on after its closing quote/],
  ["a missing label", `${good}9,10,\n`, /line 6, column "kind": the label is missing/],
  ["one class only", "a,b,kind\n1,2,x\n3,4,x\n", /every sample has the label "x"/],
  ["as many classes as samples", "a,b,kind\n1,2,0.1\n3,4,0.2\n5,6,0.3\n", /does not look like classes/],
  ["an unknown label column", good, /no column "knid"; did you mean "kind"\?/, "knid"],
  ["an open quote", 'a,b,kind\n1,2,"x\n3,4,y\n', /line 2: .*[Qq]uot/],
];

describe("reading a CSV file", () => {
  it("takes numeric columns as features and the last column as the label", () => {
    const { features, label, classes, x, y, name } = parseCsv(good, "flowers.csv");
    expect({ features, label, classes, name }).toEqual({
      features: ["a", "b"],
      label: "kind",
      classes: ["x", "y"],
      name: "flowers.csv",
    });
    expect([...x]).toEqual([1, 2, 3, 4.5, 5, -0.6, 7, 8]);
    expect([...y]).toEqual([0, 1, 0, 1]);
  });

  it("takes the label column by name, wherever it stands", () => {
    const { features, y } = parseCsv("kind,a\nu,1\nv,2\nu,3\nv,4\n", "f.csv", { label: "kind" });
    expect(features).toEqual(["a"]);
    expect([...y]).toEqual([0, 1, 0, 1]);
  });

  it("reads semicolons, Windows line ends, quotes and a byte order mark", () => {
    const { classes, x } = parseCsv('\uFEFFa;kind\r\n1;"x; y"\r\n2;z\r\n3;z\r\n4;"x; y"\r\n', "f.csv");
    expect(classes).toEqual(["x; y", "z"]);
    expect([...x]).toEqual([1, 2, 3, 4]);
  });

  it("reads pictures as others write them: the label first, then hundreds of columns", () => {
    const width = 784;
    const pixel = (i: number, j: number) => (31 * i + 7 * j) % 256;
    const line = (i: number) => [i % 3, ...Array.from({ length: width }, (_, j) => pixel(i, j))].join(",");
    const header = ["label", ...Array.from({ length: width }, (_, j) => `pixel${j}`)].join(",");
    const text = [header, ...Array.from({ length: 30 }, (_, i) => line(i))].join("\n");
    const { features, classes, x, y } = parseCsv(text, "mnist.csv", { label: "label" });
    expect([features.length, features[783], classes]).toEqual([width, "pixel783", ["0", "1", "2"]]);
    expect([...y]).toEqual(Array.from({ length: 30 }, (_, i) => i % 3));
    expect([...x]).toEqual(
      Array.from({ length: 30 * width }, (_, at) => pixel(Math.floor(at / width), at % width)),
    );
  });

  it("orders numeric labels by size", () => {
    expect(parseCsv("a,kind\n1,10\n1,2\n1,2\n1,10\n", "f.csv").classes).toEqual(["2", "10"]);
  });

  it.each(["10 1a 2", "2 10 1a", "1a 2 10"])(
    "orders numbers before texts, whatever the rows: %s",
    (labels) => {
      const rows = `${labels} ${labels}`.split(" ").map((label, i) => `${i},${label}\n`);
      expect(parseCsv(`a,kind\n${rows.join("")}`, "f.csv").classes).toEqual(["2", "10", "1a"]);
    },
  );

  it("counts the lines of the file, and not its rows", () => {
    const text = 'a,b,kind\n1,2,"x\ny"\n3,4,"x\r\ny"\n5,6,z\n7,eight,z\n';
    expect(() => parseCsv(text, "f.csv")).toThrow(/line 7, column "b": "eight"/);
  });

  it.each(refusals)("refuses %s, and says where", (_, text, message, label) => {
    const read = () => parseCsv(text, "flowers.csv", label === undefined ? {} : { label });
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ name: "LabError", code: "data" }));
  });

  it("takes what is nearly 0 for what it is", () => {
    const { x } = parseCsv("a,kind\n5e-324,x\n0e-999,y\n-0.000,x\n.5,y\n", "f.csv");
    expect([...x]).toEqual([5e-324, 0, -0, 0.5]);
  });

  it("finds the cells that another reader finds, whatever the delimiter, the quotes and the line ends", () => {
    const cell = fc.string({ unit: fc.constantFrom(...'ab1 ,;|\t"\n\r'), maxLength: 6 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(",", ";", "\t", "|"),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.boolean(),
        (rows, delimiter, newline, ended) => {
          const text = rows.map((row) => row.map(quoted).join(delimiter)).join(newline);
          const records = [...recordsOf(ended ? text + newline : text, delimiter)];
          expect(records.map(({ cells }) => cells)).toEqual(rows);
          expect(records.some(({ fault }) => fault !== undefined)).toBe(false);
          const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline });
          expect([data, errors]).toEqual([rows, []]);
        },
      ),
    );
  });

  it.each([
    ["a,b;kind\n1;x\n2;y\n", ";"],
    ["a;b;kind\n1,5;2,5;x\n3,5;4,5;y\n", ";"],
    ["a\tb\tkind\n1\t2\tx, y\n", "\t"],
    ["a|b|kind\n1|2\n3|4|x\n", "|"],
    ['"a;b;c",kind\n1,x\n', ","],
    ["a\n", ","],
  ])("guesses the delimiter of %j", (text, delimiter) => {
    expect(delimiterOf(text)).toBe(delimiter);
  });

  const many = 1_000_000;
  it.each([
    ["blank lines in the middle", `a,b,kind\n1,2,x\n${"\n".repeat(many)}3,4,y\n1,2,x\n3,4,y\n`],
    ["blank lines of another kind", `a,b,kind\r1,2,x\r${"\r".repeat(many)}3,4,y\r1,2,x\r3,4,y\r`],
    ["one long cell", `a,${" ".repeat(many)}b,kind\n1,2,x\n3,4,y\n1,2,x\n3,4,y\n`],
    ["blanks behind a quote", `a,"b"${" ".repeat(many)},kind\n1,2,x\n3,4,y\n1,2,x\n3,4,y\n`],
    ["one long quoted cell", `a,"${'""'.repeat(many)}",kind\n1,2,x\n3,4,y\n1,2,x\n3,4,y\n`],
  ])("reads %s, a megabyte of it, in one go", (_, text) => {
    expect([...parseCsv(text, "f.csv").x]).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });

  it.each([
    ["quotes", '"'.repeat(many + 1)],
    ["quotes that close nothing", `a,b\n"x${'"b'.repeat(many / 2)}${" ".repeat(many)},x\n`],
    ["quoted cells with blanks behind", `${'"b",'.repeat(many / 4)}${" ".repeat(many)}\n1,2\n`],
    ["empty cells", ",".repeat(many)],
    ["columns", `${Array.from({ length: many / 10 }, (_, i) => `c${i}`).join(",")}\n1\n`],
    ["digits", `a,kind\n${"1".repeat(many)}x,x\n`],
  ])("refuses a megabyte of %s in one go", (_, text) => {
    const read = () => parseCsv(text, "f.csv");
    expect(read).toThrow(/^f\.csv[: ].{0,600}$/s);
    expect(read).toThrow(expect.objectContaining({ name: "LabError", code: "data" }));
  });

  it("names the data by their file, where nothing else does", () => {
    const path = join(scratch(), "flowers.csv");
    writeFileSync(path, good);
    expect(readCsv(path).name).toBe("flowers.csv");
    expect(readCsv(path, { name: "iris" }).name).toBe("iris");
  });

  it("refuses a file that is not there, with a code of its own", () => {
    const read = () => readCsv("nowhere/flowers.csv");
    expect(read).toThrow(LabError);
    expect(read).toThrow(/cannot read nowhere\/flowers\.csv: there is no such file/);
    expect(read).toThrow(expect.objectContaining({ code: "file", exitCode: 4 }));
  });

  it("refuses another encoding, which would make one of two letters", () => {
    const path = join(scratch(), "latin.csv");
    writeFileSync(path, Buffer.from("a,kind\n1,\xe9\n2,\xe8\n3,\xe9\n4,\xe8\n", "latin1"));
    expect(() => readCsv(path)).toThrow(
      /latin\.csv: expected CSV, text in UTF-8, got text in another encoding.*iconv -f WINDOWS-1252/,
    );
  });

  it("reads a gzipped file", () => {
    const path = join(scratch(), "table.csv.gz");
    writeFileSync(path, gzipSync(good));
    expect([...readCsv(path).x]).toEqual([...parseCsv(good, "f.csv").x]);
    writeFileSync(path, gzipSync(good).subarray(0, 30));
    expect(() => readCsv(path)).toThrow(/table\.csv\.gz: expected gzipped data, got what cannot be unpacked/);
  });

  it("refuses what is no text", () => {
    const path = join(scratch(), "labels.bin");
    writeFileSync(path, Buffer.from("a,kind\n1,x\n2,\0\n"));
    expect(() => readCsv(path)).toThrow(/labels\.bin: expected CSV, text in UTF-8, got zero bytes/);
  });

  it("finds the shipped data as their makers describe them", () => {
    const iris = loadSource({ name: "iris" });
    expect([iris.y.length, iris.features.length, iris.classes]).toEqual([
      150,
      4,
      ["setosa", "versicolor", "virginica"],
    ]);
    const digits = loadSource({ name: "digits" });
    expect([digits.y.length, digits.features.length, digits.classes.length]).toEqual([1797, 64, 10]);
    expect([iris.image, digits.image]).toEqual([undefined, [1, 8, 8]]);
    expect(() => loadSource({ name: "irsi" as never })).toThrow(/did you mean iris\?/);
  });
});
