import { type SpectralMoments, spectralSpread } from "../bounds/wolkowicz-styan.js";
import { requireInteger } from "../errors.js";

/** Partial derivatives of a function of tr H and tr H², or ‖H − mI‖_F² in its place, by them. */
export interface BoundSlopes {
  readonly byTrace: number;
  readonly bySquare: number;
  /** Added to `byTrace` for each sample (N), in the order of the weights. */
  readonly bySample?: Float64Array | undefined;
}

/** Such a function with its partial derivatives by them. */
export interface MomentSlopes extends BoundSlopes {
  readonly value: number;
}

/** @throws ArgumentError for the size of a network of one parameter */
export function requireSeveralParameters(size: number): void {
  requireInteger("net.size", size, 2, "one eigenvalue is its own trace: there is nothing to bound");
}

/**
 * B = m + s√(n−1), by tr H and tr H², or where `deviation` is given by tr H and ns² = ‖H − mI‖_F², whose derivative by m
 * is 0; at s = 0 the slopes of m.
 */
export function upperBoundSlopes(moments: SpectralMoments): MomentSlopes {
  return spreadSlopes(moments, { ofMean: 1, ofDeviation: Math.sqrt(moments.size - 1) });
}

/** What a bound takes of mean and standard deviation. */
export interface SpreadTerms {
  readonly ofMean: number;
  readonly ofDeviation: number;
}

/** The slopes of any ofMean·m + ofDeviation·s. */
export function spreadSlopes(moments: SpectralMoments, { ofMean, ofDeviation }: SpreadTerms): MomentSlopes {
  const n = moments.size;
  requireSeveralParameters(n);
  const { mean, deviation } = spectralSpread(moments);
  const throughSquare = moments.deviation === undefined && deviation > 0;
  return {
    value: ofMean * mean + deviation * ofDeviation,
    byTrace: throughSquare ? ofMean / n - (ofDeviation * mean) / (deviation * n) : ofMean / n,
    bySquare: deviation > 0 ? ofDeviation / (2 * deviation * n) : 0,
  };
}
