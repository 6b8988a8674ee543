import { inFunction, requireNumber, requireObject } from "../errors.js";
import { plusScaled } from "../tensor/elementwise.js";
import { unitVector } from "../tensor/unit.js";
import type { MomentumState } from "./momentum.js";
import type { Optimizer } from "./optimizer.js";
import { type SharpnessOptions, sharpnessAware } from "./sharpness-aware.js";

export interface AsamOptions extends SharpnessOptions {
  /** η ≥ 0, added to every |θ_i|. Default 0.01, as in the paper. */
  readonly offset?: number;
}

/**
 * Adaptive sharpness-aware minimization (Kwon et al. 2021): descends ∇f(θ + ρ T²g/‖Tg‖), T = diag(|θ_i| + η), g = ∇f(θ);
 * two gradients a step, and gradient descent where Tg = 0. Radii are larger than SAM's: 0.5 is usual. The authors' code
 * takes T = 1 for biases; an optimizer here sees no layers, and treats all parameters alike.
 * @throws ArgumentError for hyperparameters out of range
 */
export function asam(options: AsamOptions): Optimizer<MomentumState> {
  return inFunction("asam", () => {
    requireObject("options", options, "at least { learningRate, radius }");
    const { offset = 0.01 } = options;
    requireNumber("offset", offset, { atLeast: 0 });
    const uphill: Parameters<typeof sharpnessAware>[2] = (objective, theta, gradient, radius) => {
      const sizes = theta.map((entry) => Math.abs(entry) + offset);
      // Tg may underflow where g does not.
      const unit = unitVector(scaledBy(sizes, unitVector(gradient) ?? gradient));
      if (unit === null) return gradient;
      return objective.gradient(plusScaled(theta, radius, scaledBy(sizes, unit)));
    };
    return sharpnessAware("asam", options, uphill, { offset });
  });
}

/** T·v. */
function scaledBy(sizes: Float64Array, v: Float64Array): Float64Array {
  return v.map((entry, i) => sizes[i] * entry);
}
