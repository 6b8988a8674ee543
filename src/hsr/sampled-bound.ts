import { requireFinite } from "../errors.js";
import type { FactoredLoss } from "../hessian/factored.js";
import type { Penalty } from "../optim/penalized.js";
import type { RandomStream } from "../random.js";
import { upperBoundSlopes } from "./bound-slopes.js";
import { type Contraction, createContraction } from "./contraction.js";
import type { HsrMemory } from "./memory.js";
import { evaluateMoments, withDeviation } from "./moments.js";
import type { PairScales } from "./pairs.js";
import type { Route } from "./route.js";
import { drawEach, drawSystematically } from "./sample-draws.js";
import { sampleSizes } from "./sample-sizes.js";
import { evaluateSampledMoments, sampledBoundSlopes, sampledGradient } from "./sampled-moments.js";
import { drawnScales, type Estimator, unbiasedScales } from "./sampling.js";

export interface SampledBoundOptions {
  /** How many samples of the batch are drawn by their curvature. */
  readonly samples: number | "all";
  readonly estimator: Estimator;
  readonly route: Route;
  /** Of how many samples the batch itself was drawn, for "unbiased". */
  readonly population: number;
  /** Of the step. */
  readonly draws: () => RandomStream;
  readonly memory: HsrMemory;
}

/** Samples with weights, ready to be summed over. */
interface Part {
  readonly contraction: Contraction;
  readonly weights: Float64Array;
  /** Of "unbiased". */
  readonly scales: PairScales;
}

/** B with its gradient, which is computed when it is asked for. */
interface Bound {
  readonly value: number;
  gradient(): Float64Array;
}

/**
 * The Wolkowicz–Styan bound of all samples; or from some drawn anew every step, each with the inverse of its probability as
 * a weight; or without the bias of a mini-batch's moments; or both.
 */
export function sampledBoundPenalty(loss: FactoredLoss, options: SampledBoundOptions): Penalty {
  const { estimator, route, memory } = options;
  const part = partOf(loss, options);
  const bound = (differentiate: boolean): Bound => {
    const own = part();
    return estimator === "plain"
      ? plainBound(own.contraction, route, differentiate)
      : unbiasedBound(own, memory, differentiate);
  };
  return {
    value: () => bound(false).value,
    valueAndGradient() {
      const { value, gradient } = bound(true);
      const slope = gradient();
      requireFinite("the penalty's gradient", slope);
      return { value, gradient: slope };
    },
  };
}

/** All samples, or those that are drawn where the loss was evaluated last. */
function partOf(
  loss: FactoredLoss,
  { samples, estimator, population, draws }: SampledBoundOptions,
): () => Part {
  const { weights } = loss;
  const count = weights.length;
  const all = estimator === "unbiased" ? unbiasedScales(count, population) : undefined;
  if (samples === "all" || samples >= count) {
    const contraction = createContraction(loss, true);
    return () => {
      contraction.renew();
      return { contraction, weights, scales: all as PairScales };
    };
  }
  const draw = all ? drawEach : drawSystematically;
  return () => {
    const drawn = draw(sampleSizes(loss), samples, draws());
    const own = drawn.scales.map((scale, at) => scale * weights[drawn.samples[at]]);
    const source = loss.take(drawn.samples, own);
    const scales = all && drawnScales(all, drawn);
    return { contraction: createContraction(source, true), weights: own, scales: scales as PairScales };
  };
}

function plainBound(contraction: Contraction, route: Route, differentiate: boolean): Bound {
  const moments = evaluateMoments(contraction, route, differentiate);
  const slopes = upperBoundSlopes(withDeviation(moments, contraction, differentiate));
  return {
    value: slopes.value,
    gradient() {
      const out = new Float64Array(contraction.size);
      contraction.pullBack(slopes, out);
      return out;
    },
  };
}

function unbiasedBound(
  { contraction, weights, scales }: Part,
  memory: HsrMemory,
  differentiate: boolean,
): Bound {
  const sampled = evaluateSampledMoments(contraction, weights, scales, differentiate);
  const slopes = sampledBoundSlopes({ size: contraction.size, ...memory.meanWith(sampled.moments) });
  return { value: slopes.value, gradient: () => sampledGradient(contraction, sampled, slopes) };
}
