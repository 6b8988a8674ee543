import { requireFinite, requireFiniteValue } from "../../errors.js";
import { asObjective, type Objective, type ValueAndGradient } from "../../optim/objective.js";
import { dot, norm } from "../../tensor/reduce.js";
import type { Region } from "./region.js";

/**
 * How an ascent ended: "converged", no point of the set promises more than the tolerance, to first order, or no step gains
 * that promises more than the rounding of the values (as at a maximum inside the set); "stalled", no step along the
 * gradient gains, as at a kink; "max-iterations".
 */
export type AscentStatus = "converged" | "stalled" | "max-iterations";

/** A function whose gradient is known. */
interface Differentiable {
  valueAndGradient(z: Float64Array): ValueAndGradient;
}

/** L(θ + Tz) over z, T = diag(scales). */
interface ScaledLoss extends Differentiable {
  /** Values with gradients so far. */
  readonly count: number;
}

export interface Ascent {
  /** (n), in the set. */
  readonly point: Float64Array;
  /** f at the start, and at `point`. */
  readonly from: number;
  readonly value: number;
  /** max ⟨∇f, y − z⟩ over the y of the set: 0 exactly where z is stationary in it. */
  readonly gap: number;
  /** Accepted steps. */
  readonly iterations: number;
  readonly status: AscentStatus;
}

/** Of the gain that the gradient promises, what a step must keep. */
const SUFFICIENT = 1e-4;
/** A step of 1 is as long as the set is wide; far longer ones go to the farthest point along the gradient. */
export const FULL_STEP = 1;
/** Doubled at every success: it climbs to the nearest maximum before it looks over the set. */
export const SMALL_STEP = 1 / 256;
const MAX_LENGTH = 1e6;
const SHORTEST = 1e-12;
/** Relative to the values compared: what their difference may err by. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * Projected gradient ascent from a point of the set. Every accepted step gains, so that the value never falls.
 * @param firstStep in units of the set's extent @param tolerance the gap to reach, relative to |value − base| @param base what the values are compared with
 * Bertsekas 1999, Section 2.3; the gap: Frank & Wolfe 1956, Jaggi 2013.
 */
export function ascend(
  f: Differentiable,
  region: Region,
  start: Float64Array,
  firstStep: number,
  base: number,
  tolerance: number,
  maxIterations: number,
): Ascent {
  let point = start;
  let { value, gradient } = f.valueAndGradient(point);
  const from = value;
  let step = firstStep;
  let iterations = 0;
  for (;;) {
    const gap = Math.max(0, region.support(gradient) - dot(gradient, point));
    const end = (status: AscentStatus): Ascent => ({ point, from, value, gap, iterations, status });
    if (gap <= Math.max(tolerance * Math.abs(value - base), Number.EPSILON * Math.abs(value)))
      return end("converged");
    if (iterations === maxIterations) return end("max-iterations");

    // The quotient of the gradient and its norm: that of the extent and a subnormal norm would overflow.
    const length = norm(gradient);
    const rounding = ROUNDING * Math.max(Math.abs(value), Math.abs(base));
    let shortened = false;
    for (;;) {
      const reach = step * region.extent;
      const next = point.map((entry, i) => entry + reach * (gradient[i] / length));
      region.project(next);
      const promised = dot(gradient, next) - dot(gradient, point);
      const there = f.valueAndGradient(next);
      if (promised > 0 && there.value - value >= SUFFICIENT * promised) {
        point = next;
        ({ value, gradient } = there);
        break;
      }
      if (promised <= rounding) return end("converged");
      step /= 4;
      shortened = true;
      if (step < SHORTEST) return end("stalled");
    }
    iterations++;
    if (!shortened) step = Math.min(2 * step, MAX_LENGTH);
  }
}

/** @throws NonFiniteError in an evaluation, under the caller's name */
export function scaledLoss(of: Objective, theta: Float64Array, scales: Float64Array): ScaledLoss {
  const objective = asObjective(of);
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
  return requireFiniteValue("the value of the objective", value, "make the perturbation smaller");
}
