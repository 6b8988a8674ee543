import { ArgumentError, describe, requireInteger, requireOneOf } from "../../errors.js";
import type { Route } from "../contraction/route.js";
import type { PairScales } from "../contraction/tile-contraction.js";
import type { SampleDraw } from "./sample-draws.js";

/**
 * What moments of a batch are of: "plain" of that batch itself; "unbiased" are estimates of those of the population that
 * it was drawn from, each sample at most once.
 */
export type Estimator = "plain" | "unbiased";

const estimators: readonly Estimator[] = ["plain", "unbiased"];

/** The names of what follows. */
export const samplingOptions = ["estimator", "population"] as const;

/** What the moments of a mini-batch stand for: the batch, or the data that it was drawn from. */
export interface SamplingOptions {
  /** Default "plain". */
  readonly estimator?: Estimator | undefined;
  /** Of "unbiased" alone: how many samples the batch was drawn from, N ≥ b. */
  readonly population?: number | undefined;
}

/**
 * The scales of pairs that make sums over a batch of b estimate those over N samples; undefined for "plain". With the
 * plain weights 1/b, two different samples count (N−1)/(N b (b−1)) and one with itself 1/(N b).
 * @throws ArgumentError for an unknown estimator, b < 2, a population that is missing, below b, or not asked for, or a
 * route that sums no pairs
 */
export function pairScales(
  { estimator, population, route }: SamplingOptions & { readonly route?: Route | undefined },
  count: number,
): PairScales | undefined {
  if (checkEstimator(estimator, route) === "plain") {
    if (population === undefined) return undefined;
    throw new ArgumentError({
      expected: 'no population with estimator "plain"',
      got: describe(population),
      next: 'it belongs to estimator: "unbiased"',
    });
  }
  return unbiasedScales(count, population);
}

/** Default "plain". @throws ArgumentError for an unknown estimator, or a route that sums no pairs */
export function checkEstimator(estimator: Estimator = "plain", route?: Route): Estimator {
  requireOneOf("estimator", estimator, estimators);
  if (estimator === "plain" || route !== "blocks") return estimator;
  throw new ArgumentError({
    expected: 'route "auto" or "gram" with estimator "unbiased"',
    got: describe(route),
    next: "it tells pairs of different samples from others, and blocks have no pairs",
  });
}

/** Default "all". @throws ArgumentError unless it is that, or an integer ≥ 2 */
export function checkSamples(samples: number | "all" = "all"): number | "all" {
  return samples === "all" ? samples : requireInteger("samples", samples, 2, 'or "all"');
}

/** @throws ArgumentError unless every mini-batch of an epoch has two samples, or is all of them */
export function refuseSingleSamples(count: number, batchSize = count): void {
  if (count >= 2 && batchSize >= 2 && (batchSize >= count || count % batchSize !== 1)) return;
  throw new ArgumentError({
    expected: "mini-batches of at least 2 samples",
    got: `one of 1, with ${count} samples and batchSize ${batchSize}`,
    next: "it compares samples with each other: choose a batchSize that leaves no single one",
  });
}

/**
 * The same for sums over those samples of the batch that `drawEach` drew, each with the inverse of its probability as a
 * weight: a pair of different samples has the product of these, a sample with itself only its own.
 */
export function drawnScales({ apart, self }: PairScales, { samples, scales }: SampleDraw): PairScales {
  return { apart, self: scales.map((scale, at) => (scale > 0 ? self[samples[at]] / scale : 0)) };
}

/** @throws ArgumentError unless 2 ≤ b ≤ N */
export function unbiasedScales(count: number, population: number | undefined): PairScales {
  if (count < 2) {
    throw new ArgumentError({
      expected: 'a batch of at least 2 samples with estimator "unbiased"',
      got: `${count}`,
      next: "it compares samples with each other",
    });
  }
  const next = `how many samples this batch of ${count} was drawn from`;
  const all = requireInteger("population", population, count, next);
  return {
    apart: (count * (all - 1)) / (all * (count - 1)),
    self: new Float64Array(count).fill(count / all),
  };
}
