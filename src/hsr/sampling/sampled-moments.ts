import type { SpectralMoments } from "../../bounds/wolkowicz-styan.js";
import { requireInteger } from "../../errors.js";
import { dot } from "../../tensor/reduce.js";
import type { MomentSlopes } from "../bound-slopes.js";
import type { Contraction } from "../contraction/contraction.js";
import { totalTraces } from "../contraction/sample-moments.js";
import type { PairScales } from "../contraction/tile-contraction.js";
import { checkMoments } from "../finite-moments.js";

/** Estimates without bias, from a mini-batch, of a population's moments. */
export interface SampledMoments extends SpectralMoments {
  /** Of tr H² of the population; may be negative, since no matrix needs to have these moments. */
  readonly frobeniusSquared: number;
  /** Of (tr H)², whose estimate by the square of `trace` would be too large by its variance; may be negative. */
  readonly traceSquared: number;
}

/** The same, and what their derivatives need. */
export interface SampledEvaluation {
  readonly moments: SampledMoments;
  /** ∂traceSquared/∂(ω_i tr H_i) (b). */
  readonly byOwn: Float64Array;
}

/** With `differentiate`, the contraction is left ready to pull back. @throws NonFiniteError when the curvature overflowed */
export function evaluateSampledMoments(
  contraction: Contraction,
  weights: Float64Array,
  scales: PairScales,
  differentiate: boolean,
): SampledEvaluation {
  const frobeniusSquared = contraction.scaledSquare(scales, differentiate);
  const trace = contraction.trace();
  const own = weightedTraces(contraction, weights);
  const { apart } = scales;
  const excess = own.map((each, i) => (scales.self[i] - apart) * each);
  const moments = {
    size: contraction.size,
    trace,
    frobeniusSquared,
    traceSquared: apart * trace * trace + dot(excess, own),
  };
  checkMoments(moments);
  return { moments, byOwn: excess.map((each) => 2 * (apart * trace + each)) };
}

/** ω_i tr H_i (N). */
function weightedTraces(contraction: Contraction, weights: Float64Array): Float64Array {
  const traces = totalTraces(contraction.sampleTraces(), weights.length);
  return weights.map((weight, i) => weight * traces[i]);
}

/** B with its partial derivatives by tr H, (tr H)² and tr H², taken for three numbers. */
export interface SampledSlopes extends MomentSlopes {
  readonly byTraceSquared: number;
}

/**
 * B = m + s√(n−1) with s² = tr H²/n − (tr H)²/n², each estimated by itself. Where that is no more than 0, B is m.
 * @throws ArgumentError unless n ≥ 2
 */
export function sampledBoundSlopes(moments: Omit<SampledMoments, "cancellation">): SampledSlopes {
  const { trace, traceSquared, frobeniusSquared } = moments;
  const n = requireInteger("moments.size", moments.size, 2, "one eigenvalue is its own trace");
  const deviation = Math.sqrt(Math.max(frobeniusSquared / n - traceSquared / n / n, 0));
  const root = Math.sqrt(n - 1);
  const bySquare = deviation > 0 ? root / (2 * deviation * n) : 0;
  return {
    value: trace / n + deviation * root,
    byTrace: 1 / n,
    byTraceSquared: bySquare === 0 ? 0 : -bySquare / n,
    bySquare,
  };
}

/** The derivative by theta (n) of what has these slopes. The contraction must have differentiated right before. */
export function sampledGradient(
  contraction: Contraction,
  { byOwn }: SampledEvaluation,
  slopes: Pick<SampledSlopes, "byTrace" | "byTraceSquared" | "bySquare">,
): Float64Array {
  const gradient = new Float64Array(contraction.size);
  contraction.pullBack(
    slopes,
    gradient,
    byOwn.map((each) => slopes.byTraceSquared * each),
  );
  return gradient;
}
