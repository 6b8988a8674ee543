import { plusScaled } from "../tensor/elementwise.js";
import { unitVector } from "../tensor/unit.js";
import type { MomentumState } from "./momentum.js";
import type { Optimizer } from "./optimizer.js";
import { type SharpnessOptions, sharpnessAware } from "./sharpness-aware.js";

export type SamOptions = SharpnessOptions;

/**
 * Sharpness-aware minimization (Foret et al. 2021): descends ∇f(θ + ρ g/‖g‖), g = ∇f(θ); two gradients a step. At a
 * point where g = 0 exactly it is gradient descent. Weight decay is added to the gradient at θ + ρ g/‖g‖, and does not
 * bend the perturbation.
 * @throws ArgumentError for hyperparameters out of range
 */
export function sam(options: SamOptions): Optimizer<MomentumState> {
  return sharpnessAware("sam", options, (objective, theta, gradient, radius) => {
    const unit = unitVector(gradient);
    return unit === null ? gradient : objective.gradient(plusScaled(theta, radius, unit));
  });
}
