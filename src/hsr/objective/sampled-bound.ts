import type { FactoredLoss } from "../../hessian/factored.js";
import type { Penalty } from "../../optim/penalized.js";
import type { Route } from "../contraction/route.js";
import { evaluateSampledMoments, sampledBoundSlopes } from "../sampling/sampled-moments.js";
import { type PartOptions, sampledPart } from "../sampling/sampled-part.js";
import { upperBoundAt } from "../upper-bound.js";
import { momentPenalty } from "./moment-penalty.js";
import type { HsrMemory } from "./step-state.js";

interface SampledBoundOptions extends PartOptions {
  readonly route: Route;
  readonly memory: HsrMemory;
}

/**
 * The Wolkowicz–Styan bound of all samples; or from some drawn anew every step, each with the inverse of its probability as
 * a weight; or without the bias of a mini-batch's moments; or both.
 */
export function sampledBoundPenalty(loss: FactoredLoss, options: SampledBoundOptions): Penalty {
  const { estimator, route, memory } = options;
  return momentPenalty(sampledPart(loss, options), ({ contraction, weights, scales }, differentiate) => {
    if (estimator === "plain") return upperBoundAt(contraction, route, differentiate);
    const sampled = evaluateSampledMoments(contraction, weights, scales, differentiate);
    return sampledBoundSlopes(sampled, { size: contraction.size, ...memory.meanWith(sampled.moments) });
  });
}
