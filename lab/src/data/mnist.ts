import { basename, resolve } from "node:path";
import { LabError } from "../errors.js";
import { shownPath } from "../printable.js";
import { type Dataset, numbered } from "./dataset.js";
import { hashOfArrays } from "./hash.js";
import { readIdx } from "./idx.js";
import { type MnistPart, mnistParts } from "./mnist-files.js";

export interface MnistOptions {
  /** A folder with MNIST's files, or one file of images, whose labels are beside it. */
  readonly path: string;
  /**
   * "official": train on the training files, test on the test files. "drawn": put together what there is, and let every
   * seed draw its test part. Default: official where both are there.
   */
  readonly split?: "official" | "drawn" | undefined;
  /** Only the first so many of the training images, and of the test images. */
  readonly samples?: number | undefined;
}

/** The arrays of two files. */
interface Images {
  readonly path: string;
  readonly count: number;
  readonly size: readonly [height: number, width: number];
  /** Row by row of image after image. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Of a picture: every pixel is a feature with a name. */
const MAX_PIXELS = 2 ** 20;

/**
 * Reads grey pictures and their classes from the files of MNIST (LeCun, Cortes & Burges), whose format and names
 * Fashion-MNIST, KMNIST and others share.
 * @throws LabError "file" when one cannot be read, "data" when they are not such files or do not belong together
 */
export function readMnist(options: MnistOptions): Dataset {
  const parts = mnistParts(options.path).map(readPart);
  checkTogether(parts, options);
  const { path, split, samples = Number.POSITIVE_INFINITY } = options;
  const [height, width] = parts[0].size;
  const classes = classesOf(parts);
  const counts = parts.map(({ count }) => Math.min(count, samples));
  const x = concatenated(parts.map(({ pixels }, i) => pixels.subarray(0, counts[i] * height * width)));
  const y = Int32Array.from(
    concatenated(parts.map(({ labels }, i) => labels.subarray(0, counts[i]))),
    (label) => classes.indexOf(label),
  );
  const testFrom = parts.length === 2 && split !== "drawn" ? counts[0] : undefined;
  return {
    name: shownPath(basename(resolve(path))),
    features: numbered(height * width),
    label: "class",
    classes: classes.map(String),
    x,
    y,
    image: [1, height, width],
    ...(testFrom === undefined ? {} : { testFrom }),
    sha256: hashOfArrays(x, y, Int32Array.of(height, width, testFrom ?? -1)),
  };
}

/** The labels that occur in any part, ascending. */
function classesOf(parts: readonly Images[]): number[] {
  return [...new Set(parts.flatMap(({ labels }) => [...new Set(labels)]))].sort((a, b) => a - b);
}

/** @throws LabError "data" when the parts do not give what is asked for */
function checkTogether(parts: readonly Images[], { path, split, samples }: MnistOptions): void {
  const refuse = (expected: string, got: string, next: string): never => {
    throw new LabError("data", `${shownPath(path)}: expected ${expected}, got ${shownPath(got)}; ${next}`);
  };
  const [first, second] = parts;
  if (split === "official" && second === undefined)
    refuse(
      "training and test files, for the official split",
      `${basename(first.path)} alone`,
      "add the others, or choose split: drawn",
    );
  if (second !== undefined && second.size.join() !== first.size.join())
    refuse(
      `test images of ${first.size.join("×")} pixels, as the training images are`,
      second.size.join("×"),
      "put the files of one data set there",
    );
  const most = Math.max(...parts.map(({ count }) => count));
  if (samples !== undefined && samples > most)
    refuse(`samples of at most ${most}`, `${samples}`, "give fewer, or leave it out for all");
  const [only, ...others] = classesOf(parts);
  if (others.length === 0) refuse("at least two classes", `the label ${only} alone`, "give other labels");
}

function readPart({ images, labels }: MnistPart): Images {
  const {
    shape: [count, height, width],
    data: pixels,
  } = readIdx(images, 3);
  if (height * width > MAX_PIXELS)
    throw new LabError(
      "data",
      `${shownPath(images)}: expected images of at most ${MAX_PIXELS} pixels, got ${height}×${width}; scale them down`,
    );
  const {
    shape: [labelCount],
    data,
  } = readIdx(labels, 1);
  if (labelCount !== count)
    throw new LabError(
      "data",
      `${shownPath(labels)}: expected ${count} labels, one for each image of ${shownPath(basename(images))}, got ${labelCount}; put two files that belong together there`,
    );
  return { path: images, count, size: [height, width], pixels, labels: data };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
