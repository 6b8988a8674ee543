import { curvatureAlong } from "../hessian/directional-curvature.js";
import { curvatureMatrix, hessianByProducts } from "../hessian/exact.js";
import { lossCurvatureOn } from "../hessian/loss-curvature.js";
import type { Batch } from "../nn/batch.js";
import { lossOn, requireNetwork } from "../nn/batches.js";
import { evaluationOn } from "../nn/dense/evaluation.js";
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
}

/** @throws ShapeError, LabelError, NonFiniteError; ArgumentError for a network of the caller's own without `curvatureAt` */
export function curvedLossOn(net: Network, batch: Batch): CurvedLoss {
  requireNetwork(net);
  const { size } = net;
  if (net.closedForm) {
    const evaluation = evaluationOn(net, batch, 3);
    const curvature: LossCurvature = {
      size,
      multiply: (v, out) => hessianProduct(evaluation, v, out),
      matrix: () => curvatureMatrix(evaluation, "hessian"),
      gradientAlong: (v) => curvatureAlong(evaluation, v).gradient,
    };
    return { loss: evaluation, curvatureAt: () => curvature };
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
