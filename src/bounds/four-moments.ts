import { ArgumentError, inFunction, requireInteger, requireNumber, requireObject } from "../errors.js";
import type { CentralMoments } from "./central-moments.js";
import { type ExtremeBounds, finiteBounds, type Interval, negated } from "./wolkowicz-styan.js";

/** How far below 1 + skewness² a given kurtosis may lie: rounding of sums that were made elsewhere. */
const MOMENT_TOLERANCE = 1e-8;
/** Newton steps; a double root, the slowest case, halves its distance in each. */
const MAX_STEPS = 60;

/**
 * Bounds on λ_max and λ_min from the first four moments of the spectrum; never looser than Wolkowicz–Styan's. In units
 * z = (λ − m)/s, with skewness γ and kurtosis κ:
 *
 * - upper: for orthonormal polynomials p_j of the spectrum, p_0(λ)² + p_1(λ)² + p_2(λ)² ≤ n at each of its n points, since
 *   1/Σ p_j(x)² is the largest mass that a distribution with these moments can have at x (Christoffel function; Akhiezer
 *   1965, The Classical Moment Problem, Theorem 2.5.2). So 1 + z² + (z² − γz − 1)²/(κ − γ² − 1) ≤ n, and the largest root
 *   is the bound; the first two terms alone are Wolkowicz–Styan's. Attained where the others have two values
 * - lower: Σ (λ_max − λ) p(λ)² ≥ 0 for the linear p that vanishes at the smaller node of the two-point Gauss rule leaves
 *   the larger node, z = (γ + √(γ² + 4))/2 (Golub & Meurant 2010, Matrices, Moments and Quadrature, Section 6). Attained
 *   where the spectrum has two values
 *
 * κ − γ² − 1 is raised by 8nεκ, more than its rounding: where it vanishes, the upper bound is loose by about 2e-8·ns.
 * @throws ArgumentError for moments that no n numbers have; NonFiniteError where a bound overflows
 * @example
 * import { centralMoments, fourMomentBounds } from "flatward/bounds";
 * const A = [[5, 0, 0], [0, 1, 0], [0, 0, 1]]; // two values: both ends are attained
 * const { largest } = fourMomentBounds(centralMoments(A));
 * console.log(largest.lower.toFixed(4), largest.upper.toFixed(4)); // → 5.0000 5.0000
 */
export function fourMomentBounds(moments: CentralMoments): ExtremeBounds {
  return inFunction("fourMomentBounds", () => {
    checkCentralMoments(moments);
    const { mean, skewness } = moments;
    return finiteBounds({
      largest: fourMomentLargest(moments),
      smallest: negated(fourMomentLargest({ ...moments, mean: -mean, skewness: -skewness })),
    });
  });
}

export function fourMomentLargest({ size, mean, deviation, skewness, kurtosis }: CentralMoments): Interval {
  if (size === 1 || deviation === 0) return { lower: mean, upper: mean };
  const root = Math.sqrt(skewness * skewness + 4);
  // The form that does not cancel.
  const node = skewness >= 0 ? 0.5 * (skewness + root) : 2 / (root - skewness);
  const gap = Math.max(kurtosis - skewness * skewness - 1, 0) + roundingOf(size, kurtosis);
  const outer = largestRoot(size - 1, skewness, gap, node);
  return { lower: mean + deviation * node, upper: mean + deviation * outer };
}

/** More than rounding has changed the kurtosis, whose small differences from other numbers stand under a root. */
function roundingOf(size: number, kurtosis: number): number {
  return 8 * size * Number.EPSILON * kurtosis;
}

/**
 * The root z ≥ node of gap·(z² − most) + (z² − γz − 1)². Right of the node, the larger zero of z² − γz − 1, it is convex
 * and increasing: Newton's steps from √most come down to it and never pass it.
 */
function largestRoot(most: number, skewness: number, gap: number, node: number): number {
  let z = Math.sqrt(most);
  for (let step = 0; step < MAX_STEPS; step++) {
    const quadratic = z * z - skewness * z - 1;
    const value = gap * (z * z - most) + quadratic * quadratic;
    const slope = 2 * gap * z + 2 * quadratic * (2 * z - skewness);
    const next = z - value / slope;
    if (!(next < z) || next < node) break;
    z = next;
  }
  return z;
}

/**
 * λ_max ≤ m + s√(1 + √((n−1)(κ−1))): Wolkowicz & Styan's bound on the largest eigenvalue of (A − mI)², whose trace is ns²
 * and whose square has the trace ns⁴κ. Never looser than theirs on A, for κ − 1 ≤ (n−2)²/(n−1). Attained where the others
 * all lie at one distance from m. κ − 1 is raised by its rounding: near κ = 1 the bound is loose by about 2e-8·ns.
 */
export function fourthCentralUpper({ size, mean, deviation, kurtosis }: CentralMoments): number {
  if (size === 1) return mean;
  const square = 1 + Math.sqrt((size - 1) * (Math.max(kurtosis - 1, 0) + roundingOf(size, kurtosis)));
  return mean + deviation * Math.sqrt(Math.min(square, size - 1));
}

/** ‖A‖_4 = (tr A⁴)^¼ ≥ |λ| for every eigenvalue: the Schatten norm of order 4. Attained by rank one. */
export function schattenUpper({ size, mean, deviation, skewness, kurtosis }: CentralMoments): number {
  // Divided by the larger of |m| and s, so that fourth powers stay in range.
  const unit = Math.max(Math.abs(mean), deviation);
  if (unit === 0) return 0;
  const m = mean / unit;
  const s = deviation / unit;
  const fourth = m * m * m * m + s * s * (6 * m * m + 4 * m * s * skewness + s * s * kurtosis);
  return unit * Math.sqrt(Math.sqrt(size * Math.max(fourth, 0)));
}

/** @throws ArgumentError unless n ≥ 1 and κ ≥ 1 + γ² (Pearson 1916) */
function checkCentralMoments(moments: CentralMoments): void {
  requireObject("moments", moments, "centralMoments makes them");
  const { size, mean, deviation, skewness, kurtosis } = moments;
  requireInteger("moments.size", size, 1);
  requireNumber("moments.mean", mean);
  requireNumber("moments.deviation", deviation, { atLeast: 0 });
  requireNumber("moments.skewness", skewness);
  requireNumber("moments.kurtosis", kurtosis);
  if (kurtosis >= (1 + skewness * skewness) * (1 - MOMENT_TOLERANCE)) return;
  throw new ArgumentError({
    expected: `moments.kurtosis ≥ 1 + skewness² = ${1 + skewness * skewness}`,
    got: String(kurtosis),
    next: "no numbers have these moments",
  });
}
