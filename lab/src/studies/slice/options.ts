import type { DirectionNormalization } from "flatward/landscape";
import type { FunctionId } from "./functions.js";

/** Where the directions of a slice come from. */
export const directionKinds = ["random", "eigenvectors", "trajectory"] as const;
export type DirectionKind = (typeof directionKinds)[number];

/** All that decides a slice, beside the network and its data. */
export interface SliceOptions {
  readonly directions: DirectionKind;
  readonly dimensions: 1 | 2;
  /** Along every direction. */
  readonly points: number;
  /** Along every direction; where it is absent, what suits the directions. */
  readonly range?: readonly [from: number, to: number];
  /** Absent for "filter" of random directions, and "unit" of eigenvectors. */
  readonly normalization?: DirectionNormalization;
  /** What filter and layer normalisation make of biases. */
  readonly biases: "zero" | "normalize";
  /** Which eigenvectors: the two of the largest eigenvalues, of the smallest, or one of either. */
  readonly which: "largest" | "smallest" | "both";
  /** Makes the second random direction orthogonal to the first. */
  readonly orthogonal: boolean;
  /** Points of the trajectory, beside its start. */
  readonly snapshots: number;
  readonly seed: number;
  /** What is computed beside the loss. */
  readonly colour: FunctionId;
}

/** The directions on which an option has an effect. */
const uses: Readonly<Record<string, readonly DirectionKind[]>> = {
  normalization: ["random", "eigenvectors"],
  biases: ["random", "eigenvectors"],
  orthogonal: ["random"],
  which: ["eigenvectors"],
  snapshots: ["trajectory"],
  seed: ["random"],
};

/** Options of the directions: in some slices they have no effect. */
export const directionOptions: readonly string[] = ["directions", ...Object.keys(uses)];

/**
 * Why an option has no effect; nothing where it has one.
 * @param line whether the first direction leads to another cell
 */
export function reasonUnused(
  name: string,
  {
    directions,
    dimensions,
    normalization,
  }: Pick<SliceOptions, "directions" | "dimensions" | "normalization">,
  line: boolean,
): string | undefined {
  if (!directionOptions.includes(name)) return undefined;
  if (line && dimensions === 1) return "a line to another cell";
  if (name === "directions") return undefined;
  if (!uses[name].includes(directions)) return `--directions ${directions}`;
  if (name === "orthogonal" && dimensions === 1) return "--dimensions 1";
  if (name === "orthogonal" && line) return "a plane through another cell, which is orthogonal anyway,";
  const kind = normalization ?? defaultNormalization(directions);
  if (name === "biases" && kind !== "filter" && kind !== "layer") return `--normalization ${kind}`;
  return undefined;
}

/** Where the user gives none. */
export function defaultNormalization(kind: DirectionKind): DirectionNormalization {
  return kind === "random" ? "filter" : "unit";
}
