import type { Settings } from "../settings/settings.js";
import type { MethodSetting } from "./descent.js";
import type { ProblemFacts } from "./problem.js";
import type { GivenFile } from "./samples.js";

/** One method on one problem. */
export interface Job {
  readonly settings: Settings;
  readonly method: MethodSetting;
  readonly file?: GivenFile;
}

/** Where training stands after some steps. */
export interface Snapshot {
  readonly step: number;
  /** (n). */
  readonly theta: Float64Array;
  /** Of the training data. */
  readonly loss: number;
  /** Share of the test samples that are predicted right. */
  readonly accuracy: number;
  /** On λ_max. */
  readonly bound: number;
  /** Of the Hessian of the training loss, ascending (n). */
  readonly values: Float64Array;
}

/** A grid on a plane in the space of parameters. */
export interface PlaneGrid {
  readonly origin: Float64Array;
  readonly axes: readonly [Float64Array, Float64Array];
  /** Coordinates along the axes. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
}

/** What a page asks of a worker. */
export interface EngineApi {
  /** Begins anew. */
  start(job: Job): { readonly about: ProblemFacts; readonly snapshot: Snapshot };
  /** Takes so many steps more. */
  train(steps: number): Snapshot;
  /** Class probabilities on the grid of the input plane: (cells, K). */
  regions(theta: Float64Array): Float32Array;
  /** Training losses, row by row. */
  losses(grid: PlaneGrid): Float64Array;
  /** Of the eigenvalue with this index, in ascending order: (n). */
  eigenvector(theta: Float64Array, index: number): Float64Array;
}
