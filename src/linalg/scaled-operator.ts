import { inMaker, requireNumber } from "../errors.js";
import { requireOperator, requireVectors } from "./check-operator.js";
import type { LinearOperator } from "./operator.js";

/** c·A. @throws ArgumentError unless `factor` is finite */
export function scaledOperator(operator: LinearOperator, factor: number): LinearOperator {
  return inMaker("scaledOperator", () => {
    requireOperator("operator", operator);
    requireNumber("factor", factor);
    const { size } = operator;
    return {
      size,
      apply(v, out) {
        requireVectors(size, v, out);
        operator.apply(v, out);
        for (let i = 0; i < size; i++) out[i] *= factor;
      },
    };
  });
}
