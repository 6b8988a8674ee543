import { type Batch, prepareSamples, selectPrepared } from "../nn/batch.js";
import { requireNetwork } from "../nn/batches.js";
import { evaluationOn } from "../nn/dense/evaluation.js";
import type { FinishedPass } from "../nn/dense/forward.js";
import { passOf } from "../nn/dense/forward.js";
import { checkParameters } from "../nn/layout.js";
import type { Network } from "../nn/network.js";
import type { TappedNetwork } from "../nn/taps.js";
import type { PenalizedLoss } from "../optim/penalized.js";
import { chainSource } from "./chain-factors.js";
import type { FactorSource } from "./factors.js";
import { outputSizes, outputsOf } from "./output-sizes.js";
import { type TappedPoint, tappedSource } from "./tapped-factors.js";

/** A network's loss on a batch, at one theta after another, and the factors of its Hessian where it was evaluated last. */
export interface FactoredLoss extends PenalizedLoss, FactorSource {
  /** Of a chain, its forward pass there. */
  readonly finished?: FinishedPass;
  /** The loss's gradient there (n); the next overwrites it. @throws NonFiniteError */
  gradient(): Float64Array;
  /** Of others, how large curvature and residual of each output are there (N). */
  readonly outputSizes?: () => Float64Array;
  /** Some of its samples, there and nowhere else. @param weights of these, in the place of their own */
  take(samples: Int32Array, weights: Float64Array): FactorSource;
}

/**
 * Factors of chains come by recursion, those of other networks of taps by automatic differentiation.
 * @param differentiable whether what is made of the factors will be differentiated
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a network without a closed form
 */
export function factoredLossOn(net: Network, batch: Batch, differentiable: boolean): FactoredLoss {
  requireNetwork(net);
  if (!net.closedForm && net.tapped) return tappedLossOn(net, net.tapped, batch);
  const evaluation = evaluationOn(net, batch, differentiable ? 3 : 2);
  return {
    ...chainSource(evaluation),
    finished: evaluation,
    value: (theta) => evaluation.value(theta),
    valueAndGradient: (theta) => evaluation.valueAndGradient(theta),
    gradient: () => evaluation.gradient(),
    take: (samples, weights) => chainSource(passOf(evaluation, samples, weights)),
  };
}

/** `factoredLossOn`, evaluated at theta. */
export function factoredLossAt(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  differentiable = false,
): FactoredLoss {
  const factored = factoredLossOn(net, batch, differentiable);
  factored.value(theta);
  return factored;
}

function tappedLossOn(net: Network, tapped: TappedNetwork, batch: Batch): FactoredLoss {
  const loss = net.lossOn(batch);
  const point: { -readonly [Key in keyof TappedPoint]: TappedPoint[Key] } = {
    net: tapped,
    theta: new Float64Array(0),
    batch: prepareSamples(net, batch),
  };
  const moveTo = (theta: Float64Array): Float64Array => {
    point.theta = checkParameters("theta", net, theta);
    return theta;
  };
  return {
    ...tappedSource(point),
    value: (theta) => loss.value(moveTo(theta)),
    valueAndGradient: (theta) => loss.valueAndGradient(moveTo(theta)),
    gradient: () => loss.valueAndGradient(point.theta).gradient,
    outputSizes() {
      const { batch, theta } = point;
      return outputSizes(net, outputsOf(net, tapped.logits(theta, batch.inputs), batch), batch.weights);
    },
    take: (samples, weights) =>
      tappedSource({ ...point, batch: selectPrepared(point.batch, samples, weights) }),
  };
}
