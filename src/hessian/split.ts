import { ArgumentError, describe, inFunction, inMaker } from "../errors.js";
import { type Operator, operatorOf } from "../linalg/operator.js";
import type { Batch } from "../nn/batch.js";
import { requireNetwork } from "../nn/batches.js";
import { denseLoss } from "../nn/dense/loss.js";
import type { HessianPart } from "../nn/dense/tangents.js";
import { checkParameters } from "../nn/layout.js";
import type { Network } from "../nn/network.js";
import type { Tensor } from "../tensor/view.js";
import { assembled, hessianByProducts } from "./exact.js";
import { factoredLossAt } from "./factored.js";

// H = G + R (Schraudolph 2002, Neural Computation 14; "outer-product" and "functional" Hessian in Singh, Bachmann &
// Hofmann, NeurIPS 2021). Both parts come from forms of their own, neither by subtraction of matrices.

/**
 * The (generalised) Gauss–Newton matrix G = Σ ω Jᵀ S J, with the Jacobian J of a sample's logits by theta and the
 * loss's curvature S by the logits. Positive semidefinite, for all losses here are convex in the logits.
 * @param theta (n) @returns (n,n), symmetric to the bit; memory 8n² bytes
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a network of the caller's own without `partAt`
 * Schraudolph 2002.
 * @example
 * import { exactHessian, gaussNewtonMatrix, symmetricEigen, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(7);
 * // H has negative eigenvalues here, G never has.
 * const smallest = (matrix) => symmetricEigen(matrix).values[0];
 * console.log(smallest(exactHessian(net, theta, batch)) > -1e-14); // → false
 * console.log(smallest(gaussNewtonMatrix(net, theta, batch)) > -1e-14); // → true
 */
export function gaussNewtonMatrix(net: Network, theta: Float64Array, batch: Batch): Tensor {
  return inFunction("gaussNewtonMatrix", () => partMatrix(net, theta, batch, "gauss-newton"));
}

/**
 * The residual part R = H − G = Σ ω Σ_k r_k ∇²u_k, with the residuals r = p − y. 0 where every prediction is its target.
 * With one hidden layer it is block diagonal, seen unit by unit: no entry joins the weights into and out of one hidden
 * unit with another's.
 * @param theta (n) @returns (n,n), symmetric to the bit; memory 8n² bytes
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a network of the caller's own without `partAt`
 * @example
 * import { exactHessian, gaussNewtonMatrix, residualMatrix, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const matrices = [exactHessian, gaussNewtonMatrix, residualMatrix];
 * const [h, g, r] = matrices.map((matrix) => matrix(net, net.init(7), batch).data);
 * console.log(h.every((entry, i) => Math.abs(entry - (g[i] + r[i])) < 1e-14)); // → true
 */
export function residualMatrix(net: Network, theta: Float64Array, batch: Batch): Tensor {
  return inFunction("residualMatrix", () => partMatrix(net, theta, batch, "residual"));
}

/**
 * `gaussNewtonMatrix` as an operator, as `hessianOperator` is for H. @throws as `gaussNewtonMatrix`, then and in every product
 * @example
 * import { lanczos, threeLayerNet } from "flatward";
 * import { gaussNewtonOperator } from "flatward/hessian";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const { values } = lanczos(gaussNewtonOperator(net, theta, batch), { which: "smallest" });
 * console.log(values[0] > -1e-12); // → true
 */
export function gaussNewtonOperator(net: Network, theta: Float64Array, batch: Batch): Operator {
  return inMaker("gaussNewtonOperator", () => partOperator(net, theta, batch, "gauss-newton"));
}

/**
 * `residualMatrix` as an operator, as `hessianOperator` is for H. @throws as `residualMatrix`, then and in every product
 * @example
 * import { threeLayerNet } from "flatward";
 * import { gaussNewtonOperator, residualOperator } from "flatward/hessian";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const sum = gaussNewtonOperator(net, theta, batch).plus(residualOperator(net, theta, batch)); // H
 * console.log(sum.size === net.size); // → true
 */
export function residualOperator(net: Network, theta: Float64Array, batch: Batch): Operator {
  return inMaker("residualOperator", () => partOperator(net, theta, batch, "residual"));
}

function partMatrix(net: Network, theta: Float64Array, batch: Batch, part: HessianPart): Tensor {
  requireNetwork(net);
  if (net.closedForm || net.tapped) return assembled(factoredLossAt(net, theta, batch), part);
  return hessianByProducts(partOperator(net, theta, batch, part).apply, net.size);
}

function partOperator(net: Network, theta: Float64Array, batch: Batch, part: HessianPart): Operator {
  requireNetwork(net);
  const loss = net.closedForm ? denseLoss(net, batch) : net.lossOn(batch);
  if (typeof loss.partAt === "function")
    return operatorOf(net.size, loss.partAt(checkParameters("theta", net, theta).slice(), part));
  throw new ArgumentError({
    expected: "a network whose lossOn returns partAt(theta, part): products with G and R",
    got: describe(loss.partAt),
    next: "add it, as docs/reference/networks.md describes",
  });
}
