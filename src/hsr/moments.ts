import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { inFunction } from "../errors.js";
import { factoredLossAt } from "../hessian/factored.js";
import type { Batch } from "../nn/batch.js";
import { reusingScratch } from "../nn/dense/reuse.js";
import type { Network } from "../nn/network.js";
import { optionsOf } from "../options.js";
import { CANCELLATION, type Contraction, createContraction } from "./contraction/contraction.js";
import { checkRoute, type Route, type RouteOptions } from "./contraction/route.js";
import { isEstimated, type MethodOptions, methodOptions } from "./estimates/method.js";
import { probedHessian, type SpectralMomentsEstimate } from "./estimates/moments.js";
import { checkMoments } from "./finite-moments.js";
import { evaluateSampledMoments, type SampledMoments } from "./sampling/sampled-moments.js";
import { pairScales, type SamplingOptions, samplingOptions } from "./sampling/sampling.js";

/** Below this share of tr H²/n, the difference s² = tr H²/n − m² has lost too many digits. */
const NEARLY_EQUAL = 1e-6;

/** How `spectralMoments` computes: the route of the closed form, estimates, and what mini-batches stand for. */
export interface MomentOptions extends RouteOptions, MethodOptions, SamplingOptions {}

/**
 * n, tr H and tr H² of the loss Hessian: in closed form, or with `method: "estimate"` by that many products H·v with random
 * signs (`samples`, default 100), which takes every network and adds standard errors. H is never formed.
 *
 * tr H² of a mini-batch is on average larger than that of its data. With `estimator: "unbiased"` and `population: N` the
 * moments, with `traceSquared` besides, are estimates without bias of those of the N samples that the batch of b ≥ 2 was
 * drawn from without replacement; weights as `selectSamples` gives them. For b = N they are those of the batch.
 * @param theta (n)
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for an unknown route, method or estimator, options of
 * another, one sample or a population below b, or a network without a closed form and no method
 * @example
 * import { exactHessian, spectralMoments, symmetricEigen, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const moments = spectralMoments(net, net.init(7), batch);
 * const { values } = symmetricEigen(exactHessian(net, net.init(7), batch));
 * const squares = values.reduce((sum, value) => sum + value ** 2, 0);
 * console.log(moments.size, Math.abs(moments.frobeniusSquared - squares) < 1e-14); // → 17 true
 * const { trace, standardErrors } = spectralMoments(net, net.init(7), batch, { method: "estimate", samples: 400 });
 * console.log(Math.abs(trace - moments.trace) < 3 * standardErrors.trace); // → true
 */
export function spectralMoments(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: MomentOptions & { readonly method: "estimate" },
): SpectralMomentsEstimate;
export function spectralMoments(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: MomentOptions & { readonly estimator: "unbiased" },
): SampledMoments;
export function spectralMoments(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options?: MomentOptions,
): SpectralMoments;
export function spectralMoments(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: MomentOptions = {},
): SpectralMoments {
  return inFunction("spectralMoments", () => {
    const given = optionsOf(options, ["route", ...samplingOptions, ...methodOptions]);
    if (isEstimated(net, given, "spectralMoments(net, theta, batch, {"))
      return probedHessian(net, theta, batch, given).moments;
    const route = checkRoute(given.route);
    return reusingScratch(net, () => {
      const loss = factoredLossAt(net, theta, batch);
      const scales = pairScales(given, loss.weights.length);
      const contraction = createContraction(loss, false);
      return scales
        ? evaluateSampledMoments(contraction, loss.weights, scales, false).moments
        : withDeviation(evaluateMoments(contraction, route, false), contraction);
    });
  });
}

/** The moments at the contraction's theta; with `differentiate`, it is left ready to pull back. @throws NonFiniteError when the curvature overflowed */
export function evaluateMoments(
  contraction: Contraction,
  route: Route,
  differentiate: boolean,
): SpectralMoments {
  const { total, cancellation } = contraction.squares(route, differentiate);
  const trace = contraction.trace();
  const moments: SpectralMoments = {
    size: contraction.size,
    trace,
    frobeniusSquared: total,
    ...(cancellation > CANCELLATION && { cancellation }),
  };
  checkMoments(moments);
  return moments;
}

/**
 * The same moments, with `deviation` where all eigenvalues are nearly equal. With `differentiate`, the contraction is then
 * left ready to pull back ‖H − mI‖_F² in the place of tr H².
 */
export function withDeviation(
  moments: SpectralMoments,
  contraction: Contraction,
  differentiate = false,
): SpectralMoments {
  if (!areNearlyEqual(moments)) return moments;
  const { size, trace } = moments;
  const squared = contraction.squaredDeviation(trace / size, differentiate);
  return { ...moments, deviation: Math.sqrt(squared / size) };
}

/** Whether all eigenvalues are so nearly equal that their variance is lost in the difference of the moments. */
export function areNearlyEqual({ size, trace, frobeniusSquared }: SpectralMoments): boolean {
  const mean = trace / size;
  const meanSquare = frobeniusSquared / size;
  return !(meanSquare - mean * mean >= NEARLY_EQUAL * meanSquare);
}
