import { type SpectralMoments, spectralSpread } from "../bounds/wolkowicz-styan.js";

/** Partial derivatives of a function of tr H and tr H² by them. */
export interface Slopes {
  readonly byTrace: number;
  readonly bySquare: number;
}

/** A function of tr H and tr H² with its partial derivatives by them. */
export interface MomentSlopes extends Slopes {
  readonly value: number;
}

/** B = m + s√(n−1); at s = 0 the slopes of m. */
export function upperBoundSlopes(moments: SpectralMoments): MomentSlopes {
  const n = moments.size;
  const { mean, deviation } = spectralSpread(moments);
  const root = Math.sqrt(n - 1);
  return {
    value: mean + deviation * root,
    byTrace: deviation > 0 ? 1 / n - (root * mean) / (deviation * n) : 1 / n,
    bySquare: deviation > 0 ? root / (2 * deviation * n) : 0,
  };
}
