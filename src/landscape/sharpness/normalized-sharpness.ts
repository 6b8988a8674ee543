import { inFunction, requireInteger, requireNumber } from "../../errors.js";
import { lanczos } from "../../linalg/krylov/lanczos.js";
import type { IterationReport } from "../../linalg/result.js";
import type { Objective } from "../../optim/objective.js";
import { optionsOf } from "../../options.js";
import { normalizedHessian } from "../hessian-at.js";
import { type NormalizationOptions, normalizationOptions } from "../scales.js";

/** Relative to what `normalizedSharpness` is taken, and how accurately its eigenvalue is found. */
export interface NormalizedSharpnessOptions extends NormalizationOptions {
  /** Largest residual relative to ‖T H T‖. ≥ 0, default 1e-8. */
  readonly tolerance?: number | undefined;
  /** Seed of the start vectors. Default 0. */
  readonly seed?: number | undefined;
}

export interface NormalizedSharpness extends IterationReport {
  readonly value: number;
  /** Some eigenvalue is that near. */
  readonly residual: number;
}

/**
 * λ_max(T H T), T the root mean squares of the groups of parameters: the curvature where each parameter is measured in
 * units of its group. The default, "network", is λ_max ‖θ‖²/n.
 *
 * The literature has no one definition; this is ours. Where L(cθ) = L(θ), H falls as 1/c² and T grows as c, so that T H T
 * stays; and so for any group alone whose scale the loss does not see: `invariances` says what each normalization sees.
 * Each but "none" has Σ T_i² = ‖θ‖² without an offset, so that they can be compared with one another. At a minimum ½ε²
 * times it is, to second order, the most that L rises over ‖T⁻¹δ‖ ≤ ε: adaptive sharpness without an ascent (Kwon et al.
 * 2021; with the trace in place of λ_max, Tsuzuku, Sato & Sugiyama 2020).
 * @throws ArgumentError, ShapeError, NonFiniteError
 * @example
 * import { objectiveOf } from "flatward";
 * import { normalizedSharpness } from "flatward/landscape";
 * // ½(4x² + y²), whose Hessian is diag(4, 1).
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: 2 * x * x + y * y / 2, gradient: Float64Array.of(4 * x, y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(4 * v, w),
 * });
 * const { value } = normalizedSharpness(bowl, Float64Array.of(3, 4)); // λ_max ‖θ‖²/n = 4 · 25/2
 * console.log(value.toFixed(6)); // → 50.000000
 */
export function normalizedSharpness(
  objective: Objective,
  theta: Float64Array,
  options: NormalizedSharpnessOptions = {},
): NormalizedSharpness {
  return inFunction("normalizedSharpness", () => {
    const given = optionsOf(options, [...normalizationOptions, "tolerance", "seed"]);
    const { normalization = "network", layout, offset, tolerance = 1e-8, seed = 0 } = given;
    requireNumber("tolerance", tolerance, { atLeast: 0 });
    requireInteger("seed", seed, 0);
    const operator = normalizedHessian(objective, theta, { normalization, layout, offset });
    const { values, residuals, iterations, products, status } = lanczos(operator, {
      tolerance,
      seed,
      certify: false,
    });
    return { value: values[0], residual: residuals[0], iterations, products, status };
  });
}
