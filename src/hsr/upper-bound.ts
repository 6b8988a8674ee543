import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { inFunction, requireFinite } from "../errors.js";
import { factoredLossAt } from "../hessian/factored.js";
import type { Batch } from "../nn/batch.js";
import { reusingScratch } from "../nn/dense/reuse.js";
import type { Network } from "../nn/network.js";
import { optionsOf } from "../options.js";
import { type MomentSlopes, upperBoundSlopes } from "./bound-slopes.js";
import { type Contraction, createContraction } from "./contraction/contraction.js";
import { checkRoute, type Route } from "./contraction/route.js";
import type { PairScales } from "./contraction/tile-contraction.js";
import { isEstimated, methodOptions } from "./estimates/method.js";
import { estimatedUpperBound, type WsUpperBoundEstimate } from "./estimates/upper-bound.js";
import { evaluateMoments, type MomentOptions, withDeviation } from "./moments.js";
import { evaluateSampledMoments, sampledBoundSlopes } from "./sampling/sampled-moments.js";
import { pairScales, samplingOptions } from "./sampling/sampling.js";

/** The Wolkowicz–Styan upper bound with its gradient, and the moments that it is made of. */
export interface WsUpperBound {
  /** B = m + s√(n−1) ≥ λ_max(H). */
  readonly value: number;
  /** ∇B (n), laid out like theta. */
  readonly gradient: Float64Array;
  readonly moments: SpectralMoments;
}

/**
 * The Wolkowicz–Styan upper bound on λ_max of the loss Hessian, and its gradient, both in closed form and exact; H is
 * never formed. Omae et al., arXiv 2604.10202 and 2606.28662. With `method: "estimate"` both are estimated for any network
 * from `samples` random vectors (default 100), at two products H·v and a derivative of vᵀHw each; docs/theory/estimates.md.
 *
 * With m = tr H/n and s² = tr H²/n − m²: ∇B = (1/n − √(n−1) m/(s n)) ∇tr H + √(n−1)/(2 s n) ∇tr H². Where s² is below
 * 1e-6 tr H²/n, both come from ns² = ‖H − mI‖_F², summed over H's blocks. At s = 0, where H = mI, B has no gradient;
 * ∇tr H/n is returned. With `estimator: "unbiased"` and `population`, B is that of the moments which `spectralMoments`
 * then gives, (tr H)² estimated by itself, with its gradient: no bound on λ_max, and, as a root of estimates, itself not
 * without bias. Where s² comes out below 0 it counts as 0.
 * @param theta (n)
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for an unknown route, method or estimator, options of
 * another, one sample or a population below b, or a network without a closed form and no method
 * @example
 * import { threeLayerNet, wsUpperBoundAndGradient } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(7);
 * const { value, gradient } = wsUpperBoundAndGradient(net, theta, batch);
 * const flatter = theta.map((weight, i) => weight - 0.1 * gradient[i]);
 * console.log(wsUpperBoundAndGradient(net, flatter, batch).value < value); // → true
 * const estimate = wsUpperBoundAndGradient(net, theta, batch, { method: "estimate", samples: 400 });
 * console.log(Math.abs(estimate.value - value) < 3 * estimate.standardError); // → true
 */
export function wsUpperBoundAndGradient(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: MomentOptions & { readonly method: "estimate" },
): WsUpperBoundEstimate;
export function wsUpperBoundAndGradient(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options?: MomentOptions,
): WsUpperBound;
export function wsUpperBoundAndGradient(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: MomentOptions = {},
): WsUpperBound {
  return inFunction("wsUpperBoundAndGradient", () => {
    const given = optionsOf(options, ["route", ...samplingOptions, ...methodOptions]);
    if (isEstimated(net, given, "wsUpperBoundAndGradient(net, theta, batch, {"))
      return estimatedUpperBound(net, theta, batch, given);
    const route = checkRoute(given.route);
    return reusingScratch(net, () => {
      const loss = factoredLossAt(net, theta, batch, true);
      const scales = pairScales(given, loss.weights.length);
      const contraction = createContraction(loss, true);
      const { moments, ...slopes } = scales
        ? sampledBoundAt(contraction, loss.weights, scales)
        : upperBoundAt(contraction, route, true);
      const gradient = new Float64Array(net.size);
      contraction.pullBack(slopes, gradient);
      requireFinite("the bound's gradient", gradient);
      return { value: slopes.value, gradient, moments };
    });
  });
}

/** A bound of some moments. */
interface BoundAt extends MomentSlopes {
  readonly moments: SpectralMoments;
}

/** B at the contraction's theta; with `differentiate`, it is left ready to pull back. @throws NonFiniteError */
export function upperBoundAt(contraction: Contraction, route: Route, differentiate: boolean): BoundAt {
  const moments = withDeviation(
    evaluateMoments(contraction, route, differentiate),
    contraction,
    differentiate,
  );
  return { moments, ...upperBoundSlopes(moments) };
}

function sampledBoundAt(contraction: Contraction, weights: Float64Array, scales: PairScales): BoundAt {
  const sampled = evaluateSampledMoments(contraction, weights, scales, true);
  return { moments: sampled.moments, ...sampledBoundSlopes(sampled) };
}
