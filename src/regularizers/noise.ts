import { inMaker, requireInteger, requireNumber } from "../errors.js";
import { asObjective, derivedObjective, type Objective } from "../optim/objective.js";
import { requireOptions } from "../options.js";
import { randomStream } from "../random.js";
import { addScaled, plusScaled } from "../tensor/elementwise.js";

/** How much noise is added to the parameters, how often, and from which seed. */
export interface NoiseOptions {
  /** σ ≥ 0, the standard deviation of every entry of the noise. */
  readonly deviation: number;
  /** Directions a step, ≥ 1, two evaluations each. Default 1. */
  readonly directions?: number | undefined;
  /** Seed of the directions. */
  readonly seed: number;
}

/**
 * The mean of the objective at θ ± σu over Gaussian directions u ~ N(0, I) that are drawn anew every step: an unbiased
 * sample of the smoothed objective E f(θ + σu) = f + ½σ² tr H + O(σ⁴), whose odd orders cancel in every pair (noise
 * injection as in Orvieto et al. 2022, ICML, and 2023, AISTATS; the pairs are ours). Which directions step t sees depends
 * on the seed and t alone, so a run can be taken up at any step; value, gradient and H·v of one step see the same ones.
 * @throws ArgumentError
 * @example
 * import { objectiveOf } from "flatward";
 * import { noiseObjective } from "flatward/regularizers";
 * // ½(4x² + y²), whose Hessian is diag(4, 1).
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: 2 * x * x + y * y / 2, gradient: Float64Array.of(4 * x, y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(4 * v, w),
 * });
 * const noisy = noiseObjective(bowl, { deviation: 0.1, seed: 1 });
 * noisy.beginStep(0); // draws the directions of step 0
 * console.log(noisy.value(Float64Array.of(0, 0)) > 0); // → true
 */
export function noiseObjective(of: Objective, options: NoiseOptions): Objective {
  return inMaker("noiseObjective", () => {
    const objective = asObjective(of);
    requireOptions(options, ["deviation", "directions", "seed"], "at least { deviation, seed }");
    const deviation = requireNumber("deviation", options.deviation, { atLeast: 0 });
    const { directions = 1 } = options;
    requireInteger("directions", directions, 1);
    const draws = randomStream(requireInteger("seed", options.seed, 0), "noise");
    const { size } = objective;
    const share = 0.5 / directions;

    let shifts: readonly Float64Array[] = [];
    const draw = (step: number): void => {
      const stream = draws.stream(step);
      shifts = Array.from({ length: directions }, () =>
        Float64Array.from({ length: size }, () => stream.normal(0, deviation)),
      );
    };
    draw(0);

    const visit = (theta: Float64Array, at: (point: Float64Array) => void): void => {
      for (const shift of shifts) {
        at(plusScaled(theta, 1, shift));
        at(plusScaled(theta, -1, shift));
      }
    };

    return derivedObjective(objective, {
      value(theta) {
        let mean = 0;
        visit(theta, (point) => {
          mean += share * objective.value(point);
        });
        return mean;
      },
      valueAndGradient(theta) {
        let mean = 0;
        const gradient = new Float64Array(size);
        visit(theta, (point) => {
          const there = objective.valueAndGradient(point);
          mean += share * there.value;
          addScaled(gradient, share, there.gradient);
        });
        return { value: mean, gradient };
      },
      hessianVectorProduct: (product) => (theta, v) => {
        const out = new Float64Array(size);
        visit(theta, (point) => addScaled(out, share, product(point, v)));
        return out;
      },
      beginStep(step) {
        objective.beginStep?.(step);
        draw(step);
      },
    });
  });
}
