import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../src/data/csv.js";
import { readCsv } from "../src/data/read-csv.js";
import { loadSource } from "../src/data/sources.js";
import { LabError } from "../src/errors.js";
import { scratch } from "./run.js";

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
  ["NaN", `${good}NaN,1,x\n`, /line 6, column "a": "NaN" is not a finite number/],
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
    expect(() => readCsv(path)).toThrow(/latin\.csv: expected text in UTF-8, got another encoding/);
  });

  it("refuses what is no text", () => {
    const path = join(scratch(), "labels.gz");
    writeFileSync(path, gzipSync("a,kind\n1,x\n2,y\n3,x\n4,y\n"));
    expect(() => readCsv(path)).toThrow(/labels\.gz: expected text in UTF-8, got zero bytes.*unpack/);
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
