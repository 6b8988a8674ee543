import { inMaker, requireFinite, requireVector } from "../errors.js";
import type { LinearOperator } from "../linalg/operator.js";
import { productOperator } from "../linalg/product-operator.js";
import { checkStart, type Objective, requireObjective, requireProducts } from "../optim/objective.js";
import { type NormalizationOptions, parameterScales } from "./scales.js";

/**
 * The Hessian of an objective at theta, as an operator for every solver of `flatward/linalg`. With a normalization it is
 * T H T, the Hessian by z of L(θ + Tz), T the root mean squares of the groups of parameters. Later changes to `theta`
 * are not seen.
 * @throws ArgumentError, as for an objective without `hessianVectorProduct`; ShapeError, NonFiniteError
 */
export function hessianAt(
  objective: Objective,
  theta: Float64Array,
  options: NormalizationOptions = {},
): LinearOperator {
  return inMaker("hessianAt", () => normalizedHessian(objective, theta, options));
}

/** The same under the caller's name. */
export function normalizedHessian(
  objective: Objective,
  theta: Float64Array,
  options: NormalizationOptions,
): LinearOperator {
  const at = checkPoint(objective, theta);
  return hessianByScales(objective, at, parameterScales(at, options, "root-mean-square"));
}

/** T H T for a checked theta that nobody changes, T = diag(scales). */
export function hessianByScales(
  objective: Objective,
  theta: Float64Array,
  scales: Float64Array,
): LinearOperator {
  const twice = requireProducts(objective);
  const { size } = objective;
  const shared = objective.hessianAt?.(theta);
  const scaled = new Float64Array(size);
  return productOperator(size, (v, out) => {
    for (let i = 0; i < size; i++) scaled[i] = scales[i] * v[i];
    if (shared) shared(scaled, out);
    else out.set(requireVector("H·v", size, twice.hessianVectorProduct(theta, scaled)));
    for (let i = 0; i < size; i++) out[i] *= scales[i];
    requireFinite("H·v", out);
  });
}

/** theta, copied. @throws ArgumentError, ShapeError, NonFiniteError unless it is a point of the objective */
export function checkPoint(objective: Objective, theta: Float64Array): Float64Array {
  requireObjective(objective);
  checkStart(objective, theta);
  return theta.slice();
}
