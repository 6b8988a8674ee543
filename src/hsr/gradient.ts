import { requireFinite } from "../errors.js";
import { type Batch, type PreparedBatch, prepareBatch } from "../nn/batch.js";
import { createPass, type ForwardPass, forward } from "../nn/forward.js";
import { type Architecture, checkParameters } from "../nn/layout.js";
import { type SpectralMoments, spectralSpread } from "./bounds.js";
import { evaluateMoments } from "./moments.js";
import { pullBackMoments } from "./pullback.js";
import { checkRoute, type Route, type RouteOptions } from "./route.js";
import { createTerms, type MomentTerms } from "./terms.js";

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
 * @param theta (n) @throws ShapeError, LabelError, NonFiniteError, ArgumentError for an unknown route
 */
export function wsUpperBoundAndGradient(
  net: Architecture,
  theta: Float64Array,
  batch: Batch,
  options: RouteOptions = {},
): WsUpperBound {
  const where = "wsUpperBoundAndGradient";
  const route = checkRoute(where, options?.route);
  const prepared = prepareBatch(where, net, batch);
  checkParameters(where, "theta", net, theta);
  const pass = createPass(net, prepared.count);
  forward(where, net, theta, prepared, pass);
  return upperBoundGradient(where, net, theta, prepared, pass, createTerms(net, prepared, pass, true), route);
}

/** The same for a finished forward pass, in buffers made for it. */
export function upperBoundGradient(
  where: string,
  net: Architecture,
  theta: Float64Array,
  batch: PreparedBatch,
  pass: ForwardPass,
  terms: MomentTerms,
  route: Route,
): WsUpperBound {
  const n = net.size;
  const moments = evaluateMoments(where, net, theta, batch, pass, terms, route, true);
  const { mean, deviation } = spectralSpread(where, moments);
  const root = Math.sqrt(n - 1);
  const bySquare = deviation > 0 ? root / (2 * deviation * n) : 0;
  const byTrace = deviation > 0 ? 1 / n - (root * mean) / (deviation * n) : 1 / n;
  const gradient = new Float64Array(n);
  pullBackMoments(net, theta, batch, pass, terms, byTrace, bySquare, gradient);
  requireFinite(where, "the bound's gradient", gradient);
  return { value: mean + deviation * root, gradient, moments };
}
