import { inFunction, requireInteger, requireNumber } from "../errors.js";
import { requireOptions } from "../options.js";
import { plusScaled } from "../tensor/elementwise.js";
import { dot, norm } from "../tensor/reduce.js";
import { unitVector } from "../tensor/unit.js";
import { checkMomentum, momentumDirection, momentumOptions } from "./momentum.js";
import { asObjective } from "./objective.js";
import type { Optimizer } from "./optimizer.js";
import type { SharpnessOptions } from "./sharpness-aware.js";
import type { OwnedState } from "./state.js";
import { checkDecay, decayOptions, moved, withCoupledDecay } from "./weight-decay.js";

export interface LookSamOptions extends SharpnessOptions {
  /** Every so many steps one is of SAM, ≥ 1. Default 5. */
  readonly every?: number | undefined;
  /** Length of the remembered direction in the steps between, in lengths of their gradient, ≥ 0. Default 0.7. */
  readonly reuse?: number | undefined;
}

/** The state of `lookSam`: the last direction towards flatness, and the steps taken. */
export interface LookSamState extends OwnedState {
  readonly velocity: Float64Array | null;
  /** Steps taken. */
  readonly step: number;
  /** Unit vector along what the last SAM gradient had beside the gradient; null where it had nothing. */
  readonly sharper: Float64Array | null;
}

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
    requireOptions(
      options,
      [...decayOptions, ...momentumOptions, "radius", "every", "reuse"],
      "at least { learningRate, radius }",
    );
    const decay = checkDecay(options);
    const momentum = checkMomentum(options);
    const radius = requireNumber("radius", options.radius, { above: 0 });
    const { every = 5, reuse = 0.7 } = options;
    requireInteger("every", every, 1);
    requireNumber("reuse", reuse, { atLeast: 0 });
    return {
      name: "lookSam",
      hyperparameters: { ...decay, ...momentum, radius, every, reuse },
      initialState: () => ({ optimizer: "lookSam", velocity: null, step: 0, sharper: null }),
      step(of, theta, state) {
        const objective = asObjective(of);
        const { value, gradient } = objective.valueAndGradient(theta);
        let { sharper } = state;
        let followed = gradient;
        if (state.step % every === 0) {
          const unit = unitVector(gradient);
          if (unit !== null) followed = objective.gradient(plusScaled(theta, radius, unit));
          sharper = unit === null || every === 1 ? null : beside(followed, unit);
        } else if (sharper !== null) followed = plusScaled(gradient, reuse * norm(gradient), sharper);
        const descended = withCoupledDecay(followed, decay, theta);
        const { direction, velocity } = momentumDirection(descended, state.velocity, momentum);
        return {
          theta: moved(theta, decay, direction),
          state: { optimizer: "lookSam", velocity, step: state.step + 1, sharper },
          value,
          gradientNorm: norm(withCoupledDecay(gradient, decay, theta)),
        };
      },
    };
  });
}

/** The unit vector along what v has orthogonal to a unit vector; null where that is rounding. */
function beside(v: Float64Array, unit: Float64Array): Float64Array | null {
  const rest = plusScaled(v, -dot(v, unit), unit);
  return norm(rest) > ROUNDING * norm(v) ? unitVector(rest) : null;
}
