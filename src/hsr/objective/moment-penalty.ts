import { requireFinite } from "../../errors.js";
import type { Penalty } from "../../optim/penalized.js";
import type { MomentSlopes } from "../bound-slopes.js";
import type { Part, PartUse } from "../sampling/sampled-part.js";

/** A function of tr H and tr H² of a part: with `differentiate`, `measure` leaves its contraction ready to pull back. */
export function momentPenalty(
  using: PartUse,
  measure: (part: Part, differentiate: boolean) => MomentSlopes,
): Penalty {
  return {
    value: () => using((part) => measure(part, false).value),
    valueAndGradient: () =>
      using((part) => {
        const slopes = measure(part, true);
        const gradient = new Float64Array(part.contraction.size);
        part.contraction.pullBack(slopes, gradient);
        requireFinite("the penalty's gradient", gradient);
        return { value: slopes.value, gradient };
      }),
  };
}
