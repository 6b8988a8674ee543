import {
  type Batch,
  exactHessian,
  NonFiniteError,
  type Optimizer,
  type SpectralBound,
  spectralBounds,
  symmetricEigen,
  type ThreeLayerNet,
} from "flatward";

/** What is known of a trained network. */
export interface Subject {
  readonly net: ThreeLayerNet;
  readonly theta: Float64Array;
  /** That led here, where it is known. */
  readonly optimizer?: Optimizer;
  readonly train: Batch;
  readonly test: Batch;
  /** Along training; empty unless it was asked for. */
  readonly curve: readonly CurvePoint[];
  /** Along training; empty unless it was asked for. */
  readonly sharpness: readonly SharpnessPoint[];
  /** All eigenvalues of the training loss Hessian, ascending; none where the curvature overflows. */
  readonly eigenvalues: Float64Array;
  /** Every bound on λ_max; none where the curvature overflows. */
  readonly bounds: readonly SpectralBound[];
  /** Median over steps, milliseconds. */
  readonly millisecondsPerStep: number;
}

/** The training loss and its WS bound after `step` steps, on the whole training set. */
export interface CurvePoint {
  readonly step: number;
  readonly trainLoss: number;
  readonly wsBound: number;
}

/** The largest eigenvalue of the training loss Hessian after `step` steps. */
export interface SharpnessPoint {
  readonly step: number;
  readonly lambdaMax: number;
}

/** A subject whose eigenvalues and bounds are computed when a measure first asks for them. */
export function subjectOf(trained: Omit<Subject, "eigenvalues" | "bounds">): Subject {
  let eigenvalues: Float64Array | undefined;
  let bounds: readonly SpectralBound[] | undefined;
  const { net, theta, train } = trained;
  return {
    ...trained,
    get eigenvalues() {
      eigenvalues ??= hessianSpectrum(net, theta, train);
      return eigenvalues;
    },
    get bounds() {
      bounds ??= unlessNonFinite(() => spectralBounds(net, theta, train).bounds, []);
      return bounds;
    },
  };
}

function hessianSpectrum(net: ThreeLayerNet, theta: Float64Array, batch: Batch): Float64Array {
  return unlessNonFinite(() => symmetricEigen(exactHessian(net, theta, batch)).values, new Float64Array(0));
}

/** A diverged run may end where a measure overflows: that is a missing value, and no reason to lose the others. */
export function unlessNonFinite<Result>(compute: () => Result, missing: Result): Result {
  try {
    return compute();
  } catch (error) {
    if (error instanceof NonFiniteError) return missing;
    throw error;
  }
}
