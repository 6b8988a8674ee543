import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { readIdx } from "../../src/data/idx.js";
import { idxBytes } from "../support/idx-files.js";
import { scratch } from "../support/run.js";
import type { Kind } from "./kind.js";
import { mutated, nasty } from "./mutated.js";

const pixels = (count: number) => Array.from({ length: count }, (_, i) => (37 * i) % 256);
const good = [
  idxBytes([2, 3, 2], pixels(12)),
  idxBytes([40, 28, 28], pixels(31_360)),
  idxBytes([3], pixels(3)),
];
const tokens = [...nasty, "\0\0\b\u0003", "\0\0\0\u0001", "\0\0\r\u0001"];

/** Headers of any extents, with few bytes behind them. */
const headers = fc
  .tuple(
    fc.array(fc.constantFrom(0, 1, 2, 255, 65_536, 2 ** 31, 2 ** 32 - 1), { minLength: 1, maxLength: 4 }),
    fc.nat(64),
  )
  .map(([shape, count]) => idxBytes(shape, pixels(count)));

const plain = fc.oneof({ weight: 3, arbitrary: mutated(good, tokens) }, { weight: 1, arbitrary: headers });

const path = join(scratch(), "images");

function read(bytes: Uint8Array): unknown {
  writeFileSync(path, bytes);
  return readIdx(path, 3);
}

export const idx: Kind = { name: "IDX", inputs: plain, read };

const packed = good.map((bytes) => gzipSync(bytes));
const megabyte = gzipSync(Buffer.alloc(2 ** 20));

/** A few bytes that become many megabytes, behind a header that may promise them. */
const bombs = fc
  .tuple(fc.oneof(headers, fc.constantFrom(...good)), fc.integer({ min: 1, max: 300 }))
  .map(([bytes, megabytes]) => Buffer.concat([gzipSync(bytes), ...Array<Buffer>(megabytes).fill(megabyte)]));

export const gzip: Kind = {
  name: "gzip",
  inputs: fc.oneof(
    { weight: 3, arbitrary: mutated(packed, [...tokens, "\x1f\x8b"]) },
    { weight: 2, arbitrary: plain.map((bytes) => gzipSync(bytes)) },
    { weight: 1, arbitrary: bombs },
  ),
  read,
};
