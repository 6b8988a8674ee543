import { requireFinite } from "../errors.js";
import type { Route } from "../hsr/contract.js";
import { checkFiniteTrace, evaluateMoments, hessianTrace } from "../hsr/moments.js";
import { pullBackMoments } from "../hsr/pullback.js";
import { createTerms, fillTerms, type MomentTerms } from "../hsr/terms.js";
import { type MomentSlopes, upperBoundSlopes } from "../hsr/upper-bound.js";
import type { Evaluation } from "../nn/dense/evaluation.js";
import type { Penalty } from "./penalized.js";

/** tr H; tr H² is not computed. */
export function tracePenalty(evaluation: Evaluation): Penalty {
  return momentPenalty(evaluation, (terms) => {
    fillTerms(evaluation, terms);
    const value = hessianTrace(evaluation, terms);
    checkFiniteTrace(value);
    return { value, byTrace: 1, bySquare: 0 };
  });
}

/** tr H² = ‖H‖_F². */
export function frobeniusPenalty(evaluation: Evaluation, route: Route): Penalty {
  return momentPenalty(evaluation, (terms, differentiate) => {
    const moments = evaluateMoments(evaluation, terms, route, differentiate);
    return { value: moments.frobeniusSquared, byTrace: 0, bySquare: 1 };
  });
}

/** The Wolkowicz–Styan upper bound on λ_max. */
export function upperBoundPenalty(evaluation: Evaluation, route: Route): Penalty {
  return momentPenalty(evaluation, (terms, differentiate) =>
    upperBoundSlopes(evaluateMoments(evaluation, terms, route, differentiate)),
  );
}

/** A function of tr H and tr H²: `measure` fills the terms, and with `differentiate` their adjoints too. */
function momentPenalty(
  evaluation: Evaluation,
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
