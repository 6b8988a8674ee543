import type { ThreeLayerNet } from "flatward";
import type { Batches } from "../run.js";

/** A network at some parameters, and the data whose loss is looked at: what a spectrum is of. */
export interface SpectrumSubject extends Batches {
  readonly net: ThreeLayerNet;
  readonly theta: Float64Array;
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
