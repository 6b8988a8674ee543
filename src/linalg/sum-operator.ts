import { ArgumentError, inMaker, ShapeError } from "../errors.js";
import { addScaled } from "../tensor/elementwise.js";
import { requireOperator, requireVectors } from "./check-operator.js";
import type { LinearOperator } from "./operator.js";

/** A + B + …. @throws ArgumentError for no operator, ShapeError for operators of different sizes */
export function sumOperator(...operators: readonly LinearOperator[]): LinearOperator {
  return inMaker("sumOperator", () => {
    if (operators.length === 0) throw new ArgumentError({ expected: "one operator or more", got: "none" });
    operators.forEach((operator, i) => {
      requireOperator(`operator ${i}`, operator);
    });
    const [first, ...others] = operators;
    const { size } = first;
    for (const other of others) {
      if (other.size === size) continue;
      throw new ShapeError({ expected: `operators of one size, ${size}`, got: `one of ${other.size}` });
    }
    const term = new Float64Array(others.length > 0 ? size : 0);
    return {
      size,
      apply(v, out) {
        requireVectors(size, v, out);
        first.apply(v, out);
        for (const other of others) {
          other.apply(v, term);
          addScaled(out, 1, term);
        }
      },
    };
  });
}
