import { inFunction, requireFinite } from "../../errors.js";
import { randomStream } from "../../random.js";
import { powerOfTwoNear } from "../../tensor/power-of-two.js";
import { productsOf } from "../krylov/products.js";
import type { LinearOperator } from "../operator.js";
import type { IterationReport } from "../result.js";
import { fillSigns } from "../vectors.js";
import { type EstimateOptions, estimateOptions } from "./sample-mean.js";

/** An unbiased estimate of each diagonal entry. */
export interface DiagonalEstimate extends IterationReport {
  /** (n). */
  readonly values: Float64Array;
  /** (n), one for each value. Entries share their samples: their errors are correlated. */
  readonly standardErrors: Float64Array;
}

/**
 * diag A as the mean of z ⊙ Az over vectors z of random signs: unbiased, entry i with variance Σ_{j≠i} a_ij² / samples.
 * Exact for a diagonal matrix.
 * @throws ArgumentError, ShapeError, NonFiniteError
 * Bekas, Kokiopoulou & Saad 2007; for signs their denominator z ⊙ z is 1.
 * @example
 * import { diagonalEstimate, matrixOperator } from "flatward/linalg";
 * const A = matrixOperator([[4, 0], [0, 1]]); // diagonal: exact from any vectors
 * console.log(Array.from(diagonalEstimate(A, { samples: 2 }).values)); // → [ 4, 1 ]
 */
export function diagonalEstimate(operator: LinearOperator, options: EstimateOptions = {}): DiagonalEstimate {
  return inFunction("diagonalEstimate", () => {
    const { samples, seed } = estimateOptions(operator, options);
    const { size } = operator;
    const products = productsOf(operator);
    const stream = randomStream(seed, "diagonalEstimate");
    const z = new Float64Array(size);
    const product = new Float64Array(size);
    const values = new Float64Array(size);
    const standardErrors = new Float64Array(size);
    // Squares are of scaled numbers, so that they neither overflow nor underflow.
    let scale = 0;
    for (let count = 1; count <= samples; count++) {
      fillSigns(z, stream);
      const length = products.require(z, product);
      if (scale === 0 && length > 0) scale = powerOfTwoNear(length);
      for (let i = 0; i < size; i++) {
        // Welford's update of the mean and the sum of squares about it.
        const term = scale === 0 ? 0 : (z[i] * product[i]) / scale;
        const difference = term - values[i];
        values[i] += difference / count;
        standardErrors[i] += difference * (term - values[i]);
      }
    }
    for (let i = 0; i < size; i++) {
      values[i] *= scale;
      standardErrors[i] = scale * Math.sqrt(standardErrors[i] / (samples * (samples - 1)));
    }
    requireFinite("the diagonal", values, "scale the operator down");
    requireFinite("the standard errors", standardErrors, "scale the operator down");
    return { values, standardErrors, iterations: samples, products: products.count, status: "converged" };
  });
}
