import { inMaker } from "../errors.js";
import { type FactoredLoss, factoredLossOn } from "../hessian/factored.js";
import { isEstimated, type MethodOptions, methodOptions } from "../hsr/estimates/method.js";
import { estimatedObjective } from "../hsr/estimates/objective.js";
import { squareStatistic, traceStatistic } from "../hsr/estimates/statistics.js";
import { checkFiniteTrace } from "../hsr/finite-moments.js";
import { momentPenalty } from "../hsr/moment-penalty.js";
import { evaluateMoments } from "../hsr/moments.js";
import { checkRoute, type Route, type RouteOptions } from "../hsr/route.js";
import type { Batch } from "../nn/batch.js";
import type { Network } from "../nn/network.js";
import type { Objective } from "../optim/objective.js";
import {
  checkStrength,
  type PenalizedLoss,
  type Penalty,
  type PenaltyOptions,
  penalizedObjective,
} from "../optim/penalized.js";
import { requireOptions } from "../options.js";

export interface TraceOptions extends PenaltyOptions, MethodOptions {}

/**
 * loss + strength · tr H, with the exact gradient in closed form, where other implementations sample Hutchinson's estimate
 * (Liu, Yu & Lin 2022, arXiv 2208.05924). H is not positive semidefinite in general, so tr H may be negative.
 * `method: "estimate"` takes every network, as `hsrObjective` does.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a negative strength or bad options
 */
export function traceObjective(net: Network, batch: Batch, options: TraceOptions): Objective {
  return inMaker("traceObjective", () => {
    requireOptions(options, ["strength", ...methodOptions], "{ strength }");
    const strength = checkStrength(options);
    if (isEstimated(net, options, "traceObjective(net, batch, { strength,"))
      return estimatedObjective(net, batch, options, traceStatistic, added(strength));
    const loss = factoredLossOn(net, batch, true);
    return penalizedObjective(loss, strength, tracePenalty(loss));
  });
}

export interface FrobeniusOptions extends PenaltyOptions, RouteOptions, MethodOptions {}

/**
 * loss + strength · ‖H‖_F² = loss + strength · tr H², the sum of all squared eigenvalues, with the exact gradient in closed
 * form, or by estimate; the cost is that of `hsrObjective`.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a negative strength or an unknown route
 */
export function frobeniusObjective(net: Network, batch: Batch, options: FrobeniusOptions): Objective {
  return inMaker("frobeniusObjective", () => {
    requireOptions(options, ["strength", "route", ...methodOptions], "at least { strength }");
    const strength = checkStrength(options);
    if (isEstimated(net, options, "frobeniusObjective(net, batch, { strength,"))
      return estimatedObjective(net, batch, options, squareStatistic, added(strength));
    const route = checkRoute(options.route);
    const loss = factoredLossOn(net, batch, true);
    return penalizedObjective(loss, strength, frobeniusPenalty(loss, route));
  });
}

const added = (strength: number) => (loss: PenalizedLoss, penalty: Penalty) =>
  penalizedObjective(loss, strength, penalty);

/** tr H; tr H² is not computed. */
function tracePenalty(loss: FactoredLoss): Penalty {
  return momentPenalty(loss, (contraction) => {
    const value = contraction.traces().reduce((sum, each) => sum + each, 0);
    checkFiniteTrace(value);
    return { value, byTrace: 1, bySquare: 0 };
  });
}

/** tr H² = ‖H‖_F². */
function frobeniusPenalty(loss: FactoredLoss, route: Route): Penalty {
  return momentPenalty(loss, (contraction, differentiate) => {
    const moments = evaluateMoments(contraction, route, differentiate);
    return { value: moments.frobeniusSquared, byTrace: 0, bySquare: 1 };
  });
}
