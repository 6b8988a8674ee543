import { inFunction, requireInteger } from "../../errors.js";
import type { Network } from "../../nn/network.js";
import type { Estimator } from "../sampling/sampling.js";
import { gradientsOfPenalty, gradientsOfVectors } from "./cost-model.js";
import { type BoundMethod, type CheckedHsrOptions, checkHsrOptions, type HsrOptions } from "./hsr-options.js";

/** Where the weight grows until the clip stops it, a clip of 1 could hold the loss where it is. */
const TARGETED_CLIP = 0.5;

/** A direction is held for at least so many steps. */
const SHORTEST = 10;

/** Samples that ∇B is computed from at least, and how many gradients more than these may add to a step. */
const FEWEST = 8;
const MORE = 0.5;

/** What `hsrObjective` does where its options leave it open. */
export interface HsrSettings {
  /** Steps for which ∇B is held, ≥ 1. */
  readonly every: number;
  /** Samples of a step that ∇B comes from; by "estimate", random vectors. */
  readonly samples: number | "all";
  /** Undefined where moments are estimated from random vectors. */
  readonly estimator: Estimator | undefined;
  /** Lengths of ∇L that strength · ∇B is cut to. */
  readonly clip: number | "none";
  /** What a step takes in gradients of its loss, by count: 1, and its share of ∇B. */
  readonly gradients: number;
}

/**
 * What `hsrObjective` does with these options on `count` samples, and how many gradients of the loss a step of it takes as
 * long as, by a count of multiply-adds. ∇B comes from 8 samples, or from 16, 32, … where these add at most half a gradient
 * to a step. It is held for as many steps as it takes gradients, and for 10 at least, so that a step takes about two, as
 * SAM's, or less.
 * @param count samples, N ≥ 1 @throws ArgumentError as `hsrObjective`
 * @example
 * import { threeLayerNet } from "flatward";
 * import { hsrSettings } from "flatward/hsr";
 * const net = threeLayerNet({ inputs: 64, hidden: 32, outputs: 10 });
 * const { every, samples, clip } = hsrSettings(net, 1347, { strength: 0.05, batchSize: 64 });
 * console.log(every, samples, clip); // → 10 8 1
 * const wide = threeLayerNet({ inputs: 784, hidden: 32, outputs: 10 });
 * console.log(hsrSettings(wide, 60000, { strength: 0.05, batchSize: 64 }).samples); // → 32
 */
export function hsrSettings(net: Network, count: number, options: HsrOptions): HsrSettings {
  return inFunction("hsrSettings", () => {
    const checked = checkHsrOptions(net, options);
    const { every, clip, bound, gradients } = settled(net, requireInteger("count", count, 1), checked);
    const estimator = bound.method === "closed-form" ? bound.estimator : undefined;
    return { every, samples: bound.samples, estimator, clip, gradients };
  });
}

/** Options that are complete. */
export interface SettledHsrOptions extends CheckedHsrOptions {
  readonly bound: BoundMethod<number | "all">;
  readonly every: number;
  readonly clip: number | "none";
  readonly gradients: number;
}

/** @param count samples of all steps */
export function settled(net: Network, count: number, checked: CheckedHsrOptions): SettledHsrOptions {
  const { form, period, batchSize = count, targetSharpness } = checked;
  const ofStep = Math.min(batchSize, count);
  const gradientsOf = (samples: number) => gradientsOfPenalty(net, ofStep, Math.min(samples, ofStep));
  const bound = withSamples(checked.bound, () => {
    const most = MORE * (checked.every ?? SHORTEST);
    let samples = FEWEST;
    while (2 * samples <= ofStep && gradientsOf(2 * samples) <= most) samples *= 2;
    return samples;
  });
  const penalty =
    bound.method === "estimate"
      ? gradientsOfVectors(bound.samples)
      : gradientsOf(bound.samples === "all" ? ofStep : bound.samples);
  const alternates = form === "alternating";
  const every = checked.every ?? (alternates ? 1 : Math.max(SHORTEST, Math.ceil(penalty)));
  const exact = every === 1 && bound.samples === "all";
  return {
    ...checked,
    bound,
    every,
    clip:
      checked.clip ??
      (exact || form !== "added" ? "none" : targetSharpness === undefined ? 1 : TARGETED_CLIP),
    gradients: alternates ? (period - 1 + penalty) / period : 1 + penalty / every,
  };
}

function withSamples(bound: CheckedHsrOptions["bound"], byDefault: () => number): SettledHsrOptions["bound"] {
  if (bound.method === "estimate") return bound;
  return { ...bound, samples: bound.samples ?? byDefault() };
}
