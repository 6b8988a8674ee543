import {
  ArgumentError,
  describe,
  inFunction,
  requireFiniteValue,
  requireInteger,
  requireNumber,
  requireObject,
} from "../errors.js";

/** All that the Wolkowicz–Styan bounds know of a symmetric matrix. */
export interface SpectralMoments {
  /** n. */
  readonly size: number;
  /** tr H. */
  readonly trace: number;
  /** tr H² = ‖H‖_F². */
  readonly frobeniusSquared: number;
  /**
   * s ≥ 0, the standard deviation of the eigenvalues, where they are so nearly equal that tr H²/n − m² would cancel:
   * `spectralMoments` adds it where that is below 1e-6 tr H²/n, from ‖H − mI‖_F². Where left out, s is got from the others.
   */
  readonly deviation?: number | undefined;
  /**
   * A warning, left out where there is none: κ = mean ‖H_i‖²/‖H‖² of a network's Hessian where it is above 10⁶. Summed
   * over pairs of samples, which `route: "gram"` asks for, tr H² then loses about κε to cancellation; "auto" has summed
   * H's blocks instead, which do not cancel.
   */
  readonly cancellation?: number | undefined;
}

/** A closed interval that holds an eigenvalue, or a difference of two. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** Where λ_max and λ_min must lie. */
export interface ExtremeBounds {
  readonly largest: Interval;
  readonly smallest: Interval;
}

/** Where the eigenvalues must lie. */
export interface WsBounds extends ExtremeBounds {
  /** λ_max − λ_min. */
  readonly spread: Interval;
}

/** Mean and standard deviation of the n eigenvalues. */
export interface SpectralSpread {
  readonly mean: number;
  readonly deviation: number;
}

/** How far below tr²/n a given tr H² may lie: rounding of sums that were made elsewhere. */
const MOMENT_TOLERANCE = 1e-8;

/**
 * m = tr H/n and s, which is √(tr H²/n − m²) unless `deviation` is given. Where all eigenvalues are nearly equal the
 * difference cancels: s is accurate to about 1e-8·|m| then, and a negative difference of rounding's size counts as 0.
 * @throws ArgumentError unless n ≥ 2, both traces are finite, tr H² ≥ (tr H)²/n, as for every symmetric matrix, and a
 * given deviation is ≥ 0
 */
export function spectralSpread(moments: SpectralMoments): SpectralSpread {
  requireObject("moments", moments, "spectralMoments makes them");
  const { size, trace, frobeniusSquared, deviation } = moments;
  const next =
    size === 1
      ? "one eigenvalue is its own trace: there is nothing to bound"
      : "spectralMoments makes them of a network, matrixMoments of a matrix";
  requireInteger("moments.size", size, 2, next);
  requireNumber("moments.trace", trace);
  requireNumber("moments.frobeniusSquared", frobeniusSquared, { atLeast: 0 });
  if (deviation !== undefined) requireNumber("moments.deviation", deviation, { atLeast: 0 });
  const mean = trace / size;
  if (frobeniusSquared / size < mean * mean * (1 - MOMENT_TOLERANCE)) {
    throw new ArgumentError({
      expected: `moments.frobeniusSquared ≥ trace²/size = ${mean * trace}`,
      got: describe(frobeniusSquared),
      next: "no symmetric matrix has these moments; below ‖H‖ ≈ 1e-150, tr H² underflows",
    });
  }
  return spreadOfMoments(moments);
}

/** The same of n ≥ 1 eigenvalues, unchecked. */
export function spreadOfMoments({
  size,
  trace,
  frobeniusSquared,
  deviation,
}: SpectralMoments): SpectralSpread {
  const mean = trace / size;
  return { mean, deviation: deviation ?? Math.sqrt(Math.max(frobeniusSquared / size - mean * mean, 0)) };
}

/** What bounds λ_max from mean and standard deviation of `size` numbers: Wolkowicz & Styan 1980, Theorem 2.1. */
export function largestOf(size: number, { mean, deviation }: SpectralSpread): Interval {
  if (size === 1) return { lower: mean, upper: mean };
  const root = Math.sqrt(size - 1);
  return { lower: mean + deviation / root, upper: mean + deviation * root };
}

