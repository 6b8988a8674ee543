import { requireFinite } from "../../errors.js";
import { curvatureFormOn } from "../../hessian/curvature-form.js";
import type { Estimate } from "../../linalg/result.js";
import type { Batch } from "../../nn/batch.js";
import type { Network } from "../../nn/network.js";
import type { MeanEstimate } from "./mean-estimate.js";
import type { MethodOptions } from "./method.js";
import { probedHessian, type SpectralMomentsEstimate } from "./moments.js";
import { termsGradient } from "./probes.js";
import { upperBoundStatistic } from "./statistics.js";

/** An estimate of the Wolkowicz–Styan bound, which may lie below λ_max, and of its gradient. */
export interface WsUpperBoundEstimate extends Estimate, MeanEstimate {
  /** (n), laid out like theta: the derivative of `value` for these probes, so that its bias is the derivative of value's. */
  readonly gradient: Float64Array;
  /** Those that `spectralMoments` estimates with the same options. */
  readonly moments: SpectralMomentsEstimate;
}

export function estimatedUpperBound(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  options: MethodOptions,
): WsUpperBoundEstimate {
  const { hessian, terms, moments, stream } = probedHessian(net, theta, batch, options);
  const { estimate, ...slopes } = upperBoundStatistic(net.size, terms);
  const gradient = termsGradient(hessian, curvatureFormOn(net, batch)(theta), stream(), slopes);
  requireFinite("the bound's gradient", gradient);
  const { iterations, status } = moments;
  return { ...estimate, gradient, moments, iterations, products: hessian.count, status };
}
