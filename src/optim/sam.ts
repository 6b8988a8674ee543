import { requireNumber } from "../errors.js";
import { plusScaled } from "../tensor/elementwise.js";
import { norm } from "../tensor/reduce.js";
import { checkMomentum, type MomentumOptions, type MomentumState, momentumDirection } from "./momentum.js";
import { type CommonOptions, checkCommon, type Optimizer, withDecay } from "./optimizer.js";

export interface SamOptions extends CommonOptions, MomentumOptions {
  /** ρ > 0: how far uphill the gradient is taken. 0.05 is usual. */
  readonly radius: number;
}

/**
 * Sharpness-aware minimization (Foret et al. 2021): descends ∇f(θ + ρ g/‖g‖), g = ∇f(θ); two gradients a step. At a
 * point where g = 0 exactly it is gradient descent. Weight decay is added to the gradient at θ + ρ g/‖g‖, and does not
 * bend the perturbation.
 * @throws ArgumentError for hyperparameters out of range
 */
export function sam(options: SamOptions): Optimizer<MomentumState> {
  const common = checkCommon("sam", options);
  const momentum = checkMomentum("sam", options);
  const { radius } = options;
  requireNumber("sam", "radius", radius, { above: 0 });
  return {
    name: "sam",
    hyperparameters: { ...common, ...momentum, radius },
    initialState: () => ({ velocity: null }),
    step(objective, theta, state) {
      const { value, gradient } = objective.valueAndGradient(theta);
      const length = norm(gradient);
      const uphill =
        length === 0 ? gradient : objective.gradient(plusScaled(theta, radius / length, gradient));
      const next = momentumDirection(withDecay(uphill, common.weightDecay, theta), state, momentum);
      return {
        theta: plusScaled(theta, -common.learningRate, next.direction),
        state: next.state,
        value,
        gradientNorm: norm(withDecay(gradient, common.weightDecay, theta)),
      };
    },
  };
}
