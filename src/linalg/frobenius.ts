import { inFunction } from "../errors.js";
import { randomStream } from "../random.js";
import { norm } from "../tensor/reduce.js";
import { type EstimateOptions, estimateOptions } from "./estimate-options.js";
import { sampleMean } from "./estimates/sample-mean.js";
import { productsOf } from "./krylov/products.js";
import type { LinearOperator } from "./operator.js";
import type { Estimate } from "./result.js";
import { fillSigns } from "./vectors.js";

/**
 * ‖A‖²_F = tr A² as the mean of ‖Az‖² over vectors z of random signs: Hutchinson's estimate for A², unbiased. Below
 * ‖A‖ ≈ 1e-154 it underflows.
 * @throws ArgumentError, NonFiniteError
 * Hutchinson 1990.
 */
export function frobeniusEstimate(operator: LinearOperator, options: EstimateOptions = {}): Estimate {
  return inFunction("frobeniusEstimate", () => {
    const { samples, seed } = estimateOptions(operator, options);
    const products = productsOf(operator);
    const stream = randomStream(seed, "frobeniusEstimate");
    const z = new Float64Array(operator.size);
    const product = new Float64Array(operator.size);
    const terms = new Float64Array(samples);
    for (let i = 0; i < samples; i++) {
      fillSigns(z, stream);
      products.require(z, product);
      const length = norm(product);
      terms[i] = length * length;
    }
    return {
      ...sampleMean(terms),
      iterations: samples,
      products: products.count,
      status: "converged",
    };
  });
}
