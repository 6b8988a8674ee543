import { ArgumentError, describe, requireInteger } from "../../errors.js";
import {
  type Interval,
  type SpectralMoments,
  type SpectralSpread,
  spectralSpread,
  type WsBounds,
  wsBounds,
} from "../bounds.js";
import { largestOf, negated } from "./extremes.js";

/** How far below (tr)²/rank a given tr H² may lie: rounding of sums that were made elsewhere. */
const RANK_TOLERANCE = 1e-8;

/**
 * The Wolkowicz–Styan bounds for a matrix with at most `rank` eigenvalues that are not 0: mean and deviation are those of
 * `rank` numbers that include all of these. Never looser than `wsBounds`.
 *
 * Let t = tr H, q = tr H², μ = t/r, σ² = q/r − μ². Take r eigenvalues, all that are not 0 among them; t and q are their
 * sums too, so that their largest lies in [μ + σ/√(r−1), μ + σ√(r−1)] (Wolkowicz & Styan 1980, Theorem 2.1; both ends
 * are t at r = 1). For r < n some other eigenvalue is 0, so λ_max is the larger of theirs and 0, and both ends are raised
 * to 0 if below. The upper end is attained by μ + σ√(r−1), r − 1 numbers that are equal, and n − r zeros; the lower
 * likewise. Any r numbers with n − r zeros are n numbers with the same sums, for which `wsBounds` holds and is attained:
 * so it can only be looser. The spread: either 0 lies among the r numbers' range, or λ_max − λ_min is |λ| of one of them.
 * @param rank 0 … n, for example `hessianRankBound(net, batch).hessian`
 * @throws ArgumentError as `wsBounds`, for a rank outside 0 … n, and for moments that no matrix of this rank has
 */
export function rankWsBounds(moments: SpectralMoments, rank: number): WsBounds {
  const where = "rankWsBounds";
  const whole = spectralSpread(where, moments);
  const { size } = moments;
  checkRank(where, rank, size);
  const plain = wsBounds(moments);
  if (rank === size) return plain;
  const largest = rankLargest(where, size, whole, rank);
  const smallest = negated(rankLargest(where, size, { ...whole, mean: -whole.mean }, rank));
  const inner = rank === 0 ? 0 : Math.sqrt(Math.max(squaredDeviation(size, whole, rank), 0) / rank);
  const least = rank < 2 ? 0 : rank % 2 === 0 ? 2 * inner : (2 * inner * rank) / Math.sqrt(rank * rank - 1);
  return {
    largest,
    smallest,
    spread: {
      lower: Math.max(plain.spread.lower, least, largest.lower, -smallest.upper),
      upper: Math.min(
        plain.spread.upper,
        Math.max(inner * Math.sqrt(2 * rank), largest.upper, -smallest.lower),
      ),
    },
  };
}

export function checkRank(where: string, rank: number, size: number): void {
  if (requireInteger(where, "rank", rank, 0) <= size) return;
  throw new ArgumentError({ where, expected: `rank ≤ n = ${size}`, got: describe(rank) });
}

/** The bounds on λ_max alone, from mean and deviation of all n ≥ 1 eigenvalues. */
export function rankLargest(where: string, size: number, whole: SpectralSpread, rank: number): Interval {
  const plain = largestOf(size, whole);
  if (rank === size) return plain;
  const square = size * (whole.deviation * whole.deviation + whole.mean * whole.mean);
  const squares = rank === 0 ? -square : squaredDeviation(size, whole, rank);
  if (squares < -RANK_TOLERANCE * square) {
    throw new ArgumentError({
      where,
      expected: `moments of a symmetric matrix of rank at most ${rank}`,
      got: `tr² = ${whole.mean * size * (whole.mean * size)} beyond rank · tr H² = ${rank * square}`,
      next: "the rank is larger",
    });
  }
  if (rank === 0) return { lower: 0, upper: 0 };
  const deviation = Math.sqrt(Math.max(squares, 0) / rank);
  const inner = largestOf(rank, { mean: (whole.mean * size) / rank, deviation });
  // Both are bounds: taking the better one only undoes rounding.
  return {
    lower: Math.max(plain.lower, inner.lower, 0),
    upper: Math.min(plain.upper, Math.max(inner.upper, 0)),
  };
}

/** Σ (λ − t/r)² over r numbers, from the one over all n, where n − r are 0: ns² − t²(1/r − 1/n). */
function squaredDeviation(size: number, { mean, deviation }: SpectralSpread, rank: number): number {
  return size * (deviation * deviation - (mean * mean * (size - rank)) / rank);
}
