import { requireFinite } from "../errors.js";
import type { HiddenEvaluation } from "../nn/dense/one-hidden-layer.js";
import type { Penalty } from "../optim/penalized.js";
import { type MomentSlopes, upperBoundSlopes } from "./bound-slopes.js";
import type { Route } from "./contract.js";
import { evaluateMoments } from "./moments.js";
import { pullBackMoments } from "./pullback.js";
import { createTerms, type MomentTerms } from "./terms.js";

/** The Wolkowicz–Styan upper bound on λ_max. */
export function upperBoundPenalty(evaluation: HiddenEvaluation, route: Route): Penalty {
  return momentPenalty(evaluation, (terms, differentiate) =>
    upperBoundSlopes(evaluateMoments(evaluation, terms, route, differentiate)),
  );
}

/** A function of tr H and tr H²: `measure` fills the terms, and with `differentiate` their adjoints too. */
export function momentPenalty(
  evaluation: HiddenEvaluation,
  measure: (terms: MomentTerms, differentiate: boolean) => MomentSlopes,
): Penalty {
  const terms = createTerms(evaluation, true);
  return {
    value: () => measure(terms, false).value,
    valueAndGradient() {
      const slopes = measure(terms, true);
      const gradient = new Float64Array(evaluation.net.size);
      pullBackMoments(evaluation, terms, slopes, gradient);
      requireFinite("the penalty's gradient", gradient);
      return { value: slopes.value, gradient };
    },
  };
}
