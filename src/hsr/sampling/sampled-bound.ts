import { requireFinite } from "../../errors.js";
import type { FactoredLoss } from "../../hessian/factored.js";
import type { Penalty } from "../../optim/penalized.js";
import { upperBoundSlopes } from "../bound-slopes.js";
import type { Contraction } from "../contraction/contraction.js";
import type { Route } from "../contraction/route.js";
import { evaluateMoments, withDeviation } from "../moments.js";
import type { HsrMemory } from "../objective/step-state.js";
import { evaluateSampledMoments, sampledBoundSlopes, sampledGradient } from "./sampled-moments.js";
import { type Part, type PartOptions, sampledPart } from "./sampled-part.js";

export interface SampledBoundOptions extends PartOptions {
  readonly route: Route;
  readonly memory: HsrMemory;
}

/** B with its gradient, which is computed when it is asked for. */
interface Bound {
  readonly value: number;
  gradient(): Float64Array;
}

/**
 * The Wolkowicz–Styan bound of all samples; or from some drawn anew every step, each with the inverse of its probability as
 * a weight; or without the bias of a mini-batch's moments; or both.
 */
export function sampledBoundPenalty(loss: FactoredLoss, options: SampledBoundOptions): Penalty {
  const { estimator, route, memory } = options;
  const using = sampledPart(loss, options);
  const boundOf = (part: Part, differentiate: boolean): Bound =>
    estimator === "plain"
      ? plainBound(part.contraction, route, differentiate)
      : unbiasedBound(part, memory, differentiate);
  return {
    value: () => using((part) => boundOf(part, false).value),
    valueAndGradient: () =>
      using((part) => {
        const { value, gradient } = boundOf(part, true);
        const slope = gradient();
        requireFinite("the penalty's gradient", slope);
        return { value, gradient: slope };
      }),
  };
}

function plainBound(contraction: Contraction, route: Route, differentiate: boolean): Bound {
  const moments = evaluateMoments(contraction, route, differentiate);
  const slopes = upperBoundSlopes(withDeviation(moments, contraction, differentiate));
  return {
    value: slopes.value,
    gradient() {
      const out = new Float64Array(contraction.size);
      contraction.pullBack(slopes, out);
      return out;
    },
  };
}

function unbiasedBound(
  { contraction, weights, scales }: Part,
  memory: HsrMemory,
  differentiate: boolean,
): Bound {
  const sampled = evaluateSampledMoments(contraction, weights, scales, differentiate);
  const slopes = sampledBoundSlopes({ size: contraction.size, ...memory.meanWith(sampled.moments) });
  return { value: slopes.value, gradient: () => sampledGradient(contraction, sampled, slopes) };
}
