import { requireInteger } from "../errors.js";
import { requireOperator } from "./check-operator.js";
import type { LinearOperator } from "./operator.js";

export interface EstimateOptions {
  /** Random vectors, one product each, ≥ 2. Default 100. */
  readonly samples?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** The options of an estimate, checked. */
export function estimateOptions(
  operator: LinearOperator,
  options: EstimateOptions | null | undefined,
): Required<EstimateOptions> {
  requireOperator("operator", operator);
  const { samples = 100, seed = 0 } = options ?? {};
  requireInteger("samples", samples, 2, "one sample has no standard error");
  requireInteger("seed", seed, 0);
  return { samples, seed };
}
