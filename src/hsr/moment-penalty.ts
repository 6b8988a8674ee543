import { requireFinite } from "../errors.js";
import type { Penalty } from "../optim/penalized.js";
import type { MomentSlopes } from "./bound-slopes.js";
import type { Part } from "./sampled-part.js";

/** A function of tr H and tr H² of a part: with `differentiate`, `measure` leaves its contraction ready to pull back. */
export function momentPenalty(
  part: () => Part,
  measure: (part: Part, differentiate: boolean) => MomentSlopes,
): Penalty {
  return {
    value: () => measure(part(), false).value,
    valueAndGradient() {
      const own = part();
      const slopes = measure(own, true);
      const gradient = new Float64Array(own.contraction.size);
      own.contraction.pullBack(slopes, gradient);
      requireFinite("the penalty's gradient", gradient);
      return { value: slopes.value, gradient };
    },
  };
}
