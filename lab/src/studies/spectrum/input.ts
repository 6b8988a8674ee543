import type { Batch, Network } from "flatward";
import type { Batches } from "../../experiment/prepare.js";

/** What a spectrum is computed of: a network at some parameters, and the data of its loss. */
export interface SpectrumInput extends Batches {
  /** In evaluation mode. */
  readonly net: Network;
  readonly theta: Float64Array;
  /** Of the training part, what H is that of: all of it when absent. */
  readonly sample?: Batch;
}

export interface SpectrumOptions {
  /** Eigenvalues at either end, by Lanczos. */
  readonly top: number;
  /** The most parameters for which H is formed, and all its eigenvalues computed. */
  readonly denseLimit: number;
  /** Products that Hutchinson's estimators and Hutch++ have, each. */
  readonly samples: number;
  /** Random vectors of the stochastic Lanczos quadrature. */
  readonly probes: number;
  /** Lanczos steps of each. */
  readonly lanczosSteps: number;
  /** Of all random vectors. */
  readonly seed: number;
}
