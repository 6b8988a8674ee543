import {
  type Batch,
  exactHessian,
  hessianOperator,
  type LinearOperator,
  lossObjective,
  type Network,
  NonFiniteError,
  type Optimizer,
  type SpectralBound,
  spectralBounds,
  symmetricEigen,
} from "flatward";
import { type Extremes, extremesOf } from "./extremes.js";
import { hasClosedForm } from "./network/make.js";

type LossObjective = ReturnType<typeof lossObjective>;

/** What is known of a trained network. */
export interface Trained {
  /** At rest: no unit is dropped, and batches are normalised by statistics that stand still. */
  readonly net: Network;
  readonly theta: Float64Array;
  /** That led here, where it is known. */
  readonly optimizer?: Optimizer;
  readonly train: Batch;
  readonly test: Batch;
  /** Of the training part, what curvature is measured on: all of it, or a sample. */
  readonly sample: Batch;
  /** Along training; empty unless it was asked for. */
  readonly curve: readonly CurvePoint[];
  /** Along training; empty unless it was asked for. */
  readonly sharpness: readonly SharpnessPoint[];
  /** Median over steps, milliseconds. */
  readonly millisecondsPerStep: number;
}

/** The same with what is computed when a measure first asks for it. "Its loss" is that of `sample`. */
export interface Subject extends Trained {
  /** The loss on the whole training part. */
  readonly trainObjective: LossObjective;
  /** Its loss. */
  readonly objective: LossObjective;
  /** H of its loss. */
  readonly hessian: LinearOperator;
  /** All eigenvalues of H, ascending; none where the curvature overflows. */
  readonly eigenvalues: Float64Array;
  /** The ends of the spectrum, by whatever way suits the network. */
  readonly extremes: Extremes;
  /** Every bound on λ_max; none where the curvature overflows. One hidden layer only. */
  readonly bounds: readonly SpectralBound[];
}

/** The training loss after `step` steps on the whole training set, and its WS bound where there is a closed form. */
export interface CurvePoint {
  readonly step: number;
  readonly trainLoss: number;
  readonly wsBound?: number;
}

/** The largest eigenvalue of the training loss Hessian after `step` steps. */
export interface SharpnessPoint {
  readonly step: number;
  readonly lambdaMax: number;
}

/** @param whole whether the ends of the spectrum are taken from all eigenvalues */
export function subjectOf(trained: Trained, whole: boolean): Subject {
  const { net, theta, train, sample } = trained;
  const trainObjective = once(() => lossObjective(net, train));
  const objective = once(() => (sample === train ? trainObjective() : lossObjective(net, sample)));
  const hessian = once(() => hessianOperator(net, theta, sample));
  const eigenvalues = once(() =>
    unlessNonFinite(() => symmetricEigen(exactHessian(net, theta, sample)).values, new Float64Array(0)),
  );
  const extremes = once(() => extremesOf(hessian, whole ? eigenvalues : undefined));
  const bounds = once(() =>
    unlessNonFinite(() => (hasClosedForm(net) ? spectralBounds(net, theta, sample).bounds : []), []),
  );
  return {
    ...trained,
    get trainObjective() {
      return trainObjective();
    },
    get objective() {
      return objective();
    },
    get hessian() {
      return hessian();
    },
    get eigenvalues() {
      return eigenvalues();
    },
    get extremes() {
      return extremes();
    },
    get bounds() {
      return bounds();
    },
  };
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

/** Computes at the first call, and remembers. */
function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
