import type { Penalty } from "../optim/penalized.js";
import { dot } from "../tensor/reduce.js";
import type { HeldBound, HsrMemory } from "./memory.js";

/**
 * The bound as its tangent where it was computed last: constant + ⟨direction, theta⟩, whose gradient the direction is. Steps
 * that compute it do so at their first theta.
 */
export function heldPenalty(bound: Penalty, memory: HsrMemory): Penalty {
  const heldAt = (theta: Float64Array): HeldBound =>
    memory.held(() => {
      const { value, gradient } = bound.valueAndGradient(theta);
      return { constant: value - dot(gradient, theta), direction: gradient };
    });
  const value = (theta: Float64Array): number => {
    const { constant, direction } = heldAt(theta);
    return constant + dot(direction, theta);
  };
  return {
    value,
    // The direction is needed for steps to come.
    valueAndGradient: (theta) => ({ value: value(theta), gradient: heldAt(theta).direction.slice() }),
  };
}
