import { type SpectralMoments, spectralSpread } from "../bounds/wolkowicz-styan.js";

/** Partial derivatives of a function of tr H and tr H², or ‖H − mI‖_F² in its place, by them. */
export interface Slopes {
  readonly byTrace: number;
  readonly bySquare: number;
}

/** Such a function with its partial derivatives by them. */
export interface MomentSlopes extends Slopes {
  readonly value: number;
}

/**
 * B = m + s√(n−1), by tr H and tr H², or where `deviation` is given by tr H and ns² = ‖H − mI‖_F², whose derivative by m
 * is 0; at s = 0 the slopes of m.
 */
export function upperBoundSlopes(moments: SpectralMoments): MomentSlopes {
  const n = moments.size;
  const { mean, deviation } = spectralSpread(moments);
  const root = Math.sqrt(n - 1);
  const throughSquare = moments.deviation === undefined && deviation > 0;
  return {
    value: mean + deviation * root,
    byTrace: throughSquare ? 1 / n - (root * mean) / (deviation * n) : 1 / n,
    bySquare: deviation > 0 ? root / (2 * deviation * n) : 0,
  };
}
