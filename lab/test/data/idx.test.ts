import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IdxArray, parseIdx, readIdx } from "../../src/data/idx.js";
import { LabError } from "../../src/errors.js";
import { idxBytes } from "../support/idx-files.js";
import { scratch } from "../support/run.js";

/** Two images of 3×2 pixels. */
const shape = [2, 3, 2];
const small = idxBytes(shape, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255]);

const file = join(scratch(), "images");

function read(bytes: Uint8Array, dimensions = 3): IdxArray {
  writeFileSync(file, bytes);
  return readIdx(file, dimensions);
}

/** What a reader refused; fails when it did not, or with anything but an error of the data. */
function refusal(bytes: Uint8Array, dimensions = 3): string {
  try {
    read(bytes, dimensions);
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ code: "data", exitCode: 3 });
    return (error as LabError).message;
  }
  throw new Error(`${bytes.length} bytes were taken for a file`);
}

/** A gzipped file that says more of itself (RFC 1952). @param flags that say what follows the ten bytes of its header */
function gzipWith(flags: number, fields: Uint8Array): Buffer {
  const [header, rest] = [Buffer.from(gzipSync(small).subarray(0, 10)), gzipSync(small).subarray(10)];
  header[3] = flags;
  return Buffer.concat([header, fields, rest]);
}
const NAME = 8;
const EXTRA = 4;
/** Text that ends in 0. */
const longName = (length: number) => Buffer.concat([Buffer.alloc(length, 97), Buffer.alloc(1)]);

const arrays = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((product, extent) => product * extent, 1);
  return fc.record({
    shape: fc.constant(shape),
    data: fc.uint8Array({ minLength: length, maxLength: length }),
  });
});

