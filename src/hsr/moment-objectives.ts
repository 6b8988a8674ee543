import { inMaker } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import { evaluationOn } from "../nn/dense/evaluation.js";
import type { Network } from "../nn/network.js";
import type { Objective } from "../optim/objective.js";
import { frobeniusPenalty, tracePenalty } from "../regularizers/moments.js";
import { checkStrength, type PenaltyOptions, penalizedObjective } from "../regularizers/penalized.js";
import { checkRoute, type RouteOptions } from "./contract.js";

/**
 * loss + strength · tr H, with the exact gradient in closed form, where other implementations sample Hutchinson's estimate
 * (Liu, Yu & Lin 2022, arXiv 2208.05924). H is not positive semidefinite in general, so tr H may be negative.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a negative strength
 */
export function traceObjective(net: Network, batch: Batch, options: PenaltyOptions): Objective {
  return inMaker("traceObjective", () => {
    const strength = checkStrength(options);
    const evaluation = evaluationOn(net, batch);
    return penalizedObjective(evaluation, strength, tracePenalty(evaluation));
  });
}

export interface FrobeniusOptions extends PenaltyOptions, RouteOptions {}

/**
 * loss + strength · ‖H‖_F² = loss + strength · tr H², the sum of all squared eigenvalues, with the exact gradient in closed
 * form. The cost is that of `hsrObjective`.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a negative strength or an unknown route
 */
export function frobeniusObjective(net: Network, batch: Batch, options: FrobeniusOptions): Objective {
  return inMaker("frobeniusObjective", () => {
    const strength = checkStrength(options);
    const route = checkRoute(options.route);
    const evaluation = evaluationOn(net, batch);
    return penalizedObjective(evaluation, strength, frobeniusPenalty(evaluation, route));
  });
}
