import { inFunction } from "../errors.js";
import { requireOptions } from "../options.js";
import { norm } from "../tensor/reduce.js";
import {
  checkMomentum,
  type MomentumOptions,
  type MomentumState,
  momentumDirection,
  momentumOptions,
} from "./momentum.js";
import type { Optimizer } from "./optimizer.js";
import { checkDecay, type DecayOptions, decayOptions, moved, withCoupledDecay } from "./weight-decay.js";

export interface SgdOptions extends DecayOptions, MomentumOptions {}

/**
 * Gradient descent, with optional momentum, Nesterov momentum and weight decay, in PyTorch's conventions; stochastic
 * when the objective is. One gradient a step.
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { minimize, objectiveOf, sgd } from "flatward";
 * // Of curvature 10: gradient descent converges below a learning rate of 2/10.
 * const bowl = objectiveOf(1, ([x]) => ({ value: 5 * x * x, gradient: Float64Array.of(10 * x) }));
 * const end = (learningRate) =>
 *   minimize(bowl, Float64Array.of(1), sgd({ learningRate }), { steps: 100 }).theta[0];
 * console.log(end(0.19).toFixed(6), end(0.21).toFixed(0)); // → 0.000027 13781
 */
export function sgd(options: SgdOptions): Optimizer<MomentumState> {
  return inFunction("sgd", () => {
    requireOptions(options, [...decayOptions, ...momentumOptions], "at least { learningRate }");
    const decay = checkDecay(options);
    const momentum = checkMomentum(options);
    return {
      name: "sgd",
      hyperparameters: { ...decay, ...momentum },
      initialState: () => ({ optimizer: "sgd", velocity: null }),
      step(objective, theta, state) {
        const { value, gradient } = objective.valueAndGradient(theta);
        const descended = withCoupledDecay(gradient, decay, theta);
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
