import { requireFinite, requireNumber, requireObject } from "../errors.js";
import { type Batch, prepareBatch } from "../nn/batch.js";
import { createPass, forward } from "../nn/forward.js";
import { type Architecture, checkParameters } from "../nn/layout.js";
import { lossGradient } from "../nn/loss-gradient.js";
import type { Objective } from "../optim/objective.js";
import { addScaled } from "../tensor/elementwise.js";
import { wsBounds } from "./bounds.js";
import { upperBoundGradient } from "./gradient.js";
import { evaluateMoments } from "./moments.js";
import { checkRoute, type RouteOptions } from "./route.js";
import { createTerms } from "./terms.js";

export interface HsrOptions extends RouteOptions {
  /** Weight of the bound beside the loss, ≥ 0. 0 is the plain loss. */
  readonly strength: number;
}

/**
 * Hessian Spectral Range regularization: loss + strength · WS upper bound on λ_max of the loss Hessian, on a batch
 * that is checked and laid out once (Omae et al., arXiv 2606.28662).
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a negative strength
 */
export function hsrObjective(net: Architecture, batch: Batch, options: HsrOptions): Objective {
  const where = "hsrObjective";
  requireObject(where, "options", options, "at least { strength }");
  const strength = requireNumber(where, "strength", options.strength, { atLeast: 0 });
  const route = checkRoute(where, options.route);
  const prepared = prepareBatch(where, net, batch);
  const pass = createPass(net, prepared.count);
  const terms = createTerms(net, prepared, pass, true);
  const run = (theta: Float64Array) =>
    forward(where, net, checkParameters(where, "theta", net, theta), prepared, pass);

  const valueAndGradient: Objective["valueAndGradient"] = (theta) => {
    const loss = run(theta);
    const gradient = new Float64Array(net.size);
    lossGradient(net, theta, prepared, pass, gradient);
    const bound = upperBoundGradient(where, net, theta, prepared, pass, terms, route);
    addScaled(gradient, strength, bound.gradient);
    requireFinite(where, "the gradient", gradient);
    return { value: loss + strength * bound.value, gradient };
  };
  return {
    size: net.size,
    value(theta) {
      const loss = run(theta);
      const moments = evaluateMoments(where, net, theta, prepared, pass, terms, route, false);
      return loss + strength * wsBounds(moments).largest.upper;
    },
    gradient: (theta) => valueAndGradient(theta).gradient,
    valueAndGradient,
  };
}
