import { type LinearOperator, lanczos } from "flatward";
import type { IterationStatus } from "flatward/linalg";
import { LabError } from "../../errors.js";

/** An eigenvalue by Lanczos. */
export interface LanczosValue {
  readonly value: number;
  /** ‖Hv − λv‖: there is an eigenvalue this near. */
  readonly residual: number;
}

/** The largest eigenvalue alone. */
export interface Largest {
  readonly largest: LanczosValue;
  readonly status: IterationStatus;
}

/** The outermost eigenvalues at either end, each from outside inwards. */
export interface Extremes {
  readonly largest: readonly LanczosValue[];
  readonly smallest: readonly LanczosValue[];
  readonly products: number;
  readonly status: IterationStatus;
}

/**
 * `top` eigenvalues at either end of a symmetric operator.
 * @throws FlatwardError; LabError "data" when the search gave none
 */
export function extremesOf(operator: LinearOperator, top: number, seed: number): Extremes {
  const k = Math.min(top, operator.size);
  const { values, residuals, products, status } = lanczos(operator, { k, which: "both", seed });
  const found = Array.from(values, (value, i) => ({ value, residual: residuals[i] }));
  // A search that was cut short may have found less; then it is not known of which end.
  const count = found.length >= Math.min(2 * k, operator.size) ? k : Math.floor(found.length / 2);
  if (count === 0)
    throw new LabError("data", "Lanczos found no eigenvalue in 10000 steps; choose another --seed");
  return {
    largest: found.slice(-count).reverse(),
    smallest: found.slice(0, count),
    products,
    status,
  };
}

/** λ_max of a symmetric operator. @throws FlatwardError */
export function largestOf(operator: LinearOperator, seed: number): Largest {
  const { values, residuals, status } = lanczos(operator, { seed });
  return { largest: { value: values[0], residual: residuals[0] }, status };
}
