import type { StableInterval } from "./stable-curvature.js";

/** The effective curvature μ of an eigenvalue λ: with t = cλ, c > 0, cμ = p(t). */
export interface Substitution {
  /** c. */
  readonly scale: number;
  /** A polynomial with |p(t)| ≥ |t| for |t| ≥ 2. */
  p(t: number): number;
  /** Where p turns, and its zeros, ascending: p is monotone between two of them. */
  readonly breaks: readonly number[];
}

/** μ = λ. */
export const plain: Substitution = { scale: 1, p: (t) => t, breaks: [0] };

/** μ = λ(1 + ρλ): USAM, and the penalty. */
export const oneStep = (radius: number): Substitution => ({
  scale: radius,
  p: (t) => t * (1 + t),
  breaks: [-1, -1 / 2, 0],
});

/** μ = λ(1 + ρλ)². */
export const twoSteps = (radius: number): Substitution => ({
  scale: radius,
  p: (t) => t * (1 + t) * (1 + t),
  breaks: [-1, -1 / 3, 0],
});

/** μ = λ(1 + ρλ²). */
export const alongCurvature = (radius: number): Substitution => ({
  scale: Math.sqrt(radius),
  p: (t) => t * (1 + t * t),
  breaks: [0],
});

/**
 * All eigenvalues whose effective curvature lies in [lower, upper], as disjoint intervals, ascending. Edges are exact but
 * for the rounding of p: found by bisection on every monotone piece, down to neighbouring numbers.
 */
export function eigenvaluesOf(substitution: Substitution, curvature: StableInterval): StableInterval[] {
  const { scale, p, breaks } = substitution;
  const [low, high] = [scale * curvature.lower, scale * curvature.upper];
  if (!(low <= high)) return [];
  // Beyond, |p| exceeds both.
  const far = Math.min(2 + Math.max(Math.abs(low), Math.abs(high)), Number.MAX_VALUE);
  const ends = [-far, ...breaks, far];
  const found: { lower: number; upper: number }[] = [];
  for (let i = 1; i < ends.length; i++) {
    const piece = onPiece(p, ends[i - 1], ends[i], low, high);
    if (piece === undefined) continue;
    const [lower, upper] = piece;
    const last = found.at(-1);
    if (last !== undefined && lower <= last.upper) last.upper = upper;
    else found.push({ lower, upper });
  }
  // + 0 makes −0 a plain 0.
  return found.map(({ lower, upper }) => ({ lower: lower / scale + 0, upper: upper / scale + 0 }));
}

/** Where low ≤ p ≤ high on [a, b], on which p is monotone. */
function onPiece(
  p: (t: number) => number,
  a: number,
  b: number,
  low: number,
  high: number,
): [number, number] | undefined {
  const [bottom, top] = p(a) <= p(b) ? [a, b] : [b, a];
  if (p(top) < low || p(bottom) > high) return undefined;
  const first = lastWhere((t) => p(t) >= low, top, bottom);
  const last = lastWhere((t) => p(t) <= high, bottom, top);
  return [Math.min(first, last), Math.max(first, last)];
}

/** The last number on the way from `from`, where a condition holds, to `to`, at which it still does. */
function lastWhere(holds: (t: number) => boolean, from: number, to: number): number {
  if (holds(to)) return to;
  let [inside, outside] = [from, to];
  for (;;) {
    // Halves first: the sum of two large numbers would overflow.
    const middle = inside / 2 + outside / 2;
    if (!(middle > Math.min(inside, outside) && middle < Math.max(inside, outside))) return inside;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
}
