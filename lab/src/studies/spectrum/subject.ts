import type { Batch, Network } from "flatward";
import type { Batches } from "../../experiment/run.js";

/** A network at some parameters, and the data whose loss is looked at: what a spectrum is of. */
export interface SpectrumSubject extends Batches {
  /** At rest. */
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
