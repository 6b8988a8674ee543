import { type Objective, objectiveOf } from "../../src/index.js";

/** ½ Σ c_i θ_i² − Σ b_i θ_i: gradient c∘θ − b, minimum at b/c. */
export function quadratic(
  curvatures: readonly number[],
  slopes: readonly number[] = curvatures.map(() => 0),
): Objective {
  return objectiveOf(curvatures.length, (theta) => ({
    value: curvatures.reduce((sum, c, i) => sum + 0.5 * c * theta[i] * theta[i] - slopes[i] * theta[i], 0),
    gradient: Float64Array.from(curvatures, (c, i) => c * theta[i] - slopes[i]),
  }));
}
