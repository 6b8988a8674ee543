import type { LinearOperator } from "../operator.js";
import { createKrylov, expandKrylov, ROUNDING, ritzPairs, ritzVector, startKrylov } from "./krylov.js";
import { productsOf } from "./products.js";

/**
 * The largest Ritz pair of so many Lanczos steps from a start vector, however far it is from an eigenpair: `value` is the
 * Rayleigh quotient of the unit vector, at most λ_max.
 * @param start (n), not 0 @param steps ≥ 1, a product each @throws NonFiniteError where a product is not finite
 */
export function largestRitzPair(
  operator: LinearOperator,
  start: Float64Array,
  steps: number,
): { readonly value: number; readonly vector: Float64Array } {
  const { size } = operator;
  const products = productsOf(operator);
  const krylov = createKrylov(size, Math.min(steps, size));
  krylov.rows[0].set(start);
  startKrylov(krylov, []);
  do {
    if (!expandKrylov(krylov, products, [])) throw products.failure;
  } while (krylov.dimension < krylov.capacity && krylov.coupling > ROUNDING * products.largest);
  const ritz = ritzPairs(krylov);
  const last = krylov.dimension - 1;
  const vector = new Float64Array(size);
  ritzVector(krylov, ritz, last, vector);
  return { value: ritz.values[last], vector };
}
