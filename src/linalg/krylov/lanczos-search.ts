import type { RandomStream } from "../../random.js";
import { fillNormal } from "../vectors.js";
import {
  expandKrylov,
  type Krylov,
  type RitzPairs,
  ROUNDING,
  restartKrylov,
  ritzPairs,
  startKrylov,
} from "./krylov.js";
import type { Products } from "./products.js";

/** What to look for in the orthogonal complement of the pairs that are known. */
export interface Goal {
  /** Pairs wanted at the lower end. */
  readonly low: number;
  /** Pairs wanted at the upper end. */
  readonly high: number;
  /** When verifying: whether the complement has eigenvalues below `lower`, or above `upper`. */
  readonly beyond: { readonly lower: number; readonly upper: number } | undefined;
}

/**
 * Why a search ended: the pairs wanted have converged; the Krylov space closed, and all its Ritz pairs are eigenpairs;
 * it is the whole complement; there is nothing beyond the bounds; the products ran out; one was not finite.
 */
type SearchEnd = "converged" | "closed" | "complete" | "nothing-beyond" | "capped" | "non-finite";

interface Search {
  readonly end: SearchEnd;
  readonly ritz: RitzPairs | undefined;
}

/**
 * Steps between looks at the Ritz values. In a cluster narrower than the tolerance every residual is small at once; these
 * steps find its ends.
 */
const STRIDE = 8;

/** The probability, about, that a random start vector has too little of an eigenvector for it to be noticed. */
const RISK = 1e-8;

/** Relative to the eigenvalues: a difference below this may have lost most of its digits. */
const NEAR = 1e-10;

/**
 * Lanczos with thick restarts from a fresh random vector, in the orthogonal complement of `locked`.
 * @param tolerance for residuals, relative to the largest ‖Av‖ @param limit on products.count
 */
export function search(
  krylov: Krylov,
  products: Products,
  locked: readonly Float64Array[],
  goal: Goal,
  stream: RandomStream,
  tolerance: number,
  limit: number,
): Search {
  const complement = krylov.size - locked.length;
  const capacity = Math.min(krylov.capacity, complement);
  const part: StartPart = { couplings: [], kept: [], logUpper: 0, logLower: 0 };
  fillNormal(krylov.rows[0], stream);
  startKrylov(krylov, locked);

  while (products.count < limit) {
    if (!expandKrylov(krylov, products, locked)) {
      return { end: "non-finite", ritz: krylov.dimension > 0 ? ritzPairs(krylov) : undefined };
    }
    const m = krylov.dimension;
    part.couplings.push(krylov.coupling);
    const closed = krylov.coupling <= ROUNDING * products.largest;
    const capped = products.count >= limit;
    if (!closed && !capped && m < capacity && m % STRIDE !== 0) continue;

    const ritz = ritzPairs(krylov);
    if (m === complement) return { end: "complete", ritz };
    if (closed) return { end: "closed", ritz };
    if (goal.low + goal.high <= m && endsConverged(ritz, goal, tolerance * products.largest))
      return { end: "converged", ritz };
    if (excludesBeyond(ritz.values, part, goal, complement)) return { end: "nothing-beyond", ritz };
    if (capped) return { end: "capped", ritz };
    if (m === capacity) {
      const kept = keptEnds(goal, capacity);
      restartKrylov(krylov, ritz, kept);
      restartPart(part, ritz.values, kept, goal);
    }
  }
  return { end: "capped", ritz: undefined };
}

function endsConverged({ residuals }: RitzPairs, { low, high }: Goal, small: number): boolean {
  const m = residuals.length;
  for (let i = 0; i < low; i++) if (residuals[i] > small) return false;
  for (let i = m - high; i < m; i++) if (residuals[i] > small) return false;
  return true;
}

/** Indices of the Ritz pairs to keep: those wanted, and half of the room that is left, beside them. */
function keptEnds({ low, high }: Goal, capacity: number): number[] {
  const extra = Math.floor((capacity - low - high) / 2);
  const share = low === 0 ? 0 : high === 0 ? extra : Math.floor(extra / 2);
  const bottom = low + share;
  const top = high === 0 ? 0 : high + extra - share;
  return Array.from({ length: bottom + top }, (_, i) => (i < bottom ? i : capacity - bottom - top + i));
}

/**
 * What a search knows of the part that an eigenvector q, of an eigenvalue λ beyond a bound, has in its start vector v₁.
 * (λ − T) Vᵀq = β_m (vᵀq) e_m with the projected matrix T and the next basis vector v. From one restart to the next T has
 * the kept Ritz values θ′ on its diagonal, and behind them a path of couplings that begins at the row of the vector u
 * which was next then; so that by Cramer's rule
 *
 *   |uᵀq| = |vᵀq| · Π β_j · Π (λ − θ′_i) / Π (λ − θ_i),
 *
 * and |v₁ᵀq| is |vᵀq| times the product of that over all restarts. It decreases in λ: by Cauchy's interlacing, the θ′ are
 * below as many θ.
 */
export interface StartPart {
  /** Since the last restart: the β, and the θ′ that were kept. */
  couplings: number[];
  kept: readonly number[];
  /** The logarithms of the product up to the last restart, at either bound. */
  logUpper: number;
  logLower: number;
}

/**
 * Whether Lanczos proves that there is no eigenvalue at or beyond bounds outside of its Ritz values: a random vector of
 * length 1 in d dimensions has a part below RISK/√d of a given direction with a probability below RISK. Compare
 * Kuczyński & Woźniakowski 1992.
 * @param values the Ritz values θ, ascending
 */
export function excludesBeyond(
  values: Float64Array,
  part: StartPart,
  { low, high, beyond }: Goal,
  dimension: number,
): boolean {
  if (beyond === undefined) return false;
  const limit = Math.log(RISK) - 0.5 * Math.log(dimension);
  return (
    (high === 0 || part.logUpper + logFactor(values, part, beyond.upper, 1) < limit) &&
    (low === 0 || part.logLower + logFactor(values, part, beyond.lower, -1) < limit)
  );
}

/** Goes on beyond a restart that keeps those of the Ritz values. */
export function restartPart(
  part: StartPart,
  values: Float64Array,
  kept: readonly number[],
  { beyond }: Goal,
): void {
  if (beyond) {
    part.logUpper += logFactor(values, part, beyond.upper, 1);
    part.logLower += logFactor(values, part, beyond.lower, -1);
  }
  part.couplings = [];
  part.kept = kept.map((i) => values[i]);
}

/**
 * The logarithm of one restart's factor; ∞ where the bound is inside the Ritz values, or too near to one to tell by how
 * much.
 */
function logFactor(
  values: Float64Array,
  { couplings, kept }: StartPart,
  bound: number,
  sign: number,
): number {
  const near = NEAR * Math.max(Math.abs(bound), Math.abs(values[0]), Math.abs(values[values.length - 1]));
  let sum = 0;
  for (const value of values) {
    const gap = sign * (bound - value);
    if (!(gap > near)) return Number.POSITIVE_INFINITY;
    sum -= Math.log(gap);
  }
  for (const coupling of couplings) sum += Math.log(coupling);
  for (const value of kept) sum += Math.log(sign * (bound - value));
  return sum;
}
