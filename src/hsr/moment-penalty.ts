import { requireFinite } from "../errors.js";
import type { FactoredLoss } from "../hessian/factored.js";
import type { Penalty } from "../optim/penalized.js";
import type { MomentSlopes } from "./bound-slopes.js";
import { type Contraction, createContraction } from "./contraction.js";

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
