import { ArgumentError, describe, inCallback, inMaker, requireInteger, requireVector } from "../errors.js";
import { requireVectors } from "./check-operator.js";
import type { LinearOperator } from "./operator.js";

/** A·v: returned as a vector (n), or written to `out`. */
// biome-ignore lint/suspicious/noConfusingVoidType: functions that write to `out` return nothing.
export type Product = (v: Float64Array, out: Float64Array) => Float64Array | void;

/**
 * An operator from the function that multiplies by it, such as an objective's Hessian–vector product:
 * `productOperator(objective.size, (v) => objective.hessianVectorProduct(theta, v))`.
 * That the product is linear and symmetric is taken on trust; residuals show where it is not.
 * @param size n ≥ 1
 * @throws ArgumentError; in a product, ShapeError when the function returns a vector of another length
 */
export function productOperator(size: number, product: Product): LinearOperator {
  return inMaker("productOperator", () => {
    requireInteger("size", size, 1);
    if (typeof product !== "function") {
      throw new ArgumentError({
        expected: "product to be a function (v) => A·v or (v, out) => void",
        got: describe(product),
      });
    }
    return {
      size,
      apply(v, out) {
        requireVectors(size, v, out);
        // A product that writes nothing must not pass for one.
        out.fill(Number.NaN);
        const result: unknown = inCallback(() => product(v, out));
        if (result === undefined || result === out) return;
        out.set(requireVector("the product", size, result));
      },
    };
  });
}
