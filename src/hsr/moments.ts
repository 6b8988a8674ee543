import type { SpectralMoments } from "../bounds/wolkowicz-styan.js";
import { inFunction, NonFiniteError } from "../errors.js";
import type { SampleRows } from "../hessian/factors.js";
import { packedTrace } from "../hessian/packed.js";
import type { Batch } from "../nn/batch.js";
import type { FinishedHiddenPass } from "../nn/dense/one-hidden-layer.js";
import { hiddenEvaluationAt } from "../nn/dense/one-hidden-layer.js";
import type { Network } from "../nn/network.js";
import { optionsOf } from "../options.js";
import type { Tensor } from "../tensor/view.js";
import { checkRoute, contract, type Route, type RouteOptions } from "./contract.js";
import { isEstimated, type MethodOptions, methodOptions } from "./estimates/method.js";
import { probedHessian, type SpectralMomentsEstimate } from "./estimates/moments.js";
import { createTerms, fillTerms, type MomentTerms } from "./terms.js";

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
    const evaluation = hiddenEvaluationAt(net, theta, batch);
    return evaluateMoments(evaluation, createTerms(evaluation, false), route, false);
  });
}

/**
 * The moments for a finished forward pass, in buffers made for it; with `differentiate`, the derivative of tr H² is left
 * in the terms' adjoints.
 */
export function evaluateMoments(
  finished: FinishedHiddenPass,
  terms: MomentTerms,
  route: Route,
  differentiate: boolean,
): SpectralMoments {
  fillTerms(finished, terms);
  const moments: SpectralMoments = {
    size: finished.net.size,
    trace: hessianTrace(finished, terms),
    frobeniusSquared: contract(finished, terms, route, differentiate),
  };
  checkMoments(moments);
  return moments;
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

/** tr H = Σ ω (tr S ‖ã‖² + tr M ‖x̃‖²). */
export function hessianTrace(
  { net, batch, pass }: FinishedHiddenPass,
  { output, hidden }: MomentTerms,
): number {
  const { inputs, weights } = batch;
  const { activations } = pass;
  let trace = 0;
  for (let i = 0; i < weights.length; i++) {
    const byOutput = packedTrace(output.data, i * output.width, net.outputs) * squaredRowNorm(activations, i);
    const byHidden = packedTrace(hidden.data, i * hidden.width, net.hidden) * squaredRowNorm(inputs, i);
    trace += weights[i] * (byOutput + byHidden);
  }
  return trace;
}

/** One layer's share of it: Σ ω tr F ‖row‖² for packed symmetric F of n units and the layer's inputs. */
export function layerTrace(factor: SampleRows, n: number, rows: Tensor, weights: Float64Array): number {
  let trace = 0;
  for (let i = 0; i < weights.length; i++)
    trace += weights[i] * packedTrace(factor.data, i * factor.width, n) * squaredRowNorm(rows, i);
  return trace;
}

/** ‖row i‖². */
export function squaredRowNorm({ data, shape, stride, offset }: Tensor, i: number): number {
  const row = offset + i * stride[0];
  let sum = 0;
  for (let j = 0; j < shape[1]; j++) sum += data[row + j] * data[row + j];
  return sum;
}
