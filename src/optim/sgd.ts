import { inFunction } from "../errors.js";
import { norm } from "../tensor/reduce.js";
import { checkMomentum, type MomentumOptions, type MomentumState, momentumDirection } from "./momentum.js";
import type { Optimizer } from "./optimizer.js";
import { checkDecay, type DecayOptions, followed, moved } from "./weight-decay.js";

export interface SgdOptions extends DecayOptions, MomentumOptions {}

/**
 * Gradient descent, with optional momentum, Nesterov momentum and weight decay, in PyTorch's conventions; stochastic
 * when the objective is. One gradient a step.
 * @throws ArgumentError for hyperparameters out of range
 */
export function sgd(options: SgdOptions): Optimizer<MomentumState> {
  return inFunction("sgd", () => {
    const decay = checkDecay(options);
    const momentum = checkMomentum(options);
    return {
      name: "sgd",
      hyperparameters: { ...decay, ...momentum },
      initialState: () => ({ optimizer: "sgd", velocity: null }),
      step(objective, theta, state) {
        const { value, gradient } = objective.valueAndGradient(theta);
        const descended = followed(gradient, decay, theta);
        const { direction, velocity } = momentumDirection(descended, state.velocity, momentum);
        return {
          theta: moved(theta, decay, direction),
          state: { optimizer: "sgd", velocity },
          value,
          gradientNorm: norm(descended),
        };
      },
    };
  });
}
