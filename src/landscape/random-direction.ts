import { inFunction, requireInteger, requireObject, requireVector } from "../errors.js";
import { fillNormal } from "../linalg/vectors.js";
import { randomStream } from "../random.js";
import type { ParameterLayout } from "./layout.js";
import { type DirectionNormalizationOptions, normalizedDirection } from "./slices/normalized-direction.js";

export interface RandomDirectionOptions extends DirectionNormalizationOptions {
  /** ≥ 0. Default 0. */
  readonly seed?: number;
  /** Which of the seed's directions, ≥ 0: they are independent of one another. Default 0. */
  readonly index?: number;
}

/**
 * A direction (n) of independent standard normal numbers, normalised to theta.
 * @param layout the network's
 * @throws ArgumentError, ShapeError, NonFiniteError
 * Li et al. 2018, Section 4.
 */
export function randomDirection(
  theta: Float64Array,
  layout: ParameterLayout,
  options: RandomDirectionOptions = {},
): Float64Array {
  return inFunction("randomDirection", () => {
    requireObject("options", options);
    const { seed = 0, index = 0, ...normalization } = options;
    requireInteger("seed", seed, 0);
    requireInteger("index", index, 0);
    requireVector("theta", theta?.length, theta);
    const drawn = new Float64Array(theta.length);
    fillNormal(drawn, randomStream(seed, "randomDirection", index));
    return normalizedDirection(drawn, theta, layout, normalization);
  });
}
