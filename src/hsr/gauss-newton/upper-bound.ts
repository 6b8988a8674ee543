import { inFunction, requireFinite } from "../../errors.js";
import type { Batch } from "../../nn/batch.js";
import { chainEvaluationAt } from "../../nn/dense/evaluation.js";
import type { Network } from "../../nn/network.js";
import { upperBoundSlopes } from "../bound-slopes.js";
import type { WsUpperBound } from "../upper-bound.js";
import { momentGradient, momentsOf } from "./sums-over-pairs.js";

/**
 * The Wolkowicz–Styan upper bound B = m + s√(n−1) ≥ λ_max(G) of the Gauss–Newton part, and its gradient, both exact. It
 * does not bound λ_max(H). The gradient needs φ″; that of relu is taken as 0, so that ∇B is that of the linear piece theta
 * is in: B jumps from piece to piece, which the gradient does not see. At s = 0, ∇tr G/n is returned.
 * @param theta (n)
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a network that is no chain of dense layers
 * @example
 * import { gaussNewtonUpperBoundAndGradient, multilayerNet } from "flatward";
 * const net = multilayerNet({ sizes: [2, 4, 4, 2] });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(7);
 * const { value, gradient } = gaussNewtonUpperBoundAndGradient(net, theta, batch);
 * const flatter = theta.map((weight, i) => weight - 0.1 * gradient[i]);
 * console.log(gaussNewtonUpperBoundAndGradient(net, flatter, batch).value < value); // → true
 */
export function gaussNewtonUpperBoundAndGradient(
  net: Network,
  theta: Float64Array,
  batch: Batch,
): WsUpperBound {
  return inFunction("gaussNewtonUpperBoundAndGradient", () => {
    const evaluation = chainEvaluationAt(net, theta, batch, 2);
    const moments = momentsOf(evaluation);
    const slopes = upperBoundSlopes(moments);
    const gradient = momentGradient(evaluation, slopes);
    requireFinite("the bound's gradient", gradient);
    return { value: slopes.value, gradient, moments };
  });
}
