import { inMaker, requireFiniteValue } from "../errors.js";
import { asObjective, derivedObjective, type Objective } from "../optim/objective.js";
import { checkStrength } from "../optim/penalized.js";
import { requireOptions } from "../options.js";
import { addScaled, plusScaled } from "../tensor/elementwise.js";
import { norm } from "../tensor/reduce.js";

/** The decay's strength. */
export interface WeightDecayOptions {
  /** λ ≥ 0. */
  readonly strength: number;
}

/**
 * objective + ½ λ‖θ‖², biases included: the gradient is that of an optimizer's coupled `weightDecay`, here as a function
 * with a value. H·v gains λv.
 * @throws ArgumentError
 * @example
 * import { objectiveOf, weightDecayObjective } from "flatward";
 * const line = objectiveOf(1, ([x]) => ({ value: x, gradient: Float64Array.of(1) }));
 * const { value, gradient } = weightDecayObjective(line, { strength: 3 }).valueAndGradient(Float64Array.of(2));
 * console.log(value, gradient[0]); // → 8 7
 */
export function weightDecayObjective(of: Objective, options: WeightDecayOptions): Objective {
  return inMaker("weightDecayObjective", () => {
    const objective = asObjective(of);
    requireOptions(options, ["strength"], "{ strength }");
    const strength = checkStrength(options);
    const decay = (theta: Float64Array): number => {
      const length = norm(theta);
      return requireFiniteValue("the penalty", strength === 0 ? 0 : 0.5 * strength * length * length);
    };
    return derivedObjective(objective, {
      value: (theta) => objective.value(theta) + decay(theta),
      valueAndGradient(theta) {
        const { value, gradient } = objective.valueAndGradient(theta);
        addScaled(gradient, strength, theta);
        return { value: value + decay(theta), gradient };
      },
      hessianVectorProduct: (product) => (theta, v) => plusScaled(product(theta, v), strength, v),
      hessianAt: (product) => (v, out) => {
        product(v, out);
        addScaled(out, strength, v);
      },
    });
  });
}
