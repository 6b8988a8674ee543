import { NonFiniteError } from "../../errors.js";
import { norm } from "../../tensor/reduce.js";
import { applyOf, type LinearOperator } from "../operator.js";

/** Products of one operator, counted and checked. */
export interface Products {
  readonly size: number;
  /** Products so far. */
  readonly count: number;
  /** The largest ‖Av‖ so far: with unit vectors, a lower bound of ‖A‖₂. */
  readonly largest: number;
  /** The error of the last product that was not finite. */
  readonly failure: NonFiniteError | undefined;
  /** out ← A·v; returns ‖A·v‖, or NaN where the product is not finite, and then `failure` says where. */
  multiply(v: Float64Array, out: Float64Array): number;
  /** As `multiply`. @throws NonFiniteError instead of NaN */
  require(v: Float64Array, out: Float64Array): number;
}

export function productsOf(operator: LinearOperator): Products {
  const apply = applyOf(operator);
  let count = 0;
  let largest = 0;
  let failure: NonFiniteError | undefined;

  const multiply = (v: Float64Array, out: Float64Array): number => {
    count++;
    try {
      apply(v, out);
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      failure = error;
      return Number.NaN;
    }
    const size = norm(out);
    if (Number.isFinite(size)) {
      largest = Math.max(largest, size);
      return size;
    }
    failure = nonFiniteProduct(out, count);
    return Number.NaN;
  };

  return {
    size: operator.size,
    get count() {
      return count;
    },
    get largest() {
      return largest;
    },
    get failure() {
      return failure;
    },
    multiply,
    require(v, out) {
      const size = multiply(v, out);
      if (failure) throw failure;
      return size;
    },
  };
}

function nonFiniteProduct(out: Float64Array, count: number): NonFiniteError {
  const at = out.findIndex((entry) => !Number.isFinite(entry));
  return new NonFiniteError({
    expected: "finite products of the operator",
    got:
      at < 0
        ? `a norm beyond the largest number in product ${count}`
        : `${out[at]} at index ${at} of product ${count}`,
    next: "check the operator for overflow, and that it overwrites all of `out`",
  });
}
