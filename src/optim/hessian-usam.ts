import { inFunction } from "../errors.js";
import { plusScaled } from "../tensor/elementwise.js";
import type { MomentumState } from "./momentum.js";
import { requireProducts } from "./objective.js";
import type { Optimizer } from "./optimizer.js";
import { type SharpnessOptions, sharpnessAware } from "./sharpness-aware.js";

/**
 * USAM uphill along H∇f: x ← x − α∇f(x + ρ∇²f(x)∇f(x)); two gradients and one product H·v a step. Momentum as in `usam`.
 * Our reconstruction from the filter 0 ≤ λ(1 + ρλ²) ≤ 2/α that Bolte, Le & Pauwels state (arXiv 2510.09034): the paper's
 * own update could not be read.
 * @throws ArgumentError for hyperparameters out of range; a step, where the objective has no hessianVectorProduct
 */
export function hessianUsam(options: SharpnessOptions): Optimizer<MomentumState> {
  return sharpnessAware("hessianUsam", options, (objective, theta, gradient, radius) => {
    const twice = inFunction("hessianUsam", () => requireProducts(objective));
    return objective.gradient(plusScaled(theta, radius, twice.hessianVectorProduct(theta, gradient)));
  });
}
