import { NonFiniteError, requireFinite } from "../errors.js";
import type { Objective, ValueAndGradient } from "../optim/objective.js";
import type { Hill } from "./sharpness/ascent.js";

/** L(θ + Tz) over z, T = diag(scales), and how often it was looked at. */
export interface CountedHill extends Hill {
  /** Values with gradients so far. */
  readonly count: number;
}

/** @throws NonFiniteError in an evaluation, under the caller's name */
export function hillAround(objective: Objective, theta: Float64Array, scales: Float64Array): CountedHill {
  let count = 0;
  return {
    get count() {
      return count;
    },
    valueAndGradient(z): ValueAndGradient {
      count++;
      const { value, gradient } = objective.valueAndGradient(displaced(theta, scales, z));
      requireFinite("the gradient", gradient);
      return { value: finiteValue(value), gradient: gradient.map((g, i) => scales[i] * g) };
    },
  };
}

/** θ + Tz. */
export function displaced(theta: Float64Array, scales: Float64Array, z: Float64Array): Float64Array {
  return theta.map((entry, i) => entry + scales[i] * z[i]);
}

/** @throws NonFiniteError for any other value of the objective */
export function finiteValue(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new NonFiniteError({
    expected: "finite values of the objective",
    got: String(value),
    next: "make the perturbation smaller",
  });
}
