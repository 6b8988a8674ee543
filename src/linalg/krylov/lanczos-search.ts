import type { RandomStream } from "../../random.js";
import { isAbsent } from "../absence.js";
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
export type SearchEnd = "converged" | "closed" | "complete" | "absent" | "capped" | "non-finite";

export interface Search {
  readonly end: SearchEnd;
  readonly ritz: RitzPairs | undefined;
}

/**
 * Steps between looks at the Ritz values. In a cluster narrower than the tolerance every residual is small at once; these
 * steps find its ends.
 */
const STRIDE = 8;

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
  // The subdiagonal of the tridiagonal matrix, until there is a restart.
  let couplings: number[] | undefined = [];
  fillNormal(krylov.rows[0], stream);
  startKrylov(krylov, locked);

  while (products.count < limit) {
    if (!expandKrylov(krylov, products, locked)) {
      return { end: "non-finite", ritz: krylov.dimension > 0 ? ritzPairs(krylov) : undefined };
    }
    const m = krylov.dimension;
    couplings?.push(krylov.coupling);
    const closed = krylov.coupling <= ROUNDING * products.largest;
    const capped = products.count >= limit;
    if (!closed && !capped && m < capacity && m % STRIDE !== 0) continue;

    const ritz = ritzPairs(krylov);
    if (m === complement) return { end: "complete", ritz };
    if (closed) return { end: "closed", ritz };
    if (goal.low + goal.high <= m && endsConverged(ritz, goal, tolerance * products.largest))
      return { end: "converged", ritz };
    if (couplings && goal.beyond && isAbsent(ritz.values, couplings, goal, complement)) {
      return { end: "absent", ritz };
    }
    if (capped) return { end: "capped", ritz };
    if (m === capacity) {
      restartKrylov(krylov, ritz, keptEnds(goal, capacity));
      couplings = undefined;
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
