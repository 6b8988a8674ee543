import { inMaker, requireNumber } from "../errors.js";
import { addScaled } from "../tensor/elementwise.js";
import { requireOperator, requireVectors } from "./check-operator.js";
import type { LinearOperator } from "./operator.js";

/** A + σI: every eigenvalue moves by the shift. @throws ArgumentError unless `shift` is finite */
export function shiftedOperator(operator: LinearOperator, shift: number): LinearOperator {
  return inMaker("shiftedOperator", () => {
    requireOperator("operator", operator);
    requireNumber("shift", shift);
    const { size } = operator;
    return {
      size,
      apply(v, out) {
        requireVectors(size, v, out);
        operator.apply(v, out);
        addScaled(out, shift, v);
      },
    };
  });
}
