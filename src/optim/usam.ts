import { plusScaled } from "../tensor/elementwise.js";
import type { MomentumState } from "./momentum.js";
import type { Optimizer } from "./optimizer.js";
import { type SharpnessOptions, sharpnessAware } from "./sharpness-aware.js";

/**
 * SAM without normalisation (Andriushchenko & Flammarion 2022): x ← x − α∇f(x + ρ∇f(x)); two gradients a step. With
 * `momentum` the heavy ball, with `nesterov` Nesterov's momentum, of that gradient, as in `sgd`.
 * @throws ArgumentError for hyperparameters out of range
 */
export function usam(options: SharpnessOptions): Optimizer<MomentumState> {
  return sharpnessAware("usam", options, (objective, theta, gradient, radius) =>
    objective.gradient(plusScaled(theta, radius, gradient)),
  );
}
