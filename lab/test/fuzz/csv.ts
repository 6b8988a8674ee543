import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readCsv } from "../../src/data/read-csv.js";
import { scratch } from "../support/run.js";
import type { Kind } from "./kind.js";
import { mutated, nasty } from "./mutated.js";

const good = [
  "a,b,kind\n1,2,x\n3,4.5,y\n5,-6e-1,x\n7,8,y\n",
  'a;kind\r\n1;"x; y"\r\n2;z\r\n3;z\r\n4;"x; y"\r\n',
  `kind\tu\tv\n${Array.from({ length: 40 }, (_, i) => `${i % 3}\t${i}\t${-i / 7}\n`).join("")}`,
].map((text) => Buffer.from(text));

const numbers = [
  "0x10",
  "0b1",
  "1e400",
  "1e-400",
  "NaN",
  "-Infinity",
  "1_0",
  "1 0",
  "1,5",
  ".",
  "+-1",
  "1e",
  "-0",
];
const tokens = [...nasty, ...numbers, '"', '""', '"\n', '"x" ', ",", ";", "\t", "|", "\n", "\r", "\r\n", " "];

/** Lines of cells, most of them numbers. */
const tables = fc
  .tuple(
    fc.constantFrom(",", ";", "\t", "|"),
    fc.constantFrom("\n", "\r\n", "\r"),
    fc.array(
      fc.array(fc.oneof(fc.constantFrom(...tokens, "a", "b"), fc.integer(), fc.double()), {
        minLength: 3,
        maxLength: 3,
      }),
      { maxLength: 8 },
    ),
  )
  .map(([delimiter, newline, rows]) =>
    Buffer.from(["u v kind".split(" "), ...rows].map((row) => row.join(delimiter)).join(newline)),
  );

const path = join(scratch(), "table.csv");

export const csv: Kind = {
  name: "CSV",
  inputs: fc.oneof({ weight: 3, arbitrary: mutated(good, tokens) }, { weight: 1, arbitrary: tables }),
  read(bytes) {
    writeFileSync(path, bytes);
    return readCsv(path);
  },
};
