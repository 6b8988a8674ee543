import type { Penalty } from "../../optim/penalized.js";
import { dot } from "../../tensor/reduce.js";
import type { FormPenalty } from "./forms.js";
import type { HsrMemory, MeasuredBound } from "./step-state.js";

/**
 * The bound as its tangent where it was computed last: constant + ⟨direction, theta⟩, whose gradient the direction is. Steps
 * that compute it do so at their first theta.
 */
export function heldPenalty(bound: Penalty, memory: HsrMemory): FormPenalty {
  const heldAt = (theta: Float64Array): MeasuredBound =>
    memory.held(() => {
      const { value, gradient } = bound.valueAndGradient(theta);
      return { constant: value - dot(gradient, theta), direction: gradient };
    });
  const tangentAt = (theta: Float64Array): ReturnType<FormPenalty["valueAndGradient"]> => {
    const { constant, direction, length } = heldAt(theta);
    return { value: constant + dot(direction, theta), gradient: direction, length };
  };
  return { value: (theta) => tangentAt(theta).value, valueAndGradient: tangentAt };
}
