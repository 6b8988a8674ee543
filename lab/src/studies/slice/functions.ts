import {
  type Batch,
  hessianOperator,
  lanczos,
  lossObjective,
  type MomentOptions,
  type Network,
  spectralMoments,
  wsBounds,
} from "flatward";
import { norm } from "flatward/tensor";
import { accuracyOf } from "../../experiment/measures/evaluation.js";
import { hasMoments } from "../../experiment/network/make.js";
import type { Batches } from "../../experiment/prepare.js";

/** The network whose landscape is shown, and its data. */
export interface SliceNetwork extends Batches {
  /** Normalising, where it does, as at the centre of the slice. */
  readonly net: Network;
  /** Of the training part, what curvature is measured on. */
  readonly sample: Batch;
}

/** A function of theta that a slice can show. */
interface LandscapeFunction {
  readonly label: string;
  readonly explanation: string;
  /** Of the samples of curvature, which may be fewer than the training part. */
  readonly ofSample?: true;
  /** Of one network's landscape: what does not depend on theta is done once. */
  of(network: SliceNetwork): (theta: Float64Array) => number;
}

/** Residual of λ_max, relative to ‖H‖: a picture shows no more. */
const TOLERANCE = 1e-6;

/** Random vectors of an estimate: the same at every point, so that it varies with theta alone. */
const SAMPLES = 20;
const estimated = `estimated from ${SAMPLES} random vectors where the network has no closed form`;

const momentsOf = (net: Network): MomentOptions =>
  hasMoments(net) ? {} : { method: "estimate", samples: SAMPLES };

function upperBoundAt(net: Network, theta: Float64Array, sample: Batch): number {
  if (hasMoments(net)) return wsBounds(spectralMoments(net, theta, sample)).largest.upper;
  return spectralMoments(net, theta, sample, { method: "estimate", samples: SAMPLES }).upperBound.value;
}

/** Everything that a slice can show. A new one is one row. */
export const landscapeFunctions = {
  loss: {
    label: "training loss",
    explanation: "the loss on the training part, without penalties",
    of: ({ net, train }) => lossObjective(net, train).value,
  },
  "test-loss": {
    label: "test loss",
    explanation: "the loss on the held-out part",
    of: ({ net, test }) => lossObjective(net, test).value,
  },
  "test-error": {
    label: "test error",
    explanation: "share of the held-out samples that are classified wrongly",
    of:
      ({ net, test }) =>
      (theta) =>
        1 - accuracyOf(net, theta, test),
  },
  "ws-bound": {
    label: "WS bound on λ_max",
    explanation: `the Wolkowicz–Styan upper bound on the largest eigenvalue of the training loss Hessian; ${estimated}`,
    ofSample: true,
    of:
      ({ net, sample }) =>
      (theta) =>
        upperBoundAt(net, theta, sample),
  },
  "lambda-max": {
    label: "λ_max",
    explanation: "the largest eigenvalue of the training loss Hessian, by Lanczos",
    ofSample: true,
    of:
      ({ net, sample }) =>
      (theta) =>
        lanczos(hessianOperator(net, theta, sample), { tolerance: TOLERANCE }).values[0],
  },
  trace: {
    label: "tr H",
    explanation: `the trace of the training loss Hessian; ${estimated}`,
    ofSample: true,
    of:
      ({ net, sample }) =>
      (theta) =>
        spectralMoments(net, theta, sample, momentsOf(net)).trace,
  },
  "gradient-norm": {
    label: "‖∇L‖",
    explanation: "the norm of the training loss gradient",
    of: ({ net, train }) => {
      const objective = lossObjective(net, train);
      return (theta) => norm(objective.gradient(theta));
    },
  },
} as const satisfies Record<string, LandscapeFunction>;

export type FunctionId = keyof typeof landscapeFunctions;
export const functionIds = Object.keys(landscapeFunctions) as FunctionId[];
