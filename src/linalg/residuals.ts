import { requireFinite } from "../errors.js";
import { addScaled } from "../tensor/elementwise.js";
import { dot, norm } from "../tensor/reduce.js";
import type { Products } from "./krylov/products.js";

/** Rayleigh quotients and residuals, ascending by value. */
export interface MeasuredPairs {
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
