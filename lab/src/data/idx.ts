import { gunzipSync } from "node:zlib";
import { LabError } from "../errors.js";
import { readBytes } from "../files.js";

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

/**
 * Reads a file of unsigned bytes in the IDX format (two zeros, element type, number of dimensions; the extents as
 * big-endian 32-bit integers; the elements, row-major: http://yann.lecun.com/exdb/mnist), plain or gzipped.
 * @param dimensions that it must have
 * @throws LabError "file" when it cannot be read, "data" when it is not such a file
 */
export function readIdx(path: string, dimensions: number): IdxArray {
  return parseIdx(inflated(readBytes(path), path), path, dimensions);
}

/** The content of a gzipped file, known by its first two bytes; any other is its own content. */
function inflated(bytes: Uint8Array, path: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new LabError(
      "data",
      `${path}: expected gzipped data, got what cannot be unpacked (${(error as Error).message}); download or copy the file again`,
    );
  }
}

/** The same from bytes; `path` is for messages. @throws LabError "data" */
export function parseIdx(bytes: Uint8Array, path: string, dimensions: number): IdxArray {
  const refuse = (expected: string, got: string, next: string) =>
    new LabError("data", `${path}: expected ${expected}, got ${got}; ${next}`);
  const again = "download or copy the file again";
  const [zero, alsoZero, type, found] = bytes;
  if (bytes.length < 4 || zero !== 0 || alsoZero !== 0)
    throw refuse(
      `an IDX file, which begins with 0 0 ${UNSIGNED_BYTES} ${dimensions}`,
      bytes.length === 0 ? "an empty file" : [...bytes.subarray(0, 4)].join(" "),
      "check which file it is",
    );
  if (type !== UNSIGNED_BYTES)
    throw refuse(
      `an IDX file of ${elementTypes[UNSIGNED_BYTES]}`,
      elementTypes[type] ?? `an unknown element type, ${type}`,
      "write its elements as bytes 0 … 255",
    );
  if (found !== dimensions)
    throw refuse(
      `${dimensions} dimension${dimensions === 1 ? "" : "s"}`,
      `${found}`,
      "check whether it is images (3) or labels (1)",
    );
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) throw refuse(`a header of ${header} bytes`, `${bytes.length} bytes`, again);
  const view = new DataView(bytes.buffer, bytes.byteOffset, header);
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (shape.includes(0))
    throw refuse("at least one element", `the shape ${shape.join("×")}`, "check what wrote the file");
  const length = header + shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length !== length)
    throw refuse(
      `${length} bytes for ${shape.join("×")} elements and a header`,
      bytes.length < length
        ? `${bytes.length}: it is cut off`
        : `${bytes.length}: there is something behind them`,
      again,
    );
  return { shape, data: bytes.subarray(header) };
}
