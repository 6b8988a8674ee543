import { chainSource } from "../hessian/chain-factors.js";
import { curvatureAlong } from "../hessian/directional-curvature.js";
import { assembled, hessianByProducts } from "../hessian/exact.js";
import { lossCurvatureOn } from "../hessian/loss-curvature.js";
import type { Batch } from "../nn/batch.js";
import { lossOn, requireNetwork } from "../nn/batches.js";
import { evaluationOn } from "../nn/dense/evaluation.js";
import { type FinishedPass, passOf } from "../nn/dense/forward.js";
import { hessianProduct } from "../nn/dense/tangents.js";
import type { HessianProduct, Network } from "../nn/network.js";
import type { PenalizedLoss } from "../optim/penalized.js";
import type { Tensor } from "../tensor/view.js";

/** H of a loss at one theta. */
export interface LossCurvature {
  readonly size: number;
  readonly multiply: HessianProduct;
  /** H itself, (n,n). */
  matrix(): Tensor;
  /** ∇(vᵀHv) for fixed v (n). */
  gradientAlong(v: Float64Array): Float64Array;
}

/** A loss, and H where it was evaluated last. */
export interface CurvedLoss {
  readonly loss: PenalizedLoss;
  curvatureAt(theta: Float64Array): LossCurvature;
  /** Of a chain of dense layers, some of its samples where the loss was evaluated last. */
  readonly chain?: {
    /** Its forward pass there. */
    readonly finished: FinishedPass;
    /** @param weights of these samples, in the place of their own */
    curvatureOf(samples: Int32Array, weights: Float64Array): LossCurvature;
  };
}

/** @throws ShapeError, LabelError, NonFiniteError; ArgumentError for a network of the caller's own without `curvatureAt` */
export function curvedLossOn(net: Network, batch: Batch): CurvedLoss {
  requireNetwork(net);
  const { size } = net;
  if (net.closedForm) {
    const evaluation = evaluationOn(net, batch, 3);
    return {
      loss: evaluation,
      curvatureAt: () => curvatureOf(evaluation),
      chain: {
        finished: evaluation,
        curvatureOf: (samples, weights) => curvatureOf(passOf(evaluation, samples, weights)),
      },
    };
  }
  const loss = lossOn(net, batch);
  const formAt = lossCurvatureOn(net, batch);
  return {
    loss: {
      size,
      value: (theta) => loss.value(theta),
      valueAndGradient: (theta) => loss.valueAndGradient(theta),
    },
    curvatureAt(theta) {
      const multiply = loss.hessianAt(theta);
      return {
        size,
        multiply,
        matrix: () => hessianByProducts(multiply, size),
        gradientAlong: (v) => formAt(theta)(v, v).gradient,
      };
    },
  };
}

/** Of a chain, where its forward pass ran. */
function curvatureOf(finished: FinishedPass): LossCurvature {
  let multiply: ReturnType<typeof hessianProduct> | undefined;
  return {
    size: finished.net.size,
    multiply(v, out) {
      multiply ??= hessianProduct(finished);
      multiply(v, out);
    },
    matrix: () => assembled(chainSource(finished), "hessian"),
    gradientAlong: (v) => curvatureAlong(finished, v).gradient,
  };
}
