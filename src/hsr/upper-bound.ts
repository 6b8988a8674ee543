import { type SpectralMoments, spectralSpread } from "../bounds/wolkowicz-styan.js";
import { inFunction, requireFinite } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import { hiddenEvaluationAt } from "../nn/dense/one-hidden-layer.js";
import type { Network } from "../nn/network.js";
import { checkRoute, type RouteOptions } from "./contract.js";
import { evaluateMoments } from "./moments.js";
import { pullBackMoments, type Slopes } from "./pullback.js";
import { createTerms } from "./terms.js";

export interface WsUpperBound {
  /** B = m + s√(n−1) ≥ λ_max(H). */
  readonly value: number;
  /** ∇B (n), laid out like theta. */
  readonly gradient: Float64Array;
  readonly moments: SpectralMoments;
}

/**
 * The Wolkowicz–Styan upper bound on λ_max of the loss Hessian, and its gradient, both in closed form and exact; H is
 * never formed. Omae et al., arXiv 2604.10202 and 2606.28662.
 *
 * With m = tr H/n and s² = tr H²/n − m²: ∇B = (1/n − √(n−1) m/(s n)) ∇tr H + √(n−1)/(2 s n) ∇tr H². At s = 0, where
 * H = mI, B has no gradient; ∇tr H/n is returned.
 * @param theta (n)
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for an unknown route, or a network without a closed form
 * @example
 * import { threeLayerNet, wsUpperBoundAndGradient } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(7);
 * const { value, gradient } = wsUpperBoundAndGradient(net, theta, batch);
 * const flatter = theta.map((weight, i) => weight - 0.1 * gradient[i]);
 * console.log(wsUpperBoundAndGradient(net, flatter, batch).value < value); // → true
 */
export function wsUpperBoundAndGradient(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: RouteOptions = {},
): WsUpperBound {
  return inFunction("wsUpperBoundAndGradient", () => {
    const route = checkRoute(options?.route);
    const evaluation = hiddenEvaluationAt(net, theta, batch);
    const terms = createTerms(evaluation, true);
    const moments = evaluateMoments(evaluation, terms, route, true);
    const slopes = upperBoundSlopes(moments);
    const gradient = new Float64Array(net.size);
    pullBackMoments(evaluation, terms, slopes, gradient);
    requireFinite("the bound's gradient", gradient);
    return { value: slopes.value, gradient, moments };
  });
}

/** A function of tr H and tr H² with its partial derivatives by them. */
export interface MomentSlopes extends Slopes {
  readonly value: number;
}

/** B = m + s√(n−1); at s = 0 the slopes of m. */
export function upperBoundSlopes(moments: SpectralMoments): MomentSlopes {
  const n = moments.size;
  const { mean, deviation } = spectralSpread(moments);
  const root = Math.sqrt(n - 1);
  return {
    value: mean + deviation * root,
    byTrace: deviation > 0 ? 1 / n - (root * mean) / (deviation * n) : 1 / n,
    bySquare: deviation > 0 ? root / (2 * deviation * n) : 0,
  };
}
