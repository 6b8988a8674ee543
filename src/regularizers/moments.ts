import { inMaker } from "../errors.js";
import { checkRoute, type Route, type RouteOptions } from "../hsr/contract.js";
import { isEstimated, type MethodOptions, methodOptions } from "../hsr/estimates/method.js";
import { estimatedObjective } from "../hsr/estimates/objective.js";
import { squareStatistic, traceStatistic } from "../hsr/estimates/statistics.js";
import { momentPenalty } from "../hsr/moment-penalty.js";
import { checkFiniteTrace, evaluateMoments, hessianTrace } from "../hsr/moments.js";
import { fillTerms } from "../hsr/terms.js";
import type { Batch } from "../nn/batch.js";
import { type HiddenEvaluation, hiddenEvaluationOn } from "../nn/dense/one-hidden-layer.js";
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
    const evaluation = hiddenEvaluationOn(net, batch);
    return penalizedObjective(evaluation, strength, tracePenalty(evaluation));
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
    const evaluation = hiddenEvaluationOn(net, batch);
    return penalizedObjective(evaluation, strength, frobeniusPenalty(evaluation, route));
  });
}

const added = (strength: number) => (loss: PenalizedLoss, penalty: Penalty) =>
  penalizedObjective(loss, strength, penalty);

/** tr H; tr H² is not computed. */
function tracePenalty(evaluation: HiddenEvaluation): Penalty {
  return momentPenalty(evaluation, (terms) => {
    fillTerms(evaluation, terms);
    const value = hessianTrace(evaluation, terms);
    checkFiniteTrace(value);
    return { value, byTrace: 1, bySquare: 0 };
  });
}

/** tr H² = ‖H‖_F². */
function frobeniusPenalty(evaluation: HiddenEvaluation, route: Route): Penalty {
  return momentPenalty(evaluation, (terms, differentiate) => {
    const moments = evaluateMoments(evaluation, terms, route, differentiate);
    return { value: moments.frobeniusSquared, byTrace: 0, bySquare: 1 };
  });
}
