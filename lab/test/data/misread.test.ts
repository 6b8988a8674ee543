// What would be misread in silence is refused or warned of, kind by kind.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/data/csv.js";
import type { CsvOptions } from "../../src/data/csv-options.js";
import { readCsv } from "../../src/data/read-csv.js";
import { networkSchema } from "../../src/experiment/network/config.js";
import { networkFor } from "../../src/experiment/network/make.js";
import { requireRoomForSamples } from "../../src/experiment/network/room.js";
import { parseDescription } from "../../src/sweep/description.js";
import { flatward, scratch } from "../support/run.js";
import { finish } from "../support/sweeps.js";

const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join("");
const wave = (i: number) => Math.sin(9 * i).toFixed(2);
const kind = (i: number) => (i % 2 ? "a" : "b");

const warned: readonly [name: string, text: string, warning: RegExp, options?: CsvOptions][] = [
  [
    "a column that counts the rows",
    `no,x,kind\n${lines(30, (i) => `${i + 7},${wave(i)},${kind(i)}`)}`,
    /column "no" counts the rows.*--drop no/,
  ],
  [
    "a column that rises, with rows missing",
    `no,x,kind\n${lines(30, (i) => `${i * i},${wave(i)},${kind(i)}`)}`,
    /column "no" counts the rows/,
  ],
  [
    "decimals as labels",
    `x,price\n${lines(40, (i) => `${wave(i)},${(i % 19) / 2}`)}`,
    /label "price": decimal numbers are taken for classes: 19 in 40 samples.*flatward classifies/,
  ],
  [
    "many values with a sample or two",
    `x,age\n${lines(40, (i) => `${wave(i)},${20 + (i % 20)}`)}`,
    /label "age": many values are taken for classes: 20 in 40 samples, 20 of them with one or two/,
  ],
  [
    "1 and 1.0",
    `x,kind\n${lines(9, (i) => `${wave(i)},${["1", "2", "1.0"][i % 3]}`)}`,
    /label "kind": 1 and 1\.0 are the same number, and one class/,
  ],
  [
    "a constant column",
    `x,one,kind\n${lines(9, (i) => `${wave(i)},5,${kind(i)}`)}`,
    /1 column with the same value in every row.*"one"/,
  ],
  [
    "a class of one sample",
    `x,kind\n${lines(9, (i) => `${wave(i)},${i === 4 ? "rare" : kind(i)}`)}`,
    /1 class has a single sample.*rare/,
  ],
  [
    "rows left out",
    `x,kind\n?,a\n${lines(9, (i) => `${wave(i)},${kind(i)}`)}`,
    /1 of 10 rows have gaps, and are left out/,
    { dropMissing: true },
  ],
];

describe("reading warns of", () => {
  it.each(warned)("%s", (_, text, warning, options) => {
    expect(parseCsv(text, "f.csv", options).warnings).toEqual([expect.stringMatching(warning)]);
  });

  it("nothing where there is nothing", () => {
    expect(
      parseCsv(`x,kind\n${lines(30, (i) => `${wave(i)},${kind(i)}`)}`, "f.csv").warnings,
    ).toBeUndefined();
  });
});

