import { LabError } from "../errors.js";
import type { Manifest } from "../sweep/manifest.js";

/** Which cells of a sweep, as options say it. */
export interface CellChoice {
  readonly index?: readonly number[];
  /** An identity, or its first digits. */
  readonly cell?: string;
}

/**
 * Positions of the chosen cells.
 * @param of names the manifest in messages
 * @throws LabError "usage" when there is no such cell
 */
export function chooseCells(
  { cells, engine }: Manifest,
  of: string,
  { index, cell }: CellChoice,
): readonly number[] {
  if ((index === undefined) === (cell === undefined))
    throw new LabError("usage", `say which cell of ${of}: either --index or --cell`);
  if (index !== undefined) {
    const outside = index.find((i) => i >= cells.length);
    if (outside === undefined) return index;
    throw new LabError(
      "usage",
      `--index ${outside}: ${of} has ${cells.length} cells, 0 to ${cells.length - 1}`,
    );
  }
  const matches = cells.flatMap(({ id }, i) => (id.startsWith(cell as string) ? [i] : []));
  if (matches.length === 1) return matches;
  throw new LabError(
    "usage",
    matches.length > 1
      ? `--cell ${cell} is the beginning of ${matches.length} identities; give more digits`
      : `${of} has no cell ${cell} with flatward ${engine}; identities belong to a plan and a version: choose by --index, or use the plan and the version that the report names`,
  );
}
