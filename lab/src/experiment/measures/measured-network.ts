import {
  type Batch,
  exactHessian,
  hessianOperator,
  type LanczosResult,
  type LinearOperator,
  lossObjective,
  type Network,
  NonFiniteError,
  type Optimizer,
  parameterRange,
  spectralBounds,
  symmetricEigen,
} from "flatward";
import { matrixBounds, type SpectralBound } from "flatward/bounds";
import { hasMoments } from "../network/make.js";
import { type Extreme, endOf, largestOf, leadOf, smallestOf, topOf } from "./extremes.js";
import { mayFormHessian } from "./needs.js";

type LossObjective = ReturnType<typeof lossObjective>;

/** What was recorded along a training; empty unless it was asked for. */
export interface Recorded {
  readonly curve: readonly CurvePoint[];
  readonly sharpness: readonly SharpnessPoint[];
}

/** What is known of a trained network. */
export interface TrainedNetwork extends Recorded {
  /** In evaluation mode: no unit is dropped, and batches are normalised by fixed statistics. */
  readonly net: Network;
  /** In training mode: batches are normalised by their own statistics. Absent where that is the same. */
  readonly training?: Network;
  readonly theta: Float64Array;
  /** The optimizer of the training; absent where it is not known, or minimised something else than the loss. */
  readonly optimizer?: Optimizer;
  readonly train: Batch;
  readonly test: Batch;
  /** Of the training part, what curvature is measured on: all of it, or a sample. */
  readonly sample: Batch;
  /** Weight of ½‖θ‖² in what was minimised, beside the loss. */
  readonly l2: number;
  readonly effort: Effort;
}

/** What a training cost. */
export interface Effort {
  readonly steps: number;
  /** Evaluated, see `Method`. */
  readonly gradients: number;
  readonly milliseconds: number;
}

/** A trained network with quantities that are computed at first use. "Its loss" is that of `sample`. */
export interface MeasuredNetwork extends TrainedNetwork {
  /** The loss on the whole training part. */
  readonly trainObjective: LossObjective;
  /** Its loss. */
  readonly objective: LossObjective;
  /** H of its loss. */
  readonly hessian: LinearOperator;
  /** All eigenvalues of H, ascending; none where the curvature overflows. */
  readonly eigenvalues: Float64Array;
  /** Whether the ends of the spectrum, and sums over it, are taken from all eigenvalues. */
  readonly whole: boolean;
  /** The upper end of the spectrum, by Lanczos. */
  readonly top: LanczosResult;
  /** The ends of the spectrum, by whatever way suits the network. */
  readonly extremes: { readonly largest: Extreme; readonly smallest: Extreme };
  /** Every bound on λ_max that is known of it, without a closed form from all of H; none where the curvature overflows. */
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
export function measuredNetwork(trained: TrainedNetwork, whole: boolean): MeasuredNetwork {
  const { net, theta, train, sample } = trained;
  const trainObjective = once(() => lossObjective(net, train));
  const objective = once(() => (sample === train ? trainObjective() : lossObjective(net, sample)));
  const hessian = once(() => hessianOperator(net, theta, sample));
  const eigenvalues = once(() =>
    unlessNonFinite(() => symmetricEigen(exactHessian(net, theta, sample)).values, new Float64Array(0)),
  );
  const top = once(() => topOf(hessian()));
  const largest = once(() => (whole ? endOf(eigenvalues(), -1) : largestOf(leadOf(hessian()))));
  const smallest = once(() => (whole ? endOf(eigenvalues(), 0) : smallestOf(hessian())));
  const bounds = once(() =>
    unlessNonFinite(() => {
      if (hasMoments(net)) return spectralBounds(net, theta, sample, { dense: mayFormHessian(net) }).bounds;
      const blocks = net.layout.map(({ name }) => parameterRange(net, name));
      return matrixBounds(exactHessian(net, theta, sample), { blocks }).bounds;
    }, []),
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
    whole,
    get top() {
      return top();
    },
    extremes: {
      get largest() {
        return largest();
      },
      get smallest() {
        return smallest();
      },
    },
    get bounds() {
      return bounds();
    },
  };
}

/** A number, and how far it may be off: a standard error or a residual; 0 where it is exact. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

export function exact(value: number): Estimate {
  return { value, error: 0 };
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

/** Computes a quantity of several measures once for every network. */
export function perNetwork<Value>(
  compute: (network: MeasuredNetwork) => Value,
): (network: MeasuredNetwork) => Value {
  const known = new WeakMap<MeasuredNetwork, { readonly value: Value }>();
  return (network) => {
    let entry = known.get(network);
    if (entry === undefined) {
      entry = { value: compute(network) };
      known.set(network, entry);
    }
    return entry.value;
  };
}

/** Computes at the first call, and keeps the value. */
function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
