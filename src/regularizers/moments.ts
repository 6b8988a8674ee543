import { requireFinite } from "../errors.js";
import type { Route } from "../hsr/contract.js";
import { checkFiniteTrace, evaluateMoments, hessianTrace } from "../hsr/moments.js";
import { pullBackMoments } from "../hsr/pullback.js";
import { createTerms, fillTerms, type MomentTerms } from "../hsr/terms.js";
import { type MomentSlopes, upperBoundSlopes } from "../hsr/upper-bound.js";
import type { LossEvaluation, Penalty } from "../nn/dense/evaluation.js";

/** tr H; tr H² is not computed. */
export function tracePenalty(evaluation: LossEvaluation): Penalty {
  const { net, prepared, pass } = evaluation;
  return momentPenalty(evaluation, (theta, terms) => {
    fillTerms(net, theta, pass, terms);
    const value = hessianTrace(net, terms, prepared.inputs, pass.activations, prepared.weights);
    checkFiniteTrace(value);
    return { value, byTrace: 1, bySquare: 0 };
  });
}

/** tr H² = ‖H‖_F². */
export function frobeniusPenalty(evaluation: LossEvaluation, route: Route): Penalty {
  const { net, prepared, pass } = evaluation;
  return momentPenalty(evaluation, (theta, terms, differentiate) => {
    const moments = evaluateMoments(net, theta, prepared, pass, terms, route, differentiate);
    return { value: moments.frobeniusSquared, byTrace: 0, bySquare: 1 };
  });
}

/** The Wolkowicz–Styan upper bound on λ_max. */
export function upperBoundPenalty(evaluation: LossEvaluation, route: Route): Penalty {
  const { net, prepared, pass } = evaluation;
  return momentPenalty(evaluation, (theta, terms, differentiate) =>
    upperBoundSlopes(evaluateMoments(net, theta, prepared, pass, terms, route, differentiate)),
  );
}

/** A function of tr H and tr H²: `measure` fills the terms, and with `differentiate` their adjoints too. */
function momentPenalty(
  { net, prepared, pass }: LossEvaluation,
  measure: (theta: Float64Array, terms: MomentTerms, differentiate: boolean) => MomentSlopes,
): Penalty {
  const terms = createTerms(net, prepared, pass, true);
  return {
    value: (theta) => measure(theta, terms, false).value,
    valueAndGradient(theta) {
      const { value, byTrace, bySquare } = measure(theta, terms, true);
      const gradient = new Float64Array(net.size);
      pullBackMoments(net, theta, prepared, pass, terms, byTrace, bySquare, gradient);
      requireFinite("the penalty's gradient", gradient);
      return { value, gradient };
    },
  };
}