describe("reading an IDX file", () => {
  it("gives back what was written, of any shape, plain and gzipped", () => {
    fc.assert(
      fc.property(arrays, ({ shape, data }) => {
        const bytes = idxBytes(shape, data);
        for (const content of [bytes, gzipSync(bytes)]) {
          const found = read(content, shape.length);
          expect([found.shape, [...found.data]]).toEqual([shape, [...data]]);
        }
      }),
    );
  });

  it("reads bytes that do not begin their memory", () => {
    const around = Buffer.concat([Buffer.from([7, 7, 7]), small]).subarray(3);
    expect(parseIdx(around, "f", 3).shape).toEqual(shape);
  });

  it("reads gzipped files in many pieces, empty ones before them, and with whatever they say of themselves", () => {
    const empty = gzipSync(Buffer.alloc(0));
    const pieces = [...small].map((byte) => gzipSync(Buffer.of(byte)));
    const field = Buffer.concat([Buffer.of(0xff, 0xff), Buffer.alloc(0xffff)]);
    const files = [
      Buffer.concat(pieces),
      Buffer.concat([...Array<Buffer>(300).fill(empty), ...pieces, empty]),
      gzipWith(NAME, longName(10)),
      gzipWith(NAME, longName(5000)),
      gzipWith(EXTRA, field),
      gzipWith(EXTRA | NAME, Buffer.concat([field, longName(5000)])),
    ];
    for (const content of files) expect(read(content)).toEqual(parseIdx(small, file, 3));
  });

  it("refuses a file that ends early, wherever, plain and gzipped", () => {
    for (const whole of [small, gzipSync(small)])
      for (let length = 0; length < whole.length; length++)
        expect(refusal(whole.subarray(0, length))).toMatch(/^\S+: expected .*, got .*; /);
  });

  it("notices a change of any byte of the header", () => {
    for (let at = 0; at < 16; at++)
      for (const bit of [0, 3, 7]) {
        const changed = Buffer.from(small);
        changed[at] ^= 1 << bit;
        expect(refusal(changed)).toMatch(/expected/);
      }
  });

  it("never reads other pixels out of a gzipped file that was damaged", () => {
    const whole = gzipSync(small);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] ^= 0x55;
      let found: IdxArray;
      try {
        found = read(changed);
      } catch (error) {
        expect(error).toMatchObject({ code: "data" });
        continue;
      }
      // Nothing but when and where it was packed.
      expect([...found.data]).toEqual([...small.subarray(16)]);
    }
  });

  const refusals: readonly [name: string, bytes: Uint8Array, message: RegExp][] = [
    ["an empty file", Buffer.alloc(0), /expected an IDX file, which begins with 0 0 8 3, got an empty file/],
    ["a text", Buffer.from("a,b,kind\n"), /begins with 0 0 8 3, got 97 44 98 44; check which file/],
    ["an image of another format", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]), /got 137 80 78 71/],
    [
      "floats",
      idxBytes([1, 1, 1], [0, 0, 0, 0], 13),
      /expected an IDX file of unsigned bytes, got 32-bit floats/,
    ],
    ["an element type that there is not", idxBytes([1, 1, 1], [0], 10), /an unknown element type, 10/],
    [
      "labels for images",
      idxBytes([3], [0, 1, 2]),
      /expected 3 dimensions, got 1; .*images \(3\) or labels \(1\)/,
    ],
    ["no image", idxBytes([0, 28, 28], []), /at least one element, got the shape 0×28×28/],
    [
      "a header that promises more than there can be",
      idxBytes([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], [1]),
      /got 17: it is cut off/,
    ],
    [
      "a pixel too few",
      small.subarray(0, 27),
      /expected 28 bytes for 2×3×2 elements and a header, got 27: it is cut off; download/,
    ],
    [
      "a pixel too many",
      Buffer.concat([small, Buffer.from([1])]),
      /expected 28 bytes .*, got 29: there is something behind/,
    ],
    ["a gzipped text", gzipSync(Buffer.from("a,b\n")), /begins with 0 0 8 3, got 97 44 98 10/],
    [
      "what only looks gzipped",
      Buffer.from([0x1f, 0x8b, 1, 2, 3]),
      /expected gzipped data, got what cannot be unpacked \(.+\)/,
    ],
    [
      "something behind gzipped data",
      Buffer.concat([gzipSync(small), Buffer.alloc(5)]),
      /expected nothing behind the gzipped data, got 5 bytes/,
    ],
    [
      "another gzipped file behind",
      Buffer.concat([gzipSync(small), gzipSync(small)]),
      /expected 28 bytes .*, got more: there is something behind/,
    ],
    [
      "a gzipped header that promises more than so many bytes can hold",
      gzipSync(idxBytes([1000, 1000, 1000], [1])),
      /expected 1000000016 bytes .*, got \d+ gzipped: it is cut off/,
    ],
    [
      "gzipped data whose name does not end",
      gzipWith(NAME, Buffer.alloc(5000, 97)).subarray(0, 5000),
      /expected gzipped data, got what cannot be unpacked/,
    ],
    [
      "gzipped data whose name is absurd",
      gzipWith(NAME, longName(2 ** 18)),
      /expected an IDX file.*, got an empty file/,
    ],
  ];
  it.each(refusals)("refuses %s, and says what it expected and got", (_, bytes, message) => {
    expect(refusal(bytes)).toMatch(message);
  });

  it("unpacks no more than the header promises", () => {
    // A gzipped file may have several parts: half a gigabyte of zeros in half a megabyte.
    const part = gzipSync(Buffer.alloc(2 ** 20));
    const bomb = Buffer.concat([gzipSync(small), ...Array<Buffer>(512).fill(part)]);
    const before = process.resourceUsage().maxRSS;
    expect(refusal(bomb)).toMatch(/expected 28 bytes .*, got more: there is something behind/);
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(64);
  });

  it("refuses what is not there, and what is a folder, with a code of its own", () => {
    const folder = join(scratch(), "images");
    mkdirSync(folder);
    for (const [path, message] of [
      ["nowhere/images", /cannot read nowhere\/images: there is no such file/],
      [folder, /cannot read .*images: it is a folder/],
    ] as const) {
      expect(() => readIdx(path, 3)).toThrow(message);
      expect(() => readIdx(path, 3)).toThrow(expect.objectContaining({ name: "LabError", code: "file" }));
    }
  });
});
