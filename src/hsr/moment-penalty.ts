import { requireFinite } from "../errors.js";
import type { FactoredLoss } from "../hessian/factored.js";
import type { Penalty } from "../optim/penalized.js";
import { type MomentSlopes, upperBoundSlopes } from "./bound-slopes.js";
import { type Contraction, createContraction } from "./contraction.js";
import { evaluateMoments, withDeviation } from "./moments.js";
import type { Route } from "./route.js";

/** The Wolkowicz–Styan upper bound on λ_max. */
export function upperBoundPenalty(loss: FactoredLoss, route: Route): Penalty {
  return momentPenalty(loss, (contraction, differentiate) => {
    const moments = evaluateMoments(contraction, route, differentiate);
    return upperBoundSlopes(withDeviation(moments, contraction, differentiate));
  });
}

/** A function of tr H and tr H²: with `differentiate`, `measure` leaves the contraction ready to pull back. */
export function momentPenalty(
  loss: FactoredLoss,
  measure: (contraction: Contraction, differentiate: boolean) => MomentSlopes,
): Penalty {
  const contraction = createContraction(loss, true);
  const measured = (differentiate: boolean) => {
    contraction.renew();
    return measure(contraction, differentiate);
  };
  return {
    value: () => measured(false).value,
    valueAndGradient() {
      const slopes = measured(true);
      const gradient = new Float64Array(loss.size);
      contraction.pullBack(slopes, gradient);
      requireFinite("the penalty's gradient", gradient);
      return { value: slopes.value, gradient };
    },
  };
}
