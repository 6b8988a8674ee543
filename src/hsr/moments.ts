import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { inFunction, NonFiniteError } from "../errors.js";
import { factoredLossAt } from "../hessian/factored.js";
import type { Batch } from "../nn/batch.js";
import type { Network } from "../nn/network.js";
import { optionsOf } from "../options.js";
import { CANCELLATION, type Contraction, createContraction } from "./contraction.js";
import { isEstimated, type MethodOptions, methodOptions } from "./estimates/method.js";
import { probedHessian, type SpectralMomentsEstimate } from "./estimates/moments.js";
import { checkRoute, type Route, type RouteOptions } from "./route.js";

/** Below this share of tr H²/n, the difference s² = tr H²/n − m² has lost too many digits. */
const NEARLY_EQUAL = 1e-6;

export interface MomentOptions extends RouteOptions, MethodOptions {}

/**
 * n, tr H and tr H² of the loss Hessian: in closed form, or with `method: "estimate"` by that many products H·v with random
 * signs (`samples`, default 100), which takes every network and adds standard errors. H is never formed.
 * @param theta (n)
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for an unknown route or method, options of another method,
 * or a network without a closed form and no method
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
  options?: MomentOptions,
): SpectralMoments;
export function spectralMoments(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: MomentOptions = {},
): SpectralMoments {
  return inFunction("spectralMoments", () => {
    const given = optionsOf(options, ["route", ...methodOptions]);
    if (isEstimated(net, given, "spectralMoments(net, theta, batch, {"))
      return probedHessian(net, theta, batch, given).moments;
    const route = checkRoute(given.route);
    const contraction = createContraction(factoredLossAt(net, theta, batch), false);
    return withDeviation(evaluateMoments(contraction, route, false), contraction);
  });
}

/** The moments at the contraction's theta; with `differentiate`, it is left ready to pull back. @throws NonFiniteError when the curvature overflowed */
export function evaluateMoments(
  contraction: Contraction,
  route: Route,
  differentiate: boolean,
): SpectralMoments {
  const { total, cancellation } = contraction.squares(route, differentiate);
  const trace = contraction.traces().reduce((sum, each) => sum + each, 0);
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
  const { size, trace, frobeniusSquared } = moments;
  const mean = trace / size;
  const meanSquare = frobeniusSquared / size;
  if (meanSquare - mean * mean >= NEARLY_EQUAL * meanSquare) return moments;
  return { ...moments, deviation: Math.sqrt(contraction.squaredDeviation(mean, differentiate) / size) };
}

/** @throws NonFiniteError when the curvature overflowed */
export function checkMoments({ trace, frobeniusSquared }: SpectralMoments): void {
  if (Number.isFinite(trace) && Number.isFinite(frobeniusSquared)) return;
  throw curvatureOverflow(`tr H = ${trace}, tr H² = ${frobeniusSquared}`);
}

/** The same for the trace alone. */
export function checkFiniteTrace(trace: number): void {
  if (!Number.isFinite(trace)) throw curvatureOverflow(`tr H = ${trace}`);
}

function curvatureOverflow(got: string): NonFiniteError {
  return new NonFiniteError({
    expected: "finite spectral moments",
    got,
    next: "the curvature overflows at this theta: scale the inputs or the targets",
  });
}
