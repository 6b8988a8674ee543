import { inMaker, requireFinite, requireFiniteValue, requireFlag } from "../errors.js";
import { asObjective, derivedObjective, type Objective, requireProducts } from "../optim/objective.js";
import { checkStrength } from "../optim/penalized.js";
import { requireOptions } from "../options.js";
import { addScaled } from "../tensor/elementwise.js";
import { norm } from "../tensor/reduce.js";
import { unitVector } from "../tensor/unit.js";

/** The penalty's strength, on ‖∇L‖ or its square. */
export interface GradientNormOptions {
  /** Weight of the norm, ≥ 0. */
  readonly strength: number;
  /** ‖g‖² instead of ‖g‖. Default false. */
  readonly squared?: boolean | undefined;
}

/**
 * objective + strength · ‖g‖ or + strength · ‖g‖² for its gradient g: the gradient gains strength · H g/‖g‖ or
 * 2 strength · H g, by one exact Hessian-vector product (‖g‖: Zhao, Zhang & Hu 2022, ICML; ‖g‖²: Barrett & Dherin 2021,
 * ICLR, who find it implicit in gradient descent with strength α/4). To first order in the radius, SAM of radius ρ
 * descends the first with strength ρ.
 *
 * ‖g‖ has no gradient where g = 0. There the gradient is 0, its least subgradient, so that a stationary point of the
 * objective is one of the sum. Around it the gradient has the length of strength · H g/‖g‖, which does not vanish: descent
 * with a fixed step jumps to and fro there. ‖g‖² is smooth.
 * @throws ArgumentError, as for an objective without `hessianVectorProduct`; NonFiniteError in an evaluation
 * @example
 * import { objectiveOf } from "flatward";
 * import { gradientNormObjective } from "flatward/regularizers";
 * // ½(4x² + y²), whose Hessian is diag(4, 1).
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: 2 * x * x + y * y / 2, gradient: Float64Array.of(4 * x, y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(4 * v, w),
 * });
 * const { value, gradient } = gradientNormObjective(bowl, { strength: 0.1 }).valueAndGradient(Float64Array.of(1, 0));
 * console.log(value.toFixed(4), Array.from(gradient, (g) => g.toFixed(4))); // → 2.4000 [ '4.4000', '0.0000' ]
 */
export function gradientNormObjective(of: Objective, options: GradientNormOptions): Objective {
  return inMaker("gradientNormObjective", () => {
    const objective = asObjective(of);
    requireOptions(options, ["strength", "squared"], "at least { strength }");
    const strength = checkStrength(options);
    const { squared = false } = options;
    requireFlag("squared", squared);
    const twice = requireProducts(objective);
    const penalty = (length: number): number =>
      requireFiniteValue("the penalty", strength === 0 ? 0 : strength * length * (squared ? length : 1));

    return derivedObjective(objective, {
      value(theta) {
        const { value, gradient } = objective.valueAndGradient(theta);
        return value + penalty(norm(gradient));
      },
      valueAndGradient(theta) {
        const { value, gradient } = objective.valueAndGradient(theta);
        const length = norm(gradient);
        // The unit vector also for the square: its product neither overflows nor underflows.
        const unit = unitVector(gradient);
        if (unit !== null) {
          const product = twice.hessianVectorProduct(theta, unit);
          addScaled(gradient, strength * (squared ? 2 * length : 1), product);
        }
        requireFinite("the gradient", gradient);
        return { value: value + penalty(length), gradient };
      },
    });
  });
}
