import { requireFinite } from "../../errors.js";
import { addScaled } from "../../tensor/elementwise.js";
import { dot, norm } from "../../tensor/reduce.js";
import { normalize, orthogonalize } from "../vectors.js";
import { type Krylov, type RitzPairs, ritzVector } from "./krylov.js";
import type { Products } from "./products.js";

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

/** Rayleigh quotients and residuals, ascending by value. */
interface MeasuredPairs {
  readonly values: Float64Array;
  readonly vectors: readonly Float64Array[];
  readonly residuals: Float64Array;
}

/** One fresh product for each unit vector; those without a finite product are left out. */
export function measurePairs(products: Products, vectors: readonly Float64Array[]): MeasuredPairs {
  const product = new Float64Array(products.size);
  const pairs: { value: number; residual: number; vector: Float64Array }[] = [];
  for (const vector of vectors) {
    if (Number.isNaN(products.multiply(vector, product))) continue;
    const value = dot(vector, product);
    addScaled(product, -value, vector);
    pairs.push({ value, residual: norm(product), vector });
  }
  pairs.sort((a, b) => a.value - b.value);
  const values = Float64Array.from(pairs, ({ value }) => value);
  const residuals = Float64Array.from(pairs, ({ residual }) => residual);
  requireFinite("the residuals", residuals, "scale the operator down");
  return { values, vectors: pairs.map(({ vector }) => vector), residuals };
}