/** What n ≥ 2 numbers of this deviation span at least: Wolkowicz & Styan 1980, Section 2. */
export function leastSpread(size: number, deviation: number): number {
  return size % 2 === 0 ? 2 * deviation : (2 * deviation * size) / Math.sqrt(size * size - 1);
}

/** The bounds on λ_min(A) that bounds on λ_max(−A) are. */
export function negated({ lower, upper }: Interval): Interval {
  return { lower: 0 - upper, upper: 0 - lower };
}

/**
 * Bounds on the extreme eigenvalues of a real symmetric matrix and on their difference, from n, tr H and tr H² alone
 * (Wolkowicz & Styan 1980, Theorem 2.1, and Section 2 for the spread). All are attained at n = 2.
 * @throws ArgumentError unless n ≥ 2, both traces are finite, and tr H² ≥ (tr H)²/n; NonFiniteError where a bound overflows
 * @example
 * import { wsBounds } from "flatward";
 * // Of any symmetric matrix with the traces of diag(1, 2, 6).
 * const { largest, smallest } = wsBounds({ size: 3, trace: 9, frobeniusSquared: 41 });
 * console.log(largest.lower.toFixed(2), largest.upper.toFixed(2)); // → 4.53 6.06
 * console.log(smallest.lower.toFixed(2), smallest.upper.toFixed(2)); // → -0.06 1.47
 */
export function wsBounds(moments: SpectralMoments): WsBounds {
  return inFunction("wsBounds", () => {
    const spread = spectralSpread(moments);
    return finiteBounds(boundsOf(moments.size, spread));
  });
}

/** Those of n ≥ 2 numbers with this mean and deviation, unchecked. */
export function boundsOf(n: number, { mean, deviation }: SpectralSpread): WsBounds {
  return {
    largest: largestOf(n, { mean, deviation }),
    smallest: negated(largestOf(n, { mean: -mean, deviation })),
    spread: { lower: leastSpread(n, deviation), upper: deviation * Math.sqrt(2 * n) },
  };
}

/** @throws NonFiniteError where a bound overflowed */
export function finiteBounds<Bounds extends ExtremeBounds>(bounds: Bounds): Bounds {
  for (const interval of Object.values(bounds)) finiteInterval(interval);
  return bounds;
}

function finiteInterval(interval: Interval): Interval {
  requireFiniteValue("the bounds", interval.lower);
  requireFiniteValue("the bounds", interval.upper);
  return interval;
}

/**
 * Bounds on the k-th largest eigenvalue, k = 1 … n (Wolkowicz & Styan 1980, Theorem 2.2; at k = 1 and k = n the
 * tighter ones of Theorem 2.1).
 * @throws ArgumentError for k outside 1 … n, and as `wsBounds`
 * @example
 * import { wsEigenvalueBounds } from "flatward";
 * const moments = { size: 3, trace: 9, frobeniusSquared: 41 }; // of diag(1, 2, 6)
 * const { lower, upper } = wsEigenvalueBounds(moments, 2);
 * console.log(lower.toFixed(2), upper.toFixed(2)); // → 1.47 4.53
 */
export function wsEigenvalueBounds(moments: SpectralMoments, k: number): Interval {
  return inFunction("wsEigenvalueBounds", () => {
    const spread = spectralSpread(moments);
    const n = moments.size;
    if (requireInteger("k", k, 1) > n) {
      throw new ArgumentError({ expected: `k ≤ n = ${n}`, got: describe(k) });
    }
    const { mean: m, deviation: s } = spread;
    const { largest, smallest } = boundsOf(n, spread);
    if (k === 1) return finiteInterval(largest);
    if (k === n) return finiteInterval(smallest);
    return finiteInterval({
      lower: m - s * Math.sqrt((k - 1) / (n - k + 1)),
      upper: m + s * Math.sqrt((n - k) / k),
    });
  });
}
