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
  readonly normalization?: "filter" | "layer" | "network" | "unit";
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
