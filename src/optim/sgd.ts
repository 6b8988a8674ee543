import { plusScaled } from "../tensor/elementwise.js";
import { norm } from "../tensor/reduce.js";
import { checkMomentum, type MomentumOptions, type MomentumState, momentumDirection } from "./momentum.js";
import { type CommonOptions, checkCommon, type Optimizer, withDecay } from "./optimizer.js";

export interface SgdOptions extends CommonOptions, MomentumOptions {}

/**
 * Gradient descent, with optional momentum, Nesterov momentum and coupled weight decay, in PyTorch's conventions;
 * stochastic when the objective is.
 * @throws ArgumentError for hyperparameters out of range
 */
export function sgd(options: SgdOptions): Optimizer<MomentumState> {
  const common = checkCommon("sgd", options);
  const momentum = checkMomentum("sgd", options);
  return {
    name: "sgd",
    hyperparameters: { ...common, ...momentum },
    initialState: () => ({ velocity: null }),
    step(objective, theta, state) {
      const { value, gradient } = objective.valueAndGradient(theta);
      const followed = withDecay(gradient, common.weightDecay, theta);
      const next = momentumDirection(followed, state, momentum);
      return {
        theta: plusScaled(theta, -common.learningRate, next.direction),
        state: next.state,
        value,
        gradientNorm: norm(followed),
      };
    },
  };
}
