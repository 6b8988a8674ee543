import type { StableInterval } from "./stable-curvature.js";

/** The effective curvature μ of an eigenvalue λ. */
export interface Substitution {
  /** A polynomial in λ, monotone between neighbouring breaks, and beyond them. */
  mu(lambda: number): number;
  /** Where it turns, and its zeros, ascending; −Infinity where that is no number. */
  readonly breaks: readonly number[];
}

/** μ = λ. */
export const plain: Substitution = { mu: (lambda) => lambda, breaks: [0] };

/** μ = λ(1 + ρλ/scale): USAM, and the penalty; SAM with the gradient's norm for the scale. */
export const oneStep = (radius: number, scale = 1): Substitution => ({
  // λ/scale first: ρ/scale may overflow where the product with a small λ does not.
  mu: (lambda) => lambda * (1 + radius * (lambda / scale)),
  breaks: [-scale / radius, -scale / radius / 2, 0],
});

/** μ = λ(1 + ρλ)². */
export const twoSteps = (radius: number): Substitution => ({
  mu(lambda) {
    const stretch = 1 + radius * lambda;
    return lambda * stretch * stretch;
  },
  breaks: [-1 / radius, -1 / radius / 3, 0],
});

/** μ = λ(1 + ρλ²). */
export const alongCurvature = (radius: number): Substitution => {
  const root = Math.sqrt(radius);
  return {
    mu(lambda) {
      const t = root * lambda;
      return lambda * (1 + t * t);
    },
    breaks: [0],
  };
};

/**
 * All eigenvalues whose effective curvature lies in [lower, upper], as disjoint intervals of finite numbers, ascending.
 * Edges are exact but for the rounding of μ: found by bisection on every monotone piece, down to neighbouring numbers.
 */
export function eigenvaluesOf(
  { mu, breaks }: Substitution,
  { lower, upper }: StableInterval,
): StableInterval[] {
  if (!(lower <= upper)) return [];
  const ends = [-Number.MAX_VALUE, ...breaks.filter(Number.isFinite), Number.MAX_VALUE];
  const found: { lower: number; upper: number }[] = [];
  for (let i = 1; i < ends.length; i++) {
    const piece = onPiece(mu, ends[i - 1], ends[i], lower, upper);
    if (piece === undefined) continue;
    const last = found.at(-1);
    if (last !== undefined && piece[0] <= last.upper) last.upper = piece[1];
    else found.push({ lower: piece[0], upper: piece[1] });
  }
  // + 0 makes −0 a plain 0.
  return found.map((interval) => ({ lower: interval.lower + 0, upper: interval.upper + 0 }));
}

/** Where low ≤ μ ≤ high on [a, b], on which μ is monotone. */
function onPiece(
  mu: Substitution["mu"],
  a: number,
  b: number,
  low: number,
  high: number,
): [number, number] | undefined {
  const [bottom, top] = mu(a) <= mu(b) ? [a, b] : [b, a];
  if (mu(top) < low || mu(bottom) > high) return undefined;
  const first = lastWhere((lambda) => mu(lambda) >= low, top, bottom);
  const last = lastWhere((lambda) => mu(lambda) <= high, bottom, top);
  return [Math.min(first, last), Math.max(first, last)];
}

/** The last number on the way from `from`, where a condition holds, to `to`, at which it still does. */
function lastWhere(holds: (lambda: number) => boolean, from: number, to: number): number {
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
