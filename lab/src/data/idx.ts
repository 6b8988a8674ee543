import { constants } from "node:zlib";
import { LabError } from "../errors.js";
import { readBytes } from "../files.js";
import { shownPath } from "../printable.js";
import { MAX_NUMBERS } from "../sizes.js";
import { gunzip, isGzipped } from "./gzip.js";

/** An array of bytes, as an IDX file holds it. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Uint8Array;
}

/** Element types by their code in the third byte of a file. */
const elementTypes: Readonly<Record<number, string>> = {
  8: "unsigned bytes",
  9: "signed bytes",
  11: "16-bit integers",
  12: "32-bit integers",
  13: "32-bit floats",
  14: "64-bit floats",
};
const UNSIGNED_BYTES = 8;

/** Of a gzipped file, what its header is looked for in first: some MB at most once unpacked. */
const FIRST_BYTES = 2 ** 12;
/** Behind a file's name, a comment, a field of 64 KiB, it is looked for as far as this. */
const MAX_FIRST_BYTES = 2 ** 17;

/** Of gzipped data: two bits stand for 258 bytes at most. */
const MAX_EXPANSION = 1032;

const AGAIN = "download or copy the file again";

/**
 * Reads a file of unsigned bytes in the IDX format (two zeros, element type, number of dimensions; the extents as
 * big-endian 32-bit integers; the elements, row-major: http://yann.lecun.com/exdb/mnist), plain or gzipped. A gzipped
 * file is unpacked to what its header promises, and no further.
 * @param dimensions that it must have
 * @throws LabError "file" when it cannot be read, "data" when it is not such a file
 */
export function readIdx(path: string, dimensions: number): IdxArray {
  const bytes = readBytes(path);
  return isGzipped(bytes) ? unpackIdx(bytes, path, dimensions) : parseIdx(bytes, path, dimensions);
}

/** The same from bytes; `path` is for messages. @throws LabError "data" */
export function parseIdx(bytes: Uint8Array, path: string, dimensions: number): IdxArray {
  const { shape, offset, length } = headerOf(bytes, path, dimensions);
  if (bytes.length !== length) {
    const amount = bytes.length < length ? "it is cut off" : "there is something behind them";
    throw wrongLength(path, { shape, length }, `${bytes.length}: ${amount}`);
  }
  return { shape, data: bytes.subarray(offset) };
}

/** The same from gzipped bytes. @throws LabError "data" */
function unpackIdx(bytes: Uint8Array, path: string, dimensions: number): IdxArray {
  const { shape, length } = headerOf(beginningOf(bytes, path, headerLength(dimensions)), path, dimensions);
  if (length > MAX_EXPANSION * bytes.length)
    throw wrongLength(path, { shape, length }, `${bytes.length} gzipped: it is cut off`);
  if (length > MAX_NUMBERS)
    throw refusal(path, `at most 2³⁰ elements`, `the shape ${shape.join("×")}`, "write fewer images");
  // One piece, with room to notice one byte too many.
  const whole = gunzip(bytes, {
    maxOutputLength: length,
    chunkSize: Math.max(constants.Z_MIN_CHUNK, length + 1),
  });
  if ("fault" in whole) {
    if (whole.fault.code === "ERR_BUFFER_TOO_LARGE")
      throw wrongLength(path, { shape, length }, "more: there is something behind them");
    throw notUnpacked(path, whole.fault.message);
  }
  if (whole.used < bytes.length)
    throw refusal(path, "nothing behind the gzipped data", `${bytes.length - whole.used} bytes`, AGAIN);
  return parseIdx(whole.content, path, dimensions);
}

/** What gzipped bytes begin with, at least so many bytes where they are soon to be had. @throws LabError "data" */
function beginningOf(bytes: Uint8Array, path: string, wanted: number): Uint8Array {
  for (let size = FIRST_BYTES; ; size *= 2) {
    const isWhole = bytes.length <= size;
    // What is cut off is unpacked as far as it goes.
    const first = gunzip(bytes.subarray(0, size), isWhole ? {} : { finishFlush: constants.Z_SYNC_FLUSH });
    if ("fault" in first) throw notUnpacked(path, first.fault.message);
    if (isWhole || first.content.length >= wanted || size >= MAX_FIRST_BYTES) return first.content;
  }
}

interface Header {
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly offset: number;
  /** Of the whole file, in bytes. */
  readonly length: number;
}

function headerLength(dimensions: number): number {
  return 4 + 4 * dimensions;
}

/** @throws LabError "data" */
function headerOf(bytes: Uint8Array, path: string, dimensions: number): Header {
  const [zero, alsoZero, type, found] = bytes;
  if (bytes.length < 4 || zero !== 0 || alsoZero !== 0)
    throw refusal(
      path,
      `an IDX file, which begins with 0 0 ${UNSIGNED_BYTES} ${dimensions}`,
      bytes.length === 0 ? "an empty file" : [...bytes.subarray(0, 4)].join(" "),
      "check which file it is",
    );
  if (type !== UNSIGNED_BYTES)
    throw refusal(
      path,
      `an IDX file of ${elementTypes[UNSIGNED_BYTES]}`,
      elementTypes[type] ?? `an unknown element type, ${type}`,
      "write its elements as bytes 0 … 255",
    );
  if (found !== dimensions)
    throw refusal(
      path,
      `${dimensions} dimension${dimensions === 1 ? "" : "s"}`,
      `${found}`,
      "check whether it is images (3) or labels (1)",
    );
  const offset = headerLength(dimensions);
  if (bytes.length < offset)
    throw refusal(path, `a header of ${offset} bytes`, `${bytes.length} bytes`, AGAIN);
  const view = new DataView(bytes.buffer, bytes.byteOffset, offset);
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (shape.includes(0))
    throw refusal(path, "at least one element", `the shape ${shape.join("×")}`, "check what wrote the file");
  return { shape, offset, length: offset + shape.reduce((product, extent) => product * extent, 1) };
}

function refusal(path: string, expected: string, got: string, next: string): LabError {
  return new LabError("data", `${shownPath(path)}: expected ${expected}, got ${got}; ${next}`);
}

function wrongLength(path: string, { shape, length }: Omit<Header, "offset">, got: string): LabError {
  return refusal(path, `${length} bytes for ${shape.join("×")} elements and a header`, got, AGAIN);
}

function notUnpacked(path: string, reason: string): LabError {
  return refusal(path, "gzipped data", `what cannot be unpacked (${reason})`, AGAIN);
}
