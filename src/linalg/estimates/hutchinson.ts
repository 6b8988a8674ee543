import { inFunction } from "../../errors.js";
import { randomStream } from "../../random.js";
import { dot, norm } from "../../tensor/reduce.js";
import { productsOf } from "../krylov/products.js";
import type { LinearOperator } from "../operator.js";
import type { Estimate } from "../result.js";
import { fillSigns } from "../vectors.js";
import { type EstimateOptions, estimateOptions, sampleMean } from "./sample-mean.js";

/**
 * tr A as the mean of zᵀAz over vectors z of random signs: unbiased, of variance 2·Σ_{i≠j} a_ij² / samples. Exact for a
 * diagonal matrix.
 * @throws ArgumentError, ShapeError, NonFiniteError
 * Hutchinson 1990; Girard 1989.
 * @example
 * import { hutchinsonTrace, productOperator } from "flatward";
 * const operator = productOperator(3, ([x, y, z]) => Float64Array.of(x, 2 * y, 4 * z));
 * const { value, standardError } = hutchinsonTrace(operator, { samples: 10 });
 * console.log(value, standardError); // → 7 0
 */
export function hutchinsonTrace(operator: LinearOperator, options: EstimateOptions = {}): Estimate {
  return meanOverSigns("hutchinsonTrace", operator, options, dot);
}

/**
 * ‖A‖²_F = tr A² as the mean of ‖Az‖² over vectors z of random signs: Hutchinson's estimate for A², unbiased. Below
 * ‖A‖ ≈ 1e-154 it underflows.
 * @throws ArgumentError, ShapeError, NonFiniteError
 * Hutchinson 1990.
 * @example
 * import { frobeniusEstimate, matrixOperator } from "flatward/linalg";
 * const A = matrixOperator([[4, 0], [0, 1]]); // diagonal: exact from any vectors
 * console.log(frobeniusEstimate(A, { samples: 2 }).value); // → 17
 */
export function frobeniusEstimate(operator: LinearOperator, options: EstimateOptions = {}): Estimate {
  return meanOverSigns("frobeniusEstimate", operator, options, (_, product) => {
    const length = norm(product);
    return length * length;
  });
}

/** The mean of a term of z and Az over vectors z of random signs; the public function's name is its stream's too. */
function meanOverSigns(
  name: string,
  operator: LinearOperator,
  options: EstimateOptions,
  term: (z: Float64Array, product: Float64Array) => number,
): Estimate {
  return inFunction(name, () => {
    const { samples, seed } = estimateOptions(operator, options);
    const products = productsOf(operator);
    const stream = randomStream(seed, name);
    const z = new Float64Array(operator.size);
    const product = new Float64Array(operator.size);
    const terms = new Float64Array(samples);
    for (let i = 0; i < samples; i++) {
      fillSigns(z, stream);
      products.require(z, product);
      terms[i] = term(z, product);
    }
    return { ...sampleMean(terms), iterations: samples, products: products.count, status: "converged" };
  });
}
