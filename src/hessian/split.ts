import { inFunction, inMaker } from "../errors.js";
import type { LinearOperator } from "../linalg/operator.js";
import type { Batch } from "../nn/batch.js";
import type { Architecture } from "../nn/layout.js";
import type { Tensor } from "../tensor/view.js";
import { denseCurvature } from "./exact.js";
import { curvatureOperator } from "./operator.js";

// H = G + R (Schraudolph 2002, Neural Computation 14; "outer-product" and "functional" Hessian in Singh, Bachmann &
// Hofmann, NeurIPS 2021). Both parts come from closed forms of their own, neither by subtraction.

/**
 * The (generalised) Gauss–Newton matrix G = Σ ω Jᵀ S J, with the Jacobian J of a sample's logits by theta and the
 * loss's curvature S by the logits. Positive semidefinite, for all losses here are convex in the logits.
 * @param theta (n) @returns (n,n), symmetric to the bit; memory 8n² bytes @throws ShapeError, LabelError, NonFiniteError
 */
export function gaussNewtonMatrix(net: Architecture, theta: Float64Array, batch: Batch): Tensor {
  return inFunction("gaussNewtonMatrix", () => denseCurvature(net, theta, batch, "gauss-newton"));
}

/**
 * The residual part R = H − G = Σ ω Σ_k r_k ∇²u_k, with the residuals r = p − y. 0 where every prediction is its target.
 * Seen unit by unit it is block diagonal: no entry joins the weights into and out of one hidden unit with another's.
 * @param theta (n) @returns (n,n), symmetric to the bit; memory 8n² bytes @throws ShapeError, LabelError, NonFiniteError
 */
export function residualMatrix(net: Architecture, theta: Float64Array, batch: Batch): Tensor {
  return inFunction("residualMatrix", () => denseCurvature(net, theta, batch, "residual"));
}

/** `gaussNewtonMatrix` as an operator, as `hessianOperator` is for H. @throws as `hessianOperator` */
export function gaussNewtonOperator(net: Architecture, theta: Float64Array, batch: Batch): LinearOperator {
  return inMaker("gaussNewtonOperator", () => curvatureOperator(net, theta, batch, "gauss-newton"));
}

/** `residualMatrix` as an operator, as `hessianOperator` is for H. @throws as `hessianOperator` */
export function residualOperator(net: Architecture, theta: Float64Array, batch: Batch): LinearOperator {
  return inMaker("residualOperator", () => curvatureOperator(net, theta, batch, "residual"));
}
