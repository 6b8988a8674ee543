import { orthogonalize } from "../orthogonalize.js";
import { normalize } from "../vectors.js";
import { type Krylov, type RitzPairs, ritzVector } from "./krylov.js";

/** How many pairs are wanted at either end of the spectrum. */
export interface Wanted {
  readonly low: number;
  readonly high: number;
}

/** Approximate eigenpairs, ascending, with orthonormal vectors. */
export interface KnownPairs {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
}

/**
 * The outermost pairs of those known and the Ritz pairs with residuals up to `accepted`: all of them while there are too
 * few, otherwise `wanted.low` from below and `wanted.high` from above.
 */
export function mergeRitzPairs(
  known: KnownPairs,
  krylov: Krylov,
  ritz: RitzPairs,
  { low, high }: Wanted,
  accepted: number,
): KnownPairs {
  const candidates = known.values.map((value, i) => ({ value, vector: known.vectors[i], ritz: -1 }));
  ritz.values.forEach((value, i) => {
    if (ritz.residuals[i] <= accepted) candidates.push({ value, vector: new Float64Array(0), ritz: i });
  });
  candidates.sort((a, b) => a.value - b.value);
  const excess = Math.max(0, candidates.length - low - high);
  candidates.splice(low, excess);

  // Known vectors stay as they are; new ones are orthogonal to them but for rounding, which is removed.
  const fixed = candidates.filter(({ ritz: i }) => i < 0).map(({ vector }) => vector);
  for (const candidate of candidates) {
    if (candidate.ritz < 0) continue;
    const vector = new Float64Array(krylov.size);
    ritzVector(krylov, ritz, candidate.ritz, vector);
    normalize(vector, orthogonalize(vector, fixed, [], 0));
    fixed.push(vector);
    candidate.vector = vector;
  }
  return {
    values: candidates.map(({ value }) => value),
    vectors: candidates.map(({ vector }) => vector),
  };
}
