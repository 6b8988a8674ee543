import { inFunction, inMaker, requireFinite } from "../errors.js";
import type { SymmetryOptions } from "../linalg/dense/symmetric-part.js";
import { type Operator, operatorOf } from "../linalg/operator.js";
import {
  asObjective,
  checkStart,
  type Objective,
  requireObjective,
  requireProducts,
} from "../optim/objective.js";
import { optionsOf } from "../options.js";
import type { Tensor } from "../tensor/view.js";
import { type NormalizationOptions, normalizationOptions, parameterScales } from "./scales.js";

/**
 * The Hessian of an objective at theta, as an operator for every solver of `flatward/linalg`. With a normalization it is
 * T H T, the Hessian by z of L(θ + Tz), T the root mean squares of the groups of parameters. Later changes to `theta`
 * are not seen.
 * @param theta (n) @returns an operator of size n
 * @throws ArgumentError, as for an objective without `hessianVectorProduct`; ShapeError, NonFiniteError
 * @example
 * import { hessianAt, lanczos, lossObjective, sequential } from "flatward";
 * const layers = [{ kind: "dense", outputs: 5 }, { kind: "relu" }, { kind: "dense", outputs: 2 }];
 * const net = sequential({ input: 2, layers });
 * const objective = lossObjective(net, { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] });
 * const { values, residuals, norm } = lanczos(hessianAt(objective, net.init(1)), { which: "both" });
 * console.log(values[0] < 0 && values[1] > 0, residuals.every((r) => r <= 1e-10 * norm)); // → true true
 */
export function hessianAt(
  objective: Objective,
  theta: Float64Array,
  options: NormalizationOptions = {},
): Operator {
  return inMaker("hessianAt", () =>
    normalizedHessian(objective, theta, optionsOf(options, normalizationOptions)),
  );
}

/**
 * The Hessian of an objective at theta as a matrix (n,n), symmetric to the bit, from n products; with a normalization
 * T H T (`hessianAt`).
 * @throws ArgumentError, ShapeError, NonFiniteError; SymmetryError where the products are not those of a symmetric matrix
 * @example
 * import { objectiveOf } from "flatward";
 * import { hessianMatrix } from "flatward/landscape";
 * // ½(4x² + y²), whose Hessian is diag(4, 1).
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: 2 * x * x + y * y / 2, gradient: Float64Array.of(4 * x, y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(4 * v, w),
 * });
 * console.log(Array.from(hessianMatrix(bowl, Float64Array.of(0, 0)).data)); // → [ 4, 0, 0, 1 ]
 */
export function hessianMatrix(
  objective: Objective,
  theta: Float64Array,
  options: NormalizationOptions & SymmetryOptions = {},
): Tensor {
  return inFunction("hessianMatrix", () => {
    const known = optionsOf(options, [...normalizationOptions, "symmetryTolerance"]);
    const { symmetryTolerance, ...normalization } = known;
    return normalizedHessian(objective, theta, normalization).toMatrix({ symmetryTolerance });
  });
}

/** `hessianAt` under the caller's name. */
export function normalizedHessian(
  objective: Objective,
  theta: Float64Array,
  options: NormalizationOptions,
): Operator {
  const at = checkPoint(objective, theta);
  return hessianByScales(objective, at, parameterScales(at, options, "root-mean-square"));
}

/** T H T for a checked theta that nobody changes, T = diag(scales). */
export function hessianByScales(objective: Objective, theta: Float64Array, scales: Float64Array): Operator {
  const twice = requireProducts(asObjective(objective));
  const { size } = objective;
  const shared = twice.hessianAt?.(theta);
  const scaled = new Float64Array(size);
  return operatorOf(size, (v, out) => {
    for (let i = 0; i < size; i++) scaled[i] = scales[i] * v[i];
    if (shared) shared(scaled, out);
    else out.set(twice.hessianVectorProduct(theta, scaled));
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
