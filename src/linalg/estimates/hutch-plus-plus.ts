import { inFunction, requireFew, requireInteger } from "../../errors.js";
import { optionsOf } from "../../options.js";
import { type RandomStream, randomStream } from "../../random.js";
import { dot } from "../../tensor/reduce.js";
import { type Products, productsOf } from "../krylov/products.js";
import { type LinearOperator, requireOperator } from "../operator.js";
import type { Estimate } from "../result.js";
import { fillNormal, fillSigns, normalize, orthogonalize } from "../vectors.js";
import { sampleMean } from "./sample-mean.js";

/** How many products Hutch++ takes, and the seed of its random vectors. */
export interface HutchPlusPlusOptions {
  /** The most products with A, ≥ 6: a third each to find Q, for tr(QᵀAQ), and for samples of the rest. Default 99. */
  readonly products?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

/** The value is the sum of both parts; the standard error is that of the residual part alone, the other being exact. */
export interface HutchPlusPlusEstimate extends Estimate {
  /** tr(QᵀAQ), without sampling error. */
  readonly projected: number;
  /** The mean of gᵀ(I − QQᵀ)A(I − QQᵀ)g over random signs g. */
  readonly residual: number;
  /** Columns of Q, an orthonormal basis of the range of A·S for a random S. */
  readonly rank: number;
}

/**
 * tr A = tr(QᵀAQ) + tr((I − QQᵀ)A(I − QQᵀ)): the first part computed, the second estimated as by `hutchinsonTrace`.
 * Unbiased. For a semidefinite A the error falls as 1/products, not as 1/√products. The standard error is conditional on
 * Q: that of the residual part.
 * @throws ArgumentError, ShapeError, NonFiniteError
 * Meyer, Musco, Musco & Woodruff 2021, algorithm 1; S Gaussian, the samples random signs.
 * @example
 * import { hutchPlusPlusTrace, productOperator } from "flatward";
 * // uuᵀ for u = (1, 2, …, 50): of rank 1, so that the projection misses nothing.
 * const operator = productOperator(50, (v) => {
 *   const along = v.reduce((sum, entry, i) => sum + (i + 1) * entry, 0);
 *   return v.map((_, i) => (i + 1) * along);
 * });
 * const { value, rank, products } = hutchPlusPlusTrace(operator, { products: 6 });
 * console.log(value.toFixed(6), rank, products); // → 42925.000000 1 6
 */
export function hutchPlusPlusTrace(
  operator: LinearOperator,
  options: HutchPlusPlusOptions = {},
): HutchPlusPlusEstimate {
  return inFunction("hutchPlusPlusTrace", () => {
    requireOperator("operator", operator);
    const { products: budget = 99, seed = 0 } = optionsOf(options, ["products", "seed"]);
    requireFew("products", requireInteger("products", budget, 6, "two for each of its three parts"));
    requireInteger("seed", seed, 0);

    const { size } = operator;
    const products = productsOf(operator);
    const sketch = Math.min(Math.floor(budget / 3), size);
    const q = rangeBasis(products, sketch, randomStream(seed, "hutchPlusPlusTrace", "sketch"));
    const product = new Float64Array(size);
    let projected = 0;
    for (const column of q) {
      products.require(column, product);
      projected += dot(column, product);
    }

    // Of Q spanning the whole space there is no rest.
    const samples = q.length === size ? 0 : budget - products.count;
    const terms = new Float64Array(Math.max(samples, 2));
    const stream = randomStream(seed, "hutchPlusPlusTrace", "samples");
    const g = new Float64Array(size);
    for (let i = 0; i < samples; i++) {
      fillSigns(g, stream);
      if (orthogonalize(g, q, [], 0) === 0) continue;
      products.require(g, product);
      terms[i] = dot(g, product);
    }
    const { value: residual, standardError } = sampleMean(terms);
    return {
      value: projected + residual,
      standardError,
      projected,
      residual,
      rank: q.length,
      iterations: sketch + samples,
      products: products.count,
      status: q.length < sketch || q.length === size ? "invariant-subspace" : "converged",
    };
  });
}

/** An orthonormal basis of the range of A·S, S (n, count) Gaussian; columns dependent to rounding are left out. */
function rangeBasis(products: Products, count: number, stream: RandomStream): Float64Array[] {
  const basis: Float64Array[] = [];
  const s = new Float64Array(products.size);
  const rounding = Number.EPSILON * products.size;
  for (let i = 0; i < count; i++) {
    fillNormal(s, stream);
    const column = new Float64Array(products.size);
    products.require(s, column);
    const length = orthogonalize(column, basis, [], 0);
    if (length <= rounding * products.largest) continue;
    normalize(column, length);
    basis.push(column);
  }
  return basis;
}
