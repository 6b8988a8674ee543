import type { Contraction } from "../../../src/hsr/contraction/contraction.js";
import {
  type SampledEvaluation,
  type SampledSlopes,
  slopesBySample,
} from "../../../src/hsr/sampling/sampled-moments.js";

/** The derivative by theta (n) of what has these slopes, of a contraction that has just differentiated. */
export function pulledBack(
  contraction: Contraction,
  sampled: SampledEvaluation,
  slopes: SampledSlopes,
): Float64Array {
  const gradient = new Float64Array(contraction.size);
  contraction.pullBack(slopesBySample(slopes, sampled), gradient);
  return gradient;
}
