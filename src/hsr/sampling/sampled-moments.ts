import type { SpectralMoments } from "../../bounds/wolkowicz-styan.js";
import { dot } from "../../tensor/reduce.js";
import { type BoundSlopes, type MomentSlopes, requireSeveralParameters } from "../bound-slopes.js";
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

/** Sampled moments, and what their derivatives need. */
export interface SampledEvaluation {
  readonly moments: SampledMoments;
  /** ∂traceSquared/∂(ω_i tr H_i) (b). */
  readonly traceSquaredSlopes: Float64Array;
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
  return { moments, traceSquaredSlopes: excess.map((each) => 2 * (apart * trace + each)) };
}

/** ω_i tr H_i (N). */
function weightedTraces(contraction: Contraction, weights: Float64Array): Float64Array {
  const traces = totalTraces(contraction.sampleTraces(), weights.length);
  return weights.map((weight, i) => weight * traces[i]);
}

/** Partial derivatives by tr H, (tr H)² and tr H², taken for three numbers. */
export interface SampledSlopes {
  readonly byTrace: number;
  readonly byTraceSquared: number;
  readonly bySquare: number;
}

/** What they are by the traces of the samples. */
export function slopesBySample(
  { byTrace, byTraceSquared, bySquare }: SampledSlopes,
  { traceSquaredSlopes }: SampledEvaluation,
): BoundSlopes {
  return { byTrace, bySquare, bySample: traceSquaredSlopes.map((each) => byTraceSquared * each) };
}

/**
 * B = m + s√(n−1) with s² = tr H²/n − (tr H)²/n², each estimated by itself. Where that is no more than 0, B is m.
 * @param moments where B is taken, if not at those of `sampled`
 * @throws ArgumentError unless n ≥ 2
 */
export function sampledBoundSlopes(
  sampled: SampledEvaluation,
  moments: Omit<SampledMoments, "cancellation"> = sampled.moments,
): MomentSlopes {
  const { size: n, trace, traceSquared, frobeniusSquared } = moments;
  requireSeveralParameters(n);
  const deviation = Math.sqrt(Math.max(frobeniusSquared / n - traceSquared / n / n, 0));
  const root = Math.sqrt(n - 1);
  const bySquare = deviation > 0 ? root / (2 * deviation * n) : 0;
  const byTraceSquared = bySquare === 0 ? 0 : -bySquare / n;
  return {
    value: trace / n + deviation * root,
    ...slopesBySample({ byTrace: 1 / n, byTraceSquared, bySquare }, sampled),
  };
}
