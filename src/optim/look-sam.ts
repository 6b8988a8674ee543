import { inFunction, requireInteger, requireNumber } from "../errors.js";
import { requireOptions } from "../options.js";
import { plusScaled } from "../tensor/elementwise.js";
import { dot, norm } from "../tensor/reduce.js";
import { unitVector } from "../tensor/unit.js";
import type { MomentumState } from "./momentum.js";
import type { Optimizer } from "./optimizer.js";
import { descending, NEEDED, type SharpnessOptions, sharpnessOptions } from "./sharpness-aware.js";

export interface LookSamOptions extends SharpnessOptions {
  /** Every so many steps one is of SAM, ≥ 1. Default 5. */
  readonly every?: number | undefined;
  /** Length of the remembered direction in the steps between, in lengths of their gradient, ≥ 0. Default 0.7. */
  readonly reuse?: number | undefined;
}

/** The state of `lookSam`: the last direction towards flatness, and the steps taken. */
export interface LookSamState extends MomentumState {
  /** Steps taken. */
  readonly step: number;
  /** Unit vector along what the last SAM gradient had beside the gradient; null where it had nothing. */
  readonly sharper: Float64Array | null;
}

type Memory = Pick<LookSamState, "step" | "sharper">;

/** What is left of a gradient beside another is rounding below this share of it. */
const ROUNDING = 1e-12;

/**
 * SAM in every k-th step (LookSAM, Liu et al. 2022, arXiv 2203.02714). The gradient there, g_s = ∇f(θ + ρ g/‖g‖), has a part
 * orthogonal to g, which changes slowly; steps between descend g + reuse · ‖g‖ times that part's unit vector. With `every: 1`
 * it is `sam`, to the bit; with `reuse: 0`, gradient descent between. A step costs 1 + 1/every gradients on average.
 * @throws ArgumentError for hyperparameters out of range
 * @example
 * import { lookSam, minimize, objectiveOf, sam } from "flatward";
 * const valley = objectiveOf(2, ([x, y]) => ({
 *   value: x ** 2 / 2 + 5 * y ** 2,
 *   gradient: Float64Array.of(x, 10 * y),
 * }));
 * const end = (optimizer) => minimize(valley, Float64Array.of(1, 1), optimizer, { steps: 4 }).theta;
 * const aware = { learningRate: 0.05, radius: 0.1 };
 * console.log(end(lookSam({ ...aware, every: 1 })).join() === end(sam(aware)).join()); // → true
 * console.log(end(lookSam({ ...aware, every: 4 })).map((entry) => entry.toFixed(2)).length); // → 2
 */
export function lookSam(options: LookSamOptions): Optimizer<LookSamState> {
  return inFunction("lookSam", () => {
    const { every = 5, reuse = 0.7 } = requireOptions(
      options,
      [...sharpnessOptions, "every", "reuse"],
      NEEDED,
    );
    requireInteger("every", every, 1);
    requireNumber("reuse", reuse, { atLeast: 0 });
    const start: Memory = { step: 0, sharper: null };
    return descending(
      "lookSam",
      options,
      (objective, theta, gradient, radius, { step, sharper }) => {
        const next = step + 1;
        if (step % every === 0) {
          const unit = unitVector(gradient);
          if (unit === null) return [gradient, { step: next, sharper: null }];
          const followed = objective.gradient(plusScaled(theta, radius, unit));
          return [followed, { step: next, sharper: every === 1 ? null : beside(followed, unit) }];
        }
        const followed = sharper ? plusScaled(gradient, reuse * norm(gradient), sharper) : gradient;
        return [followed, { step: next, sharper }];
      },
      start,
      { every, reuse },
    );
  });
}

/** The unit vector along what v has orthogonal to a unit vector; null where that is rounding. */
function beside(v: Float64Array, unit: Float64Array): Float64Array | null {
  const rest = plusScaled(v, -dot(v, unit), unit);
  return norm(rest) > ROUNDING * norm(v) ? unitVector(rest) : null;
}
