import { ArgumentError, describe, inFunction, requireInteger } from "../errors.js";
import { powerOfTwoNear } from "../tensor/power-of-two.js";
import {
  boundsOf,
  finiteBounds,
  type Interval,
  largestOf,
  leastSpread,
  negated,
  type SpectralMoments,
  type SpectralSpread,
  spectralSpread,
  type WsBounds,
} from "./wolkowicz-styan.js";

/** How far below (tr)²/rank a given tr H² may lie: rounding of sums that were made elsewhere. */
const RANK_TOLERANCE = 1e-8;
/** Numbers below have fewer digits, or vanish. */
const SMALLEST_NORMAL = 2.2250738585072014e-308;
/** By how much, relative to tr H², rounding may have changed rσ². */
const ROUNDING = 16 * Number.EPSILON;

/**
 * The Wolkowicz–Styan bounds for a matrix with at most `rank` eigenvalues that are not 0: mean and deviation are those of
 * `rank` numbers that include all of these. Never looser than `wsBounds`.
 *
 * Let t = tr H, q = tr H², μ = t/r, σ² = q/r − μ². Take r eigenvalues, all that are not 0 among them; t and q are their
 * sums too, so that their largest lies in [μ + σ/√(r−1), μ + σ√(r−1)] (Wolkowicz & Styan 1980, Theorem 2.1; both ends
 * are t at r = 1). For r < n some other eigenvalue is 0, so λ_max is the larger of theirs and 0, and both ends are raised
 * to 0 if below. The upper end is attained by μ + σ√(r−1), r − 1 numbers that are equal, and n − r zeros; the lower
 * likewise. Any r numbers with n − r zeros are n numbers with the same sums, for which `wsBounds` holds and is attained:
 * so it can only be looser. The spread: either 0 lies within the r numbers' range, or λ_max − λ_min is |λ| of one of them.
 *
 * rσ² is taken larger above and smaller below by 16ε tr H², its rounding: where the r numbers are nearly equal, the bounds
 * are loose by about 6e-8·‖H‖_F, rather than wrong.
 * @param rank 0 … n, for example `hessianRankBound(net, batch).hessian`
 * @throws ArgumentError and NonFiniteError as `wsBounds`, ArgumentError for a rank outside 0 … n, and for moments that no
 * matrix of this rank has
 * @example
 * import { matrixMoments, rankWsBounds, wsBounds } from "flatward/bounds";
 * const moments = matrixMoments([[4, 0, 0], [0, 2, 0], [0, 0, 0]]); // of rank 2
 * console.log(wsBounds(moments).largest.upper.toFixed(4), rankWsBounds(moments, 2).largest.upper.toFixed(4)); // → 4.3094 4.0000
 */
export function rankWsBounds(moments: SpectralMoments, rank: number): WsBounds {
  return inFunction("rankWsBounds", () => {
    const whole = spectralSpread(moments);
    const { size } = moments;
    checkRank(rank, size);
    const plain = boundsOf(size, whole);
    if (rank === size) return finiteBounds(plain);
    const largest = rankLargest(size, whole, rank);
    const smallest = negated(rankLargest(size, { ...whole, mean: -whole.mean }, rank));
    const inner = deviationOf(size, whole, rank);
    const widest = Math.max(inner.upper * Math.sqrt(2 * rank), largest.upper, -smallest.lower);
    return finiteBounds({
      largest,
      smallest,
      spread: {
        lower: Math.max(
          plain.spread.lower,
          rank < 2 ? 0 : leastSpread(rank, inner.lower),
          largest.lower,
          -smallest.upper,
        ),
        upper: Math.min(plain.spread.upper, widest),
      },
    });
  });
}

export function checkRank(rank: number, size: number): void {
  if (requireInteger("rank", rank, 0) <= size) return;
  throw new ArgumentError({ expected: `rank ≤ n = ${size}`, got: describe(rank) });
}

/** The bounds on λ_max alone, from mean and deviation of all n ≥ 1 eigenvalues, at any scale. */
export function rankLargest(size: number, { mean, deviation }: SpectralSpread, rank: number): Interval {
  // Squares of the numbers as they are could overflow or vanish.
  const scale = powerOfTwoNear(Math.max(Math.abs(mean), deviation));
  const scaled = { mean: mean / scale, deviation: deviation / scale };
  const { lower, upper } = scaledRankLargest(size, scaled, rank, scale);
  return { lower: lower * scale, upper: upper * scale };
}

/** @param unit that mean and deviation were divided by */
function scaledRankLargest(size: number, whole: SpectralSpread, rank: number, unit: number): Interval {
  const plain = largestOf(size, whole);
  if (rank === size) return plain;
  const square = size * (whole.deviation * whole.deviation + whole.mean * whole.mean);
  const squares = rank === 0 ? -square : squaredDeviation(size, whole, rank);
  if (squares < -RANK_TOLERANCE * square) {
    const trace = whole.mean * size * unit;
    const frobeniusSquared = square * unit * unit;
    const isLost = frobeniusSquared < SMALLEST_NORMAL && rank > 0;
    throw new ArgumentError({
      expected: `moments of a symmetric matrix of rank at most ${rank}, (tr H)² ≤ rank · tr H²`,
      got: `tr H = ${trace}, tr H² = ${frobeniusSquared}`,
      next: isLost ? "below ‖H‖ ≈ 1e-150, tr H² underflows" : "the rank is larger",
    });
  }
  if (rank === 0) return { lower: 0, upper: 0 };
  const mean = (whole.mean * size) / rank;
  const deviation = deviationOf(size, whole, rank);
  // All are bounds: taking the better one only undoes rounding.
  return {
    lower: Math.max(plain.lower, largestOf(rank, { mean, deviation: deviation.lower }).lower, 0),
    upper: Math.min(plain.upper, Math.max(largestOf(rank, { mean, deviation: deviation.upper }).upper, 0)),
  };
}

/** σ of r numbers, as far as rounding lets it be known; 0 for none. */
function deviationOf(size: number, whole: SpectralSpread, rank: number): Interval {
  if (rank === 0) return { lower: 0, upper: 0 };
  const squares = squaredDeviation(size, whole, rank);
  const rounding = ROUNDING * size * (whole.deviation * whole.deviation + whole.mean * whole.mean);
  return {
    lower: Math.sqrt(Math.max(squares - rounding, 0) / rank),
    upper: Math.sqrt(Math.max(squares + rounding, 0) / rank),
  };
}

/** Σ (λ − t/r)² over r numbers, from the one over all n, where n − r are 0: ns² − t²(1/r − 1/n). */
function squaredDeviation(size: number, { mean, deviation }: SpectralSpread, rank: number): number {
  return size * (deviation * deviation - (mean * mean * (size - rank)) / rank);
}
