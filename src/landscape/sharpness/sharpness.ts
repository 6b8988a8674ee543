import { ArgumentError, inFunction, requireFiniteValue } from "../../errors.js";
import { productsOf } from "../../linalg/krylov/products.js";
import type { Objective } from "../../optim/objective.js";
import { requireOptions } from "../../options.js";
import { type NormalizationOptions, normalizationOptions } from "../scales.js";
import { quadraticMaximum } from "./quadratic-model.js";
import { ball, cube } from "./region.js";
import { type AscentOptions, ascentOptions, neighbourhoodOf, type Sharpness } from "./search.js";

/** The region of `adaptiveSharpness`, relative to the parameters, and how hard it is searched. */
export interface AdaptiveSharpnessOptions extends AscentOptions, NormalizationOptions {}

/** In a ball, with what second order makes of it. */
export interface BallSharpness extends Sharpness {
  /** ½ ε² λ_max, in the coordinates in which the region is a ball: at a minimum, value = quadratic + O(ε³). */
  readonly quadratic: number;
  /** The maximum of gᵀz + ½ zᵀHz over the ball: everywhere, value = model + O(ε³). */
  readonly model: number;
}

/** In a box, on the scale of the loss. */
export interface KeskarSharpness extends Sharpness {
  /** 100 · value/(1 + L(θ)). */
  readonly percent: number;
}

/** Krylov vectors of the second-order model: exact up to as many parameters. */
const MODEL_STEPS = 40;

/**
 * ε-sharpness: max L(θ + δ) − L(θ) over ‖δ‖₂ ≤ ε, by projected gradient ascent from several points.
 * @throws ArgumentError, ShapeError, NonFiniteError
 * In a ball: Dinh et al. 2017, who show what changes it, and Foret et al. 2021. In a box: `keskarSharpness`.
 * @example
 * import { epsilonSharpness, objectiveOf } from "flatward";
 * const bowl = ([x, y]) => ({ value: 2 * x * x + y * y, gradient: Float64Array.of(4 * x, 2 * y) });
 * const hessianVectorProduct = (_, [v, w]) => Float64Array.of(4 * v, 2 * w);
 * const objective = objectiveOf(2, bowl, { hessianVectorProduct });
 * // At the minimum ½ε²λ_max.
 * const { value } = epsilonSharpness(objective, Float64Array.of(0, 0), { radius: 0.1 });
 * console.log(value.toFixed(6)); // → 0.020000
 */
export function epsilonSharpness(
  objective: Objective,
  theta: Float64Array,
  options: AscentOptions,
): BallSharpness {
  return inFunction("epsilonSharpness", () => {
    requireOptions(options, ascentOptions, "at least { radius }");
    return ballSharpness(objective, theta, options, {}, "epsilonSharpness");
  });
}

/**
 * Adaptive sharpness: max L(θ + δ) − L(θ) over ‖T⁻¹δ‖₂ ≤ ρ, T the sizes of the parameters (default "element": |θ_i|), of
 * their filters, tensors, or of all. Perturbations are relative, so that rescaling which the loss does not see changes
 * nothing (`invariances` says which). What is 0 stays 0, unless there is an offset.
 * @throws ArgumentError, ShapeError, NonFiniteError
 * Kwon et al. 2021 (arXiv 2102.11600), for "element", and for "filter" of convolutions: they take dense layers element by
 * element, and here rows of theirs are filters too.
 * @example
 * import { objectiveOf } from "flatward";
 * import { adaptiveSharpness } from "flatward/landscape";
 * // ½(4x² + y²), whose Hessian is diag(4, 1).
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: 2 * x * x + y * y / 2, gradient: Float64Array.of(4 * x, y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(4 * v, w),
 * });
 * // |δ| ≤ 0.1 · |θ| coordinate by coordinate: what is 0 stays 0.
 * const { value } = adaptiveSharpness(bowl, Float64Array.of(0, 1), { radius: 0.1 });
 * console.log(value.toFixed(6)); // → 0.105000
 */
export function adaptiveSharpness(
  objective: Objective,
  theta: Float64Array,
  options: AdaptiveSharpnessOptions,
): BallSharpness {
  return inFunction("adaptiveSharpness", () => {
    requireOptions(options, [...ascentOptions, ...normalizationOptions], "at least { radius }");
    const { normalization = "element", layout, offset } = options;
    return ballSharpness(objective, theta, options, { normalization, layout, offset }, "adaptiveSharpness");
  });
}

/**
 * The sharpness of Keskar et al. 2017 (Metric 2.1, A = I): max L(θ + δ) − L(θ) over |δ_i| ≤ ε(|θ_i| + 1), and as `percent`
 * of 1 + L(θ), which is their number. They stop after ten iterations of L-BFGS-B; here ascents go on.
 * @throws ArgumentError, as for L(θ) ≤ −1; ShapeError, NonFiniteError
 * @example
 * import { objectiveOf } from "flatward";
 * import { keskarSharpness } from "flatward/landscape";
 * // ½(4x² + y²), whose Hessian is diag(4, 1).
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: 2 * x * x + y * y / 2, gradient: Float64Array.of(4 * x, y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(4 * v, w),
 * });
 * const { value } = keskarSharpness(bowl, Float64Array.of(0, 0), { radius: 0.1 }); // at a corner: ½ · 0.01 · (4 + 1)
 * console.log(value.toFixed(6)); // → 0.025000
 */
export function keskarSharpness(
  objective: Objective,
  theta: Float64Array,
  options: AscentOptions,
): KeskarSharpness {
  return inFunction("keskarSharpness", () => {
    requireOptions(options, ascentOptions, "at least { radius }");
    const around = neighbourhoodOf(
      objective,
      theta,
      options,
      { normalization: "element", offset: 1 },
      "keskarSharpness",
    );
    const { loss, radius } = around;
    if (loss <= -1) throw new ArgumentError({ expected: "a loss above −1 at theta", got: `${loss}` });
    const found = around.search(cube(objective.size, radius));
    return { ...found, percent: (100 * found.value) / (1 + loss) };
  });
}

function ballSharpness(
  objective: Objective,
  theta: Float64Array,
  options: AscentOptions,
  normalization: NormalizationOptions,
  draws: string,
): BallSharpness {
  const around = neighbourhoodOf(objective, theta, options, normalization, draws);
  const { radius, gradient, hessian, largest, top } = around;
  const products = productsOf(hessian);
  const maximum = quadraticMaximum(products, gradient, top, radius, MODEL_STEPS);
  const found = around.search(ball(radius), maximum.point);
  return {
    ...found,
    products: found.products + products.count,
    quadratic: requireFiniteValue(
      "½ radius² λ_max",
      0.5 * radius * radius * largest.value,
      "a smaller radius may do",
    ),
    model: requireFiniteValue("the second-order model", maximum.value, "a smaller radius may do"),
  };
}
