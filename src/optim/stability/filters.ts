import { ArgumentError, describe, inFunction, requireNumber } from "../../errors.js";
import { optionsOf } from "../../options.js";
import type { Optimizer } from "../optimizer.js";
import { filterOf, type StabilityOptions, stabilityOptions } from "./filter-table.js";
import { type StableInterval, stableCurvature } from "./stable-curvature.js";
import { eigenvaluesOf } from "./substitution.js";

/**
 * The eigenvalues λ of the Hessian at which a fixed point of the optimizer is stable: disjoint closed intervals,
 * ascending, a point where the ends agree, none at all where nothing is stable. Stable means that the iteration's
 * Jacobian has a spectral radius of at most 1; the edges themselves, where it is 1, belong to the set. An optimizer that
 * converges to a point from almost all starting points has the point's whole spectrum in here (Bolte, Le & Pauwels,
 * arXiv 2510.09034).
 *
 * With α the learning rate, β the momentum, ρ the radius, and μ the effective curvature:
 *
 * - 0 ≤ μ ≤ 2/α; with momentum 2(1+β)/α; with dampening τ 2(1+β)/(α(1−τ)); with Nesterov momentum 2(1+β)/(α(1+2β))
 * - `sgd`, `heavyBall`, `nesterov`: μ = λ
 * - `usam`, `penaltySam`: μ = λ(1+ρλ), so that there is a second interval, from below −1/ρ up to −1/ρ
 * - `twoStepUsam`: μ = λ(1+ρλ)², and the point −1/ρ · `hessianUsam`: μ = λ(1+ρλ²)
 * - `sam`: as `usam`, with ρ/‖∇f‖ for ρ, while ‖∇f‖ stays what it is (Long & Bartlett 2024 for the upper edge)
 * - `adam`, `adamw`, `rmsprop`: the eigenvalues of the preconditioned Hessian, while the preconditioner stays what it is
 *   (Cohen et al. 2022): up to 2(1+β₁)/(α(1−β₁)) for Adam, 38/α at β₁ = 0.9, and 2(1+β)/α for RMSProp
 *
 * Coupled weight decay adds to μ; decoupled decay moves both edges (docs/reference/optimizers.md has the formulas). Both hold for
 * the Hessian of f where f is quadratic, and for the SAM family only there: with decay, its fixed points are no critical
 * points of f.
 * @throws ArgumentError for an optimizer whose filter is not known (`asam`), for a scheduled one (pass `.at(step)`), and
 *   where `sam` lacks gradientNorm, or `adam`, `adamw`, `rmsprop` lack preconditioned
 * @example
 * import { sgd, stableSpectrum, usam } from "flatward";
 * const interval = ({ lower, upper }) => `[${lower.toFixed(2)}, ${upper.toFixed(2)}]`;
 * const show = (optimizer) => stableSpectrum(optimizer).map(interval).join(" ");
 * console.log(show(sgd({ learningRate: 0.1 }))); // → [0.00, 20.00]
 * console.log(show(sgd({ learningRate: 0.1, momentum: 0.9 }))); // → [0.00, 38.00]
 * console.log(show(usam({ learningRate: 0.1, radius: 0.5 }))); // → [-7.40, -2.00] [0.00, 5.40]
 */
export function stableSpectrum(optimizer: Optimizer, options?: StabilityOptions): readonly StableInterval[] {
  return inFunction("stableSpectrum", () => spectrumOf(optimizer, optionsOf(options, stabilityOptions)));
}

/** As for `stableSpectrum`, with a tolerance. */
export interface IsStableOptions extends StabilityOptions {
  /** How far outside an interval an eigenvalue may lie, ≥ 0, in its units: what it was computed to. Default 0. */
  readonly tolerance?: number | undefined;
}

/**
 * Whether an eigenvalue, or each one of several, lies in `stableSpectrum`.
 * @param eigenvalues of the Hessian at the fixed point, or of the preconditioned one
 * @throws ArgumentError as `stableSpectrum`, for a negative tolerance, and for eigenvalues that are not finite
 * @example
 * import { isStable, sgd } from "flatward";
 * const eigenvalues = [0, 3, 21];
 * console.log(isStable(sgd({ learningRate: 0.1 }), eigenvalues)); // → false
 * console.log(isStable(sgd({ learningRate: 0.1, momentum: 0.9 }), eigenvalues)); // → true
 */
export function isStable(
  optimizer: Optimizer,
  eigenvalues: number | ArrayLike<number>,
  options?: IsStableOptions,
): boolean {
  return inFunction("isStable", () => {
    const { tolerance = 0, ...stability } = optionsOf(options, [...stabilityOptions, "tolerance"]);
    requireNumber("tolerance", tolerance, { atLeast: 0 });
    const intervals = spectrumOf(optimizer, stability);
    return listOf(eigenvalues).every((eigenvalue) => {
      const at = requireNumber("every eigenvalue", eigenvalue);
      return intervals.some(({ lower, upper }) => at >= lower - tolerance && at <= upper + tolerance);
    });
  });
}

function spectrumOf(optimizer: Optimizer, options: StabilityOptions): StableInterval[] {
  const { recurrence, substitution, shift } = filterOf(optimizer, options);
  const { lower, upper } = stableCurvature(recurrence);
  return eigenvaluesOf(substitution, { lower: lower - shift, upper: upper - shift });
}

function listOf(eigenvalues: number | ArrayLike<number>): number[] {
  if (typeof eigenvalues === "number") return [eigenvalues];
  if (eigenvalues !== null && typeof eigenvalues === "object" && "length" in eigenvalues)
    return Array.from(eigenvalues);
  throw new ArgumentError({
    expected: "eigenvalues to be a number or a list of numbers",
    got: describe(eigenvalues),
    next: "symmetricEigen(a).values and curvatureSummary(…).eigenvalues are such",
  });
}
