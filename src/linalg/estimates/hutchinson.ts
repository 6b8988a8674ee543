import { inFunction } from "../../errors.js";
import { randomStream } from "../../random.js";
import { dot } from "../../tensor/reduce.js";
import { type EstimateOptions, estimateOptions } from "../estimate-options.js";
import { productsOf } from "../krylov/products.js";
import type { LinearOperator } from "../operator.js";
import type { Estimate } from "../result.js";
import { fillSigns } from "../vectors.js";
import { sampleMean } from "./sample-mean.js";

/**
 * tr A as the mean of zᵀAz over vectors z of random signs: unbiased, of variance 2·Σ_{i≠j} a_ij² / samples. Exact for a
 * diagonal matrix.
 * @throws ArgumentError, NonFiniteError
 * Hutchinson 1990; Girard 1989.
 */
export function hutchinsonTrace(operator: LinearOperator, options: EstimateOptions = {}): Estimate {
  return inFunction("hutchinsonTrace", () => {
    const { samples, seed } = estimateOptions(operator, options);
    const products = productsOf(operator);
    const stream = randomStream(seed, "hutchinsonTrace");
    const z = new Float64Array(operator.size);
    const product = new Float64Array(operator.size);
    const terms = new Float64Array(samples);
    for (let i = 0; i < samples; i++) {
      fillSigns(z, stream);
      products.require(z, product);
      terms[i] = dot(z, product);
    }
    return {
      ...sampleMean(terms),
      iterations: samples,
      products: products.count,
      status: "converged",
    };
  });
}