describe("reading", () => {
  const numbered = `,0,1,2\n${lines(9, (i) => `${i},${wave(i)},${i % 4},${kind(i)}`)}`;

  it("takes 1 and 1.0 for one class, named as people write it, and no others", () => {
    const { classes, y } = parseCsv("x,k\n1,1.0\n2,2\n3,1\n4,a\n5,a\n6,2.50\n7,2.5\n8,2\n", "f.csv");
    expect(classes).toEqual(["1", "2", "2.5", "a"]);
    expect([...y]).toEqual([0, 1, 0, 3, 3, 2, 2, 1]);
    const large = "x,k\n1,9007199254740993\n2,9007199254740992\n3,9007199254740993\n4,9007199254740992\n";
    expect(parseCsv(large, "f.csv").classes).toHaveLength(2);
  });

  it("finds a column by its name before its number", () => {
    expect(parseCsv(numbered, "f.csv", { drop: ["c1", "0"] }).features).toEqual(["1"]);
    expect(parseCsv(numbered, "f.csv", { drop: ["c1", 1] }).features).toEqual(["0"]);
    expect(() => parseCsv(numbered, "f.csv")).toThrow(/column 1 has no name.*go on with: --drop c1$/);
    expect(() => parseCsv(numbered, "f.csv", { drop: ["5"] })).toThrow(
      /no column "5", for --drop|no column "5"/,
    );
  });

  it("asks where the label column is not the last, by its name", () => {
    const text = `target,x,y\n${lines(9, (i) => `${kind(i)},${wave(i)},${i % 3}`)}`;
    expect(() => parseCsv(text, "f.csv")).toThrow(
      /column 1 is named "target", but the last, "y".*--label target$/,
    );
    expect(parseCsv(text, "f.csv", { label: 1 }).label).toBe("target");
    expect(parseCsv(text, "f.csv", { label: "y", drop: ["target"] }).label).toBe("y");
  });

  it("takes numbers for names where the user says so", () => {
    const text = `0.5,1.5,kind\n${lines(9, (i) => `${wave(i)},${i % 3},${kind(i)}`)}`;
    expect(() => parseCsv(text, "f.csv")).toThrow(/line 1 holds numbers, and looks like data/);
    expect(parseCsv(text, "f.csv", { header: true }).features).toEqual(["0.5", "1.5"]);
  });

  it("keeps what is no gap to the user", () => {
    const text = `x,kind\n${lines(9, (i) => `${i === 3 ? -999 : wave(i)},${i % 2 ? "NA" : "EU"}`)}`;
    expect(() => parseCsv(text, "f.csv")).toThrow(/-999 far from all other numbers/);
    const { y, x } = parseCsv(text, "f.csv", { missing: ["?"] });
    expect([y.length, x[3]]).toEqual([9, -999]);
  });

  it("does not take commas for decimals that may separate thousands", () => {
    const text = `x;z;kind\n${lines(9, (i) => `1,${100 + i};${i % 4};${kind(i)}`)}`;
    expect(() => parseCsv(text, "f.csv")).toThrow(/go on with: --drop x$/);
  });

  it("tells readings of one file apart", () => {
    const path = join(scratch(), "own.csv");
    writeFileSync(path, `x,z,kind\n${lines(9, (i) => `${wave(i)},${i % 4},${kind(i)}`)}`);
    const hashes = [{}, { drop: ["x"] }, { drop: ["z"] }].map((options) => readCsv(path, options).sha256);
    expect(new Set(hashes).size).toBe(3);
    expect(readCsv(path, { label: undefined, drop: undefined }).sha256).toBe(hashes[0]);
  });

  it.each([
    ["a Parquet file", Buffer.from("PAR1\0\0"), /read_parquet/],
    ["an Excel workbook", Buffer.from("PK\x03\x04....[Content_Types].xml\0"), /xlsx.*read_excel/],
    ["NumPy arrays", Buffer.from("PK\x03\x04....x.npy\0"), /npz/],
    ["a NumPy array", Buffer.from("\x93NUMPY\x01\0", "latin1"), /numpy\.load.*--no-header/],
    ["a Python pickle", Buffer.from([0x80, 4, 0x95, 0]), /read_pickle/],
    ["text in UTF-16", Buffer.from("a,kind\n1,x\n", "utf16le"), /iconv -f UTF-16LE/],
    ["a web page", Buffer.from("<!DOCTYPE html>\n<html>"), /download the file itself/],
    ["a pointer of Git LFS", Buffer.from("version https://git-lfs.github.com/spec/v1\n"), /git lfs pull/],
  ])("names %s", (what, bytes, how) => {
    const path = join(scratch(), "own.dat");
    writeFileSync(path, bytes);
    expect(() => readCsv(path)).toThrow(new RegExp(`expected CSV, text in UTF-8, got ${what}`));
    expect(() => readCsv(path)).toThrow(how);
  });
});

describe("memory", () => {
  it("is asked for the curvature of all classes before anything is made", () => {
    const classes = Array.from({ length: 4000 }, (_, k) => `${k}`);
    const net = networkFor({ features: ["x"], classes } as never, networkSchema.parse({ hidden: 2 }));
    const room = (closedForm: number) => () =>
      requireRoomForSamples(net, { all: 8000, batch: 8000, closedForm });
    expect(room(8000)).toThrow(/the curvature of 4000 outputs for each of 8000 samples are .* fewer classes/);
    expect(room(100)).not.toThrow();
  });
});

