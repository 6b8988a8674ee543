import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LabError } from "../errors.js";
import { statOf } from "../files.js";
import { shownPath } from "../printable.js";

/** Images and their labels, as two files that belong together. */
export interface MnistPart {
  readonly images: string;
  readonly labels: string;
}

/** What the names of the training and of the test files begin with. */
const PREFIXES = ["train-", "t10k-"];
/** The usual names, in the order of `mnistParts`, images first. */
export const MNIST_NAMES: readonly string[] = PREFIXES.flatMap((prefix) => [
  namesOf(prefix, "images")[0],
  namesOf(prefix, "labels")[0],
]);
const imagesPattern = /^(.*)images[-.]idx3-ubyte(\.gz)?$/;

/** Whether a path is a folder, or has the name of a file of images. */
export function looksLikeMnist(path: string): boolean {
  return isFolder(path) || imagesPattern.test(basename(path));
}

/**
 * Finds MNIST's files in a folder (training part, test part, or both, in this order), or the labels beside one file of
 * images: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-…`; with a dot for the second hyphen, or gzipped.
 * @throws LabError "file" when a path leads nowhere, "data" when a file is missing
 */
export function mnistParts(path: string): readonly MnistPart[] {
  if (!existsSync(path))
    throw new LabError("file", `cannot read ${shownPath(path)}: there is no such file or folder`);
  if (!isFolder(path)) {
    const [, prefix] = imagesPattern.exec(basename(path)) ?? refuse(path, "a file of images", basename(path));
    const labels =
      find(dirname(path), prefix, "labels") ?? refuse(path, namesOf(prefix, "labels")[0], "none");
    return [{ images: path, labels }];
  }
  const parts = PREFIXES.flatMap((prefix) => {
    const images = find(path, prefix, "images");
    const labels = find(path, prefix, "labels");
    if (images === undefined && labels === undefined) return [];
    return {
      images: images ?? refuse(path, namesOf(prefix, "images")[0], "its labels alone"),
      labels: labels ?? refuse(path, namesOf(prefix, "labels")[0], "its images alone"),
    };
  });
  return parts.length > 0
    ? parts
    : refuse(path, PREFIXES.map((prefix) => namesOf(prefix, "images")[0]).join(" or "), "neither");
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

/** Every name that a file may have. */
function namesOf(prefix: string, what: "images" | "labels"): string[] {
  const kind = what === "images" ? "idx3" : "idx1";
  const plain = [`${prefix}${what}-${kind}-ubyte`, `${prefix}${what}.${kind}-ubyte`];
  return [...plain, ...plain.map((name) => `${name}.gz`)];
}

function find(folder: string, prefix: string, what: "images" | "labels"): string | undefined {
  return namesOf(prefix, what)
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
}

function refuse(path: string, expected: string, got: string): never {
  throw new LabError(
    "data",
    `${shownPath(path)}: expected ${shownPath(expected)} (or .gz), got ${shownPath(got)}; give the folder with MNIST's files, or a file of images with its labels beside it`,
  );
}
