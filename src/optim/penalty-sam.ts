import { inFunction } from "../errors.js";
import { plusScaled } from "../tensor/elementwise.js";
import type { MomentumState } from "./momentum.js";
import { requireProducts } from "./objective.js";
import type { Optimizer } from "./optimizer.js";
import { type SharpnessOptions, sharpnessAware } from "./sharpness-aware.js";

/**
 * USAM to first order in ρ: x ← x − α(I + ρ∇²f(x))∇f(x), which is gradient descent on f + (ρ/2)‖∇f‖² (the penalty of
 * Barrett & Dherin 2021); one gradient and one product H·v a step. On quadratics it is USAM. Momentum as in `usam`. The
 * value that a step reports is f's.
 * @throws ArgumentError for hyperparameters out of range; a step, where the objective has no hessianVectorProduct
 */
export function penaltySam(options: SharpnessOptions): Optimizer<MomentumState> {
  return sharpnessAware("penaltySam", options, (objective, theta, gradient, radius) => {
    const twice = inFunction("penaltySam", () => requireProducts(objective));
    return plusScaled(gradient, radius, twice.hessianVectorProduct(theta, gradient));
  });
}
