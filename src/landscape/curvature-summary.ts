import { inFunction, NonFiniteError, requireInteger, requireNumber } from "../errors.js";
import { symmetricEigen } from "../linalg/dense/eigh.js";
import { hutchPlusPlusTrace } from "../linalg/estimates/hutch-plus-plus.js";
import { frobeniusEstimate } from "../linalg/estimates/hutchinson.js";
import type { SampleMean } from "../linalg/estimates/sample-mean.js";
import { lanczos } from "../linalg/krylov/lanczos.js";
import type { Operator } from "../linalg/operator.js";
import type { IterationStatus } from "../linalg/result.js";
import type { Objective } from "../optim/objective.js";
import { optionsOf } from "../options.js";
import { normalizedHessian } from "./hessian-at.js";
import { type NormalizationOptions, normalizationOptions } from "./scales.js";

export interface CurvatureOptions extends NormalizationOptions {
  /** Up to so many parameters H is formed, by n products, and nothing is estimated. ≥ 0, default 500. */
  readonly denseLimit?: number;
  /** Of each estimated trace: products, ≥ 6. Default 99. */
  readonly samples?: number;
  /** Of the estimated extreme eigenvalues: the residual relative to ‖H‖. ≥ 0, default 1e-8. */
  readonly tolerance?: number;
  /** Of all random vectors. Default 0. */
  readonly seed?: number;
}

/** An eigenvalue and the residual ‖Hv − λv‖: some eigenvalue is that near. 0 where H was formed. */
export interface ExtremeEigenvalue {
  readonly value: number;
  readonly residual: number;
}

export interface CurvatureSummary {
  /** n. */
  readonly size: number;
  readonly largest: ExtremeEigenvalue;
  readonly smallest: ExtremeEigenvalue;
  /** tr H; the standard error is 0 where H was formed. */
  readonly trace: SampleMean;
  /** ‖H‖²_F = tr H². */
  readonly frobeniusSquared: SampleMean;
  /** (n), ascending: where H was formed. */
  readonly eigenvalues?: Float64Array;
  /** Products H·v. */
  readonly products: number;
  /** Of the extreme eigenvalues. */
  readonly status: IterationStatus;
}

/**
 * λ_max, λ_min, tr H and ‖H‖²_F of an objective's Hessian at theta: from H itself, formed by n products, up to
 * `denseLimit` parameters; beyond by Lanczos, Hutch++ and Hutchinson, with residuals and standard errors. With a
 * normalization all of it is that of T H T (`hessianAt`).
 * @param theta (n)
 * @throws ArgumentError, ShapeError, NonFiniteError, SymmetryError
 * @example
 * import { curvatureSummary, objectiveOf } from "flatward";
 * const saddle = ([x, y]) => ({ value: 2 * x * x - y * y, gradient: Float64Array.of(4 * x, -2 * y) });
 * const objective = objectiveOf(2, saddle, {
 *   hessianVectorProduct: (_, [v, w]) => Float64Array.of(4 * v, -2 * w),
 * });
 * const { largest, smallest, trace } = curvatureSummary(objective, Float64Array.of(1, 1));
 * console.log(largest.value, smallest.value, trace.value); // → 4 -2 2
 */
export function curvatureSummary(
  objective: Objective,
  theta: Float64Array,
  options: CurvatureOptions = {},
): CurvatureSummary {
  return inFunction("curvatureSummary", () => {
    const given = optionsOf(options, [...normalizationOptions, "denseLimit", "samples", "tolerance", "seed"]);
    const { denseLimit = 500, samples = 99, tolerance = 1e-8, seed = 0, ...normalization } = given;
    requireInteger("denseLimit", denseLimit, 0);
    requireInteger("samples", samples, 6, "two for each part of Hutch++");
    requireNumber("tolerance", tolerance, { atLeast: 0 });
    requireInteger("seed", seed, 0);
    const operator = normalizedHessian(objective, theta, normalization);
    return operator.size <= denseLimit ? formed(operator) : estimated(operator, samples, tolerance, seed);
  });
}

function formed(operator: Operator): CurvatureSummary {
  const { size } = operator;
  const matrix = operator.toMatrix();
  const { values } = symmetricEigen(matrix);
  let trace = 0;
  let frobeniusSquared = 0;
  // From the entries: their rounding does not grow with n as that of eigenvalues does.
  matrix.data.forEach((entry, at) => {
    if (at % (size + 1) === 0) trace += entry;
    frobeniusSquared += entry * entry;
  });
  if (!Number.isFinite(frobeniusSquared)) {
    throw new NonFiniteError({
      expected: "a finite ‖H‖²",
      got: `${frobeniusSquared}`,
      next: "scale the objective down",
    });
  }
  return {
    size,
    largest: { value: values[size - 1], residual: 0 },
    smallest: { value: values[0], residual: 0 },
    trace: { value: trace, standardError: 0 },
    frobeniusSquared: { value: frobeniusSquared, standardError: 0 },
    eigenvalues: values,
    products: size,
    status: "converged",
  };
}

function estimated(operator: Operator, samples: number, tolerance: number, seed: number): CurvatureSummary {
  const { size } = operator;
  const ends = lanczos(operator, { which: "both", tolerance, seed });
  const last = ends.values.length - 1;
  const trace = hutchPlusPlusTrace(operator, { products: samples, seed });
  const square = frobeniusEstimate(operator, { samples, seed });
  return {
    size,
    largest: { value: ends.values[last], residual: ends.residuals[last] },
    smallest: { value: ends.values[0], residual: ends.residuals[0] },
    trace: { value: trace.value, standardError: trace.standardError },
    frobeniusSquared: { value: square.value, standardError: square.standardError },
    products: ends.products + trace.products + square.products,
    status: ends.status,
  };
}
