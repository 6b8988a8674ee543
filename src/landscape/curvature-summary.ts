import {
  ArgumentError,
  describe,
  inFunction,
  requireFiniteValue,
  requireInteger,
  requireNumber,
  requireObject,
  ShapeError,
} from "../errors.js";
import { symmetricEigen } from "../linalg/dense/eigh.js";
import { type SymmetryOptions, symmetricCopy, symmetryToleranceOf } from "../linalg/dense/symmetric-part.js";
import { hutchPlusPlusTrace } from "../linalg/estimates/hutch-plus-plus.js";
import { frobeniusEstimate } from "../linalg/estimates/hutchinson.js";
import type { SampleMean } from "../linalg/estimates/sample-mean.js";
import { lanczos } from "../linalg/krylov/lanczos.js";
import { checkedOperator, type LinearOperator, type Operator } from "../linalg/operator.js";
import type { IterationStatus } from "../linalg/result.js";
import type { Objective } from "../optim/objective.js";
import { optionsOf } from "../options.js";
import { squaredNorm } from "../tensor/reduce.js";
import type { MatrixLike, Tensor } from "../tensor/view.js";
import { normalizedHessian } from "./hessian-at.js";
import { type NormalizationOptions, normalizationOptions } from "./scales.js";

/** Of a matrix or an operator, which have no theta to normalise by. */
export interface MatrixCurvatureOptions extends SymmetryOptions {
  /**
   * Up to so many parameters H is formed, by n products, and nothing is estimated; up to 500 also where an estimate would
   * need as many. ≥ 0, default 500.
   */
  readonly denseLimit?: number | undefined;
  /** Products for each estimated trace, ≥ 6; at most n/4 are used. Default 99. */
  readonly samples?: number | undefined;
  /** Largest residual of the estimated extreme eigenvalues, relative to ‖H‖. ≥ 0, default 1e-8. */
  readonly tolerance?: number | undefined;
  /** Seed of all random vectors. Default 0. */
  readonly seed?: number | undefined;
}

/** Up to which size H is formed, how estimates are made beyond it, and relative to what H is measured. */
export interface CurvatureOptions extends NormalizationOptions, MatrixCurvatureOptions {}

/** An eigenvalue and the residual ‖Hv − λv‖: some eigenvalue is that near. 0 where H was formed. */
export interface ExtremeEigenvalue {
  readonly value: number;
  readonly residual: number;
}

/** The extreme eigenvalues of H, its trace and its squared Frobenius norm. */
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
  readonly eigenvalues?: Float64Array | undefined;
  /** Products H·v, at most n; 0 for a matrix. */
  readonly products: number;
  /** Of the extreme eigenvalues; "max-iterations" where n products did not suffice. */
  readonly status: IterationStatus;
}

/**
 * λ_max, λ_min, tr H and ‖H‖²_F of an objective's Hessian at theta, of an operator, or of a symmetric matrix: from H
 * itself, formed by n products, up to `denseLimit` parameters; beyond by Lanczos, Hutch++ and Hutchinson, with residuals
 * and standard errors, by at most n products. With a normalization all of it is that of T H T (`hessianAt`).
 * @param theta (n), of an objective alone
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
  options?: CurvatureOptions,
): CurvatureSummary;
export function curvatureSummary(
  a: LinearOperator | MatrixLike,
  options?: MatrixCurvatureOptions,
): CurvatureSummary;
export function curvatureSummary(
  of: Objective | LinearOperator | MatrixLike,
  thetaOrOptions?: Float64Array | MatrixCurvatureOptions,
  more: CurvatureOptions = {},
): CurvatureSummary {
  return inFunction("curvatureSummary", () => {
    requireObject("the objective, operator or matrix", of);
    const alone = Array.isArray(of) || "shape" in of || "apply" in of;
    const given: CurvatureOptions | undefined = alone ? (thetaOrOptions as MatrixCurvatureOptions) : more;
    const names = ["denseLimit", "samples", "tolerance", "seed", "symmetryTolerance"] as const;
    const options = optionsOf(given, [...normalizationOptions, ...names]);
    const {
      denseLimit = 500,
      samples = 99,
      tolerance = 1e-8,
      seed = 0,
      symmetryTolerance,
      ...normalization
    } = options;
    if (alone) refuseNormalization(normalization);
    requireInteger("denseLimit", denseLimit, 0);
    requireInteger("samples", samples, 6, "two for each part of Hutch++");
    requireNumber("tolerance", tolerance, { atLeast: 0 });
    requireInteger("seed", seed, 0);
    if (Array.isArray(of) || "shape" in of)
      return ofMatrix(symmetricCopy("a", of as MatrixLike, symmetryToleranceOf({ symmetryTolerance })), 0);
    const operator =
      "apply" in of
        ? checkedOperator(of)
        : normalizedHessian(of as Objective, thetaOrOptions as Float64Array, normalization);
    const { size } = operator;
    if (size <= denseLimit || (size <= WHOLE && size <= 4 * samples) || size < 24)
      return ofMatrix(operator.toMatrix({ symmetryTolerance }), size);
    return estimated(operator, Math.min(samples, Math.floor(size / 4)), tolerance, seed);
  });
}

/** Up to so many parameters H takes little memory, whatever limit was given: 2 MB. */
const WHOLE = 500;

/** @throws ArgumentError where there is no theta to normalise by */
function refuseNormalization(options: NormalizationOptions): void {
  for (const name of normalizationOptions)
    if (options[name] !== undefined)
      throw new ArgumentError({
        expected: `no ${name} of a matrix or an operator, which has no theta`,
        got: describe(options[name]),
        next: "pass the objective and theta, or hessianAt(objective, theta, options) as the operator",
      });
}

function ofMatrix(matrix: Tensor, products: number): CurvatureSummary {
  const { data, shape } = matrix;
  const [size] = shape;
  if (size === 0) throw new ShapeError({ expected: "a matrix of at least one row", got: "none" });
  const { values } = symmetricEigen(matrix);
  // From the entries: their rounding does not grow with n as that of eigenvalues does.
  let trace = 0;
  for (let i = 0; i < size; i++) trace += data[i * (size + 1)];
  const squares = squaredNorm(data, 0, data.length);
  const frobeniusSquared = requireFiniteValue("‖H‖²", squares, "scale the objective down");
  return {
    size,
    largest: { value: values[size - 1], residual: 0 },
    smallest: { value: values[0], residual: 0 },
    trace: { value: trace, standardError: 0 },
    frobeniusSquared: { value: frobeniusSquared, standardError: 0 },
    eigenvalues: values,
    products,
    status: "converged",
  };
}

function estimated(operator: Operator, samples: number, tolerance: number, seed: number): CurvatureSummary {
  const { size } = operator;
  // What H itself would cost, less the traces and a product for each of the two eigenpairs.
  const maxIterations = size - 2 * samples - 2;
  const ends = lanczos(operator, { which: "both", tolerance, seed, maxIterations });
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
