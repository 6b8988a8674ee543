import { plusScaled } from "../tensor/elementwise.js";
import { dot, norm } from "../tensor/reduce.js";
import type { Region } from "./region.js";

/**
 * How an ascent ended: "converged", no point of the set promises more than the tolerance, to first order; "stalled", no
 * step along the gradient gains (at a kink, or where gains are below rounding); "max-iterations".
 */
export type AscentStatus = "converged" | "stalled" | "max-iterations";

/** A function to climb, and its gradient. */
export interface Hill {
  valueAndGradient(z: Float64Array): { readonly value: number; readonly gradient: Float64Array };
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
const LONGEST = 1e6;
const SHORTEST = 1e-12;

/**
 * Projected gradient ascent from a point of the set. Every accepted step gains, so that the value never falls.
 * @param tolerance the gap to reach, relative to |value − base| @param base what the values are compared with
 * Bertsekas 1999, Section 2.3; the gap: Frank & Wolfe 1956, Jaggi 2013.
 */
export function ascend(
  hill: Hill,
  region: Region,
  start: Float64Array,
  base: number,
  tolerance: number,
  maxIterations: number,
): Ascent {
  let point = start;
  let { value, gradient } = hill.valueAndGradient(point);
  const from = value;
  let step = 1;
  let iterations = 0;
  for (;;) {
    const gap = Math.max(0, region.support(gradient) - dot(gradient, point));
    const end = (status: AscentStatus): Ascent => ({ point, from, value, gap, iterations, status });
    if (gap <= Math.max(tolerance * Math.abs(value - base), Number.EPSILON * Math.abs(value)))
      return end("converged");
    if (iterations === maxIterations) return end("max-iterations");

    const unit = region.extent / norm(gradient);
    let shortened = false;
    for (;;) {
      const next = plusScaled(point, step * unit, gradient);
      region.project(next);
      const promised = dot(gradient, next) - dot(gradient, point);
      const there = hill.valueAndGradient(next);
      if (promised > 0 && there.value > value && there.value - value >= SUFFICIENT * promised) {
        point = next;
        ({ value, gradient } = there);
        break;
      }
      step /= 4;
      shortened = true;
      if (step < SHORTEST) return end("stalled");
    }
    iterations++;
    if (!shortened) step = Math.min(2 * step, LONGEST);
  }
}
