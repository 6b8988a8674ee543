import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** An IDX file's bytes, written from the description of the format alone. */
export function idxBytes(shape: readonly number[], data: ArrayLike<number>, type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  shape.forEach((extent, axis) => {
    header.writeUInt32BE(extent, 4 + 4 * axis);
  });
  return Buffer.concat([header, Buffer.from(Array.from(data))]);
}

/** Pictures of 2×3 pixels: image i has the pixels 10i + first, 10i + first + 1, …, and class i mod 2. */
export interface Pictures {
  readonly count: number;
  readonly first?: number;
}

export function pixelsOf({ count, first = 0 }: Pictures): number[] {
  return Array.from({ length: count }, (_, i) =>
    [0, 1, 2, 3, 4, 5].map((j) => (10 * i + first + j) % 256),
  ).flat();
}

/** Writes both files of a part. @param style of their names, and whether they are gzipped */
export function writePictures(
  folder: string,
  part: "train" | "t10k",
  pictures: Pictures,
  style: { readonly separator?: "-" | "."; readonly gzipped?: boolean } = {},
): { images: string; labels: string } {
  const { separator = "-", gzipped = false } = style;
  const write = (name: string, bytes: Buffer): string => {
    const path = join(folder, gzipped ? `${name}.gz` : name);
    writeFileSync(path, gzipped ? gzipSync(bytes) : bytes);
    return path;
  };
  const { count } = pictures;
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  return {
    images: write(`${part}-images${separator}idx3-ubyte`, idxBytes([count, 2, 3], pixelsOf(pictures))),
    labels: write(`${part}-labels${separator}idx1-ubyte`, idxBytes([count], labels)),
  };
}
