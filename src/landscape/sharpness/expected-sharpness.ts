import { inFunction, requireFew, requireInteger, requireNumber } from "../../errors.js";
import { type SampleMean, sampleMean } from "../../linalg/estimates/sample-mean.js";
import { fillNormal } from "../../linalg/vectors.js";
import type { Objective } from "../../optim/objective.js";
import { requireOptions } from "../../options.js";
import { randomStream } from "../../random.js";
import { checkPoint } from "../hessian-at.js";
import { type NormalizationOptions, normalizationOptions, parameterScales } from "../scales.js";
import { displaced, finiteValue } from "./ascent.js";

/** The noise of `expectedSharpness`, and how often it is drawn. */
export interface ExpectedSharpnessOptions extends NormalizationOptions {
  /** σ > 0: the standard deviation of every parameter, in units of T. */
  readonly deviation: number;
  /** Pairs u, −u, two evaluations each, ≥ 2. Default 100. */
  readonly pairs?: number | undefined;
  /** Seed of the noise. Default 0. */
  readonly seed?: number | undefined;
}

/**
 * Expected sharpness: the mean of L(θ + σTu) − L(θ) over u ~ N(0, I), T = 1 or, with a normalization, the root mean squares
 * of the groups of parameters. It is ½σ² tr(THT) + O(σ⁴): in a pair u, −u the odd orders cancel, gradient first, and with
 * them their variance. The standard error is over pairs.
 * @throws ArgumentError, ShapeError, NonFiniteError
 * Neyshabur et al. 2017; relative to parameters: Tsuzuku, Sato & Sugiyama 2020, Andriushchenko et al. 2023.
 * @example
 * import { objectiveOf } from "flatward";
 * import { expectedSharpness } from "flatward/landscape";
 * // ½(4x² + y²), whose Hessian is diag(4, 1).
 * const bowl = objectiveOf(2, ([x, y]) => ({ value: 2 * x * x + y * y / 2, gradient: Float64Array.of(4 * x, y) }), {
 *   hessianVectorProduct: (_theta, [v, w]) => Float64Array.of(4 * v, w),
 * });
 * const { value, standardError } = expectedSharpness(bowl, Float64Array.of(0, 0), { deviation: 0.1, pairs: 1000 });
 * const expected = 0.5 * 0.1 * 0.1 * 5; // ½σ² tr H
 * console.log(Math.abs(value - expected) < 3 * standardError); // → true
 */
export function expectedSharpness(
  objective: Objective,
  theta: Float64Array,
  options: ExpectedSharpnessOptions,
): SampleMean {
  return inFunction("expectedSharpness", () => {
    requireOptions(
      options,
      [...normalizationOptions, "deviation", "pairs", "seed"],
      "at least { deviation }",
    );
    const { pairs = 100, seed = 0 } = options;
    const deviation = requireNumber("deviation", options.deviation, { above: 0 });
    requireFew("pairs", requireInteger("pairs", pairs, 2, "one pair has no standard error"));
    requireInteger("seed", seed, 0);
    const at = checkPoint(objective, theta);
    const scales = parameterScales(at, options, "root-mean-square");

    const value = (z: Float64Array): number => finiteValue(objective.value(displaced(at, scales, z)));
    const stream = randomStream(seed, "expectedSharpness");
    const z = new Float64Array(objective.size);
    const loss = value(z);
    const rises = new Float64Array(pairs);
    for (let i = 0; i < pairs; i++) {
      fillNormal(z, stream);
      for (let j = 0; j < z.length; j++) z[j] *= deviation;
      const above = value(z) - loss;
      for (let j = 0; j < z.length; j++) z[j] = -z[j];
      rises[i] = above / 2 + (value(z) - loss) / 2;
    }
    return sampleMean(rises);
  });
}
