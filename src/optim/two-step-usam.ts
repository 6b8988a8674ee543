import { plusScaled } from "../tensor/elementwise.js";
import type { MomentumState } from "./momentum.js";
import type { Optimizer } from "./optimizer.js";
import { type SharpnessOptions, sharpnessAware } from "./sharpness-aware.js";

/**
 * USAM with two steps uphill: y = x + ρ∇f(x), z = y + ρ∇f(y), x ← x − α∇f(z); three gradients a step. Momentum as in
 * `usam`. Our reconstruction from the filter 0 ≤ λ(1 + ρλ)² ≤ 2/α that Bolte, Le & Pauwels state (arXiv 2510.09034): the
 * paper's own update could not be read.
 * @throws ArgumentError for hyperparameters out of range
 */
export function twoStepUsam(options: SharpnessOptions): Optimizer<MomentumState> {
  return sharpnessAware("twoStepUsam", options, (objective, theta, gradient, radius) => {
    const y = plusScaled(theta, radius, gradient);
    return objective.gradient(plusScaled(y, radius, objective.gradient(y)));
  });
}
