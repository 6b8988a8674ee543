import { inFunction, requireNumber } from "../errors.js";
import { norm } from "../tensor/reduce.js";
import { checkMomentum, type MomentumOptions, type MomentumState, momentumDirection } from "./momentum.js";
import type { Objective } from "./objective.js";
import type { Optimizer } from "./optimizer.js";
import { checkDecay, type DecayOptions, followed, moved } from "./weight-decay.js";

/** Options of every optimizer that descends a gradient taken uphill. */
export interface SharpnessOptions extends DecayOptions, MomentumOptions {
  /** ρ > 0: how far uphill. Where the gradient is normalised 0.05 is usual; elsewhere it scales with the gradient. */
  readonly radius: number;
}

/**
 * An optimizer that descends, in place of the gradient g at theta, what `uphill` makes of it. Momentum and weight decay
 * are those of `sgd`, at theta: the decay does not bend the perturbation.
 * @throws ArgumentError for hyperparameters out of range
 */
export function sharpnessAware(
  name: string,
  options: SharpnessOptions,
  uphill: (objective: Objective, theta: Float64Array, gradient: Float64Array, radius: number) => Float64Array,
  more: Readonly<Record<string, number>> = {},
): Optimizer<MomentumState> {
  return inFunction(name, () => {
    const decay = checkDecay(options);
    const momentum = checkMomentum(options);
    const radius = requireNumber("radius", options.radius, { above: 0 });
    return {
      name,
      hyperparameters: { ...decay, ...momentum, radius, ...more },
      initialState: () => ({ optimizer: name, velocity: null }),
      step(objective, theta, state) {
        const { value, gradient } = objective.valueAndGradient(theta);
        const descended = followed(uphill(objective, theta, gradient, radius), decay, theta);
        const { direction, velocity } = momentumDirection(descended, state.velocity, momentum);
        return {
          theta: moved(theta, decay, direction),
          state: { optimizer: name, velocity },
          value,
          gradientNorm: norm(followed(gradient, decay, theta)),
        };
      },
    };
  });
}
