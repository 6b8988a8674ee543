import { NonFiniteError, requireFew, requireInteger } from "../../errors.js";
import { type Complete, optionsOf } from "../../options.js";
import { norm } from "../../tensor/reduce.js";
import { type LinearOperator, requireOperator } from "../operator.js";

/** A mean of independent samples, and how far it may be off. */
export interface SampleMean {
  readonly value: number;
  /** √(Σ(x − mean)² / (m(m − 1))). */
  readonly standardError: number;
}

/** @param samples (m), m ≥ 2; overwritten @throws NonFiniteError where they overflow */
export function sampleMean(samples: Float64Array): SampleMean {
  const m = samples.length;
  // Of a diagonal matrix all samples are one number: the mean is that, and does not err.
  if (samples.every((sample) => sample === samples[0]) && Number.isFinite(samples[0]))
    return { value: samples[0], standardError: 0 };
  let value = 0;
  for (let i = 0; i < m; i++) value += samples[i] / m;
  for (let i = 0; i < m; i++) samples[i] -= value;
  const standardError = norm(samples) / Math.sqrt(m * (m - 1));
  if (Number.isFinite(value) && Number.isFinite(standardError)) return { value, standardError };
  throw new NonFiniteError({
    expected: "a finite mean of samples",
    got: `${value} ± ${standardError}`,
    next: "scale the operator down",
  });
}

/** How many random vectors an estimate takes, and their seed. */
export interface EstimateOptions {
  /** Random vectors, one product each, ≥ 2. Default 100. */
  readonly samples?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

/** The options of an estimate, checked. @throws ArgumentError, ShapeError for 2³¹ samples or more */
export function estimateOptions(
  operator: LinearOperator,
  options: EstimateOptions | null | undefined,
): Complete<EstimateOptions> {
  requireOperator("operator", operator);
  const { samples = 100, seed = 0 } = optionsOf(options, ["samples", "seed"]);
  requireFew("samples", requireInteger("samples", samples, 2, "one sample has no standard error"));
  requireInteger("seed", seed, 0);
  return { samples, seed };
}
