import { dirname, join } from "node:path";
import { LabError } from "../errors.js";
import { statOf } from "../files.js";
import { shownPath } from "../printable.js";
import { type Manifest, readManifest } from "../sweep/manifest.js";
import { MANIFEST, type Store, storeIn } from "../sweep/store.js";

/** The sweep in a folder, also when its manifest is named. @throws LabError "file", "usage" */
export function openSweep(path: string): { manifest: Manifest; store: Store } {
  const isFile = statOf(path)?.isDirectory() === false;
  const folder = isFile ? dirname(path) : path;
  const manifestPath = join(folder, MANIFEST);
  if (statOf(manifestPath) === undefined)
    throw new LabError(
      "file",
      isFile
        ? `${shownPath(path)} is a file, and beside it is no ${MANIFEST}: give the folder that a sweep has written`
        : `${shownPath(folder)} holds no sweep: there is no ${MANIFEST}; flatward sweep plan.yaml makes one`,
    );
  return { manifest: readManifest(manifestPath), store: storeIn(folder) };
}

/** The options that choose cells of a sweep. */
export interface CellChoice {
  readonly index?: readonly number[];
  /** An identity, or its first digits. */
  readonly cell?: string;
}

/** What messages call the options. */
const NAMES = { index: "--index", cell: "--cell" };

/**
 * Positions of the chosen cells.
 * @param of names the manifest in messages
 * @param names what the options are called
 * @throws LabError "usage" when there is no such cell
 */
export function chooseCells(
  { cells, engine }: Manifest,
  of: string,
  { index, cell }: CellChoice,
  names: Readonly<typeof NAMES> = NAMES,
): readonly number[] {
  if ((index === undefined) === (cell === undefined))
    throw new LabError("usage", `say which cell of ${of}: either ${names.index} or ${names.cell}`);
  if (index !== undefined) {
    const outside = index.find((i) => i >= cells.length);
    if (outside === undefined) return index;
    throw new LabError(
      "usage",
      `${names.index} ${outside}: ${of} has ${cells.length} cells, 0 to ${cells.length - 1}`,
    );
  }
  const matches = cells.flatMap(({ id }, i) => (id.startsWith(cell as string) ? [i] : []));
  if (matches.length === 1) return matches;
  throw new LabError(
    "usage",
    matches.length > 1
      ? `${names.cell} ${cell} is the beginning of ${matches.length} identities; give more digits`
      : `${of} has no cell ${cell} with flatward ${engine}; identities belong to a plan and a version: choose by ${names.index}, or use the plan and the version that the report names`,
  );
}
