import { ArgumentError, inMaker, requireInteger } from "../errors.js";
import { requireOperator, requireVectors } from "./check-operator.js";
import type { LinearOperator } from "./operator.js";

/**
 * The principal block A[from … to − 1, from … to − 1]: the curvature of one layer's parameters, say. A product costs
 * one of the whole operator.
 * @param from ≥ 0 @param to from < to ≤ n
 * @throws ArgumentError for an empty range, or one that leaves the operator
 */
export function restrictedOperator(operator: LinearOperator, from: number, to: number): LinearOperator {
  return inMaker("restrictedOperator", () => {
    requireOperator("operator", operator);
    requireInteger("from", from, 0);
    requireInteger("to", to, from + 1);
    if (to > operator.size) throw new ArgumentError({ expected: `to ≤ n = ${operator.size}`, got: `${to}` });
    const size = to - from;
    // Zero outside the range, and so it stays.
    const padded = new Float64Array(operator.size);
    const product = new Float64Array(operator.size);
    const inside = product.subarray(from, to);
    return {
      size,
      apply(v, out) {
        requireVectors(size, v, out);
        padded.set(v, from);
        operator.apply(padded, product);
        out.set(inside);
      },
    };
  });
}
