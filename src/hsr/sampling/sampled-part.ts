import type { FactoredLoss } from "../../hessian/factored.js";
import { reusingScratch } from "../../nn/dense/reuse.js";
import type { RandomStream } from "../../random.js";
import { type Contraction, createContraction } from "../contraction/contraction.js";
import type { PairScales } from "../contraction/tile-contraction.js";
import { drawEach, drawSystematically } from "./sample-draws.js";
import { sampleSizes } from "./sample-sizes.js";
import { drawnScales, type Estimator, unbiasedScales } from "./sampling.js";

export interface PartOptions {
  /** How many samples of the batch are drawn by their curvature. */
  readonly samples: number | "all";
  readonly estimator: Estimator;
  /** Of how many samples the batch itself was drawn, for "unbiased". */
  readonly population: number;
  /** Of the step. */
  readonly draws: () => RandomStream;
}

/** Samples with weights, ready to be summed over. */
export interface Part {
  readonly contraction: Contraction;
  readonly weights: Float64Array;
  /** Of "unbiased". */
  readonly scales: PairScales;
}

/** Hands a part over, of which nothing may be kept. */
export type PartUse = <Result>(use: (part: Part) => Result) => Result;

/** All samples, or those that are drawn where the loss was evaluated last, in memory that later draws use again. */
export function sampledPart(
  loss: FactoredLoss,
  { samples, estimator, population, draws }: PartOptions,
): PartUse {
  const { weights } = loss;
  const count = weights.length;
  const all = estimator === "unbiased" ? unbiasedScales(count, population) : undefined;
  if (samples === "all" || samples >= count) {
    const contraction = createContraction(loss, true);
    return (use) => {
      contraction.renew();
      return use({ contraction, weights, scales: all as PairScales });
    };
  }
  const draw = all ? drawEach : drawSystematically;
  const drawnPart = (): Part => {
    const drawn = draw(sampleSizes(loss), samples, draws());
    const own = drawn.scales.map((scale, at) => scale * weights[drawn.samples[at]]);
    const source = loss.take(drawn.samples, own);
    const scales = all && drawnScales(all, drawn);
    return { contraction: createContraction(source, true), weights: own, scales: scales as PairScales };
  };
  // A network that is no chain runs code of layers, which may be the caller's own.
  const closedForm = loss.finished?.net;
  return (use) => (closedForm ? reusingScratch({ closedForm }, () => use(drawnPart())) : use(drawnPart()));
}