const quick = ["--steps", "3", "--seeds", "1", "--hidden", "2", "--methods", "gradient-descent"];
const table = `no,x,kind\n${lines(12, (i) => `${i},${wave(i)},${kind(i)}`)}`;

describe("the command line", () => {
  it("says first how data were read, and keeps one study's report from another's", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "other"));
    for (const name of ["数据.csv", "日本.csv", join("other", "数据.csv")])
      writeFileSync(join(folder, name), table);
    const runs = [["数据.csv"], ["日本.csv"], [join("other", "数据.csv")], ["数据.csv", "--drop", "no"]];
    const reports = new Set<string>();
    for (const args of runs) {
      const { status, stdout, stderr } = await finish(["compare", ...args, ...quick], { cwd: folder });
      expect(status).toBe(0);
      const dropped = args.includes("--drop");
      expect(stdout).toMatch(
        dropped
          ? /^数据\.csv: 12 samples, 1 feature \(x\), without no, 2 classes of “kind” \(a, b\)\./
          : /^\S+\.csv: 12 samples, 2 features \(no, x\), 2 classes of “kind” \(a, b\)\./,
      );
      expect(stderr.match(/counts the rows/g)?.length ?? 0).toBe(dropped ? 0 : 1);
      const [, report] = /^Report +(\S+)/m.exec(stdout) ?? [];
      reports.add(report);
      const page = readFileSync(join(folder, report), "utf8");
      expect(page.slice(0, page.indexOf("<section>"))).toContain("2 classes of “kind” (a, b)");
    }
    expect(reports.size).toBe(4);
    expect(reports).toContain(join("results", "compare-数据.csv", "report.html"));
  });

  it("refuses to write over the report of another plan", async () => {
    const folder = scratch();
    const plan = (hidden: number) =>
      `data: moons\nnetwork: { hidden: ${hidden} }\nmethods: [gradient-descent]\ntraining: { steps: 2 }\nseeds: [1]\nmeasures: [trainLoss]\n`;
    for (const name of ["one", "two"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "one", "own.yaml"), plan(2));
    writeFileSync(join(folder, "two", "own.yaml"), plan(3));
    const sweep = (...args: string[]) => finish(["sweep", ...args], { cwd: folder });
    expect((await sweep(join("one", "own.yaml"))).status).toBe(0);
    const report = join(folder, "results", "own", "report.html");
    const before = readFileSync(report, "utf8");
    const { status, stderr } = await sweep(join("two", "own.yaml"));
    expect([status, stderr]).toEqual([2, expect.stringMatching(/another plan of this name, one\/own\.yaml/)]);
    expect(readFileSync(report, "utf8")).toBe(before);
    expect((await sweep(join("two", "own.yaml"), "--output", "elsewhere")).status).toBe(0);
  });

  it("reads a pipe where it is read once, and says why not where it is not", () => {
    const bin = new URL("../../bin/flatward.js", import.meta.url).pathname;
    const path = join(scratch(), "own.csv");
    writeFileSync(path, table);
    const piped = (command: string) =>
      execFileSync("sh", ["-c", `cat '${path}' | '${process.execPath}' '${bin}' ${command} 2>&1 || true`], {
        encoding: "utf8",
      });
    expect(piped("verify /dev/stdin --cases 1 --hidden 1")).toContain("Every closed form holds");
    expect(piped("compare /dev/stdin")).toMatch(/comes out of a pipe comes once.*save it first/);
  });

  it("takes generated data by name", () => {
    const { status, stdout } = flatward("verify", "--data", "circles", "--cases", "1", "--hidden", "2");
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^circles: 200 samples, 2 features/)]);
  });
});

describe("a plan", () => {
  it("takes the same keys, lists of columns being no axes", () => {
    const plan = (data: string) =>
      `data: ${data}\nnetwork: { hidden: 2 }\nmethods: [gradient-descent]\ntraining: { steps: 2 }\nseeds: [1]\n`;
    const keys = {
      header: false,
      label: 3,
      drop: ["a", 2],
      dropMissing: true,
      missing: [-9999],
      decimal: ",",
    };
    const data = { name: "csv", path: "own.csv", ...keys };
    expect(parseDescription(plan(JSON.stringify(data)), "own.yaml").data).toEqual(data);
    expect(() => parseDescription(plan(JSON.stringify({ ...data, decimal: "'" })), "own.yaml")).toThrow(
      /data\.decimal/,
    );
  });
});
