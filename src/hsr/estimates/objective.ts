import { requireFinite } from "../../errors.js";
import { curvatureFormOn } from "../../hessian/curvature-form.js";
import { type Products, productsOf } from "../../linalg/krylov/products.js";
import { type Batch, requireBatch } from "../../nn/batch.js";
import { lossOn } from "../../nn/batches.js";
import type { Network } from "../../nn/network.js";
import { derivedObjective, type Objective } from "../../optim/objective.js";
import type { PenalizedLoss, Penalty } from "../../optim/penalized.js";
import { randomStream } from "../../random.js";
import { type MethodOptions, probeOptions } from "./method.js";
import { type ProbeTerms, probeTerms, termsGradient } from "./probes.js";
import type { Statistic } from "./statistics.js";

/** Each costs a step about six products H·v. */
const DEFAULT_SAMPLES = 10;

/**
 * The loss with a penalty that is estimated from probes drawn anew every step: which ones step t sees depends on the seed
 * and t alone. Value and gradient of one step see the same ones.
 * @throws ShapeError, LabelError, NonFiniteError; ArgumentError for bad samples or a bad seed, or a network of the caller's
 * own without `curvatureAt`
 */
export function estimatedObjective(
  net: Network,
  batch: Batch,
  options: MethodOptions,
  statistic: (size: number, terms: ProbeTerms) => Statistic,
  combine: (loss: PenalizedLoss, penalty: Penalty) => Objective,
): Objective {
  requireBatch(batch);
  const { samples, seed } = probeOptions(options, DEFAULT_SAMPLES);
  const draws = randomStream(seed, "hessianProbes");
  const { size } = net;
  const loss = lossOn(net, batch);
  const formAt = curvatureFormOn(net, batch);
  let step = 0;
  const estimated = (hessian: Products) => statistic(size, probeTerms(hessian, samples, draws.stream(step)));
  const hessianAt = (theta: Float64Array) => productsOf({ size, apply: loss.hessianAt(theta) });

  const combined = combine(
    { size, value: (theta) => loss.value(theta), valueAndGradient: (theta) => loss.valueAndGradient(theta) },
    {
      value: (theta) => estimated(hessianAt(theta)).estimate.value,
      valueAndGradient(theta) {
        const hessian = hessianAt(theta);
        const { estimate, ...slopes } = estimated(hessian);
        const gradient = termsGradient(hessian, formAt(theta), draws.stream(step), slopes);
        requireFinite("the penalty's gradient", gradient);
        return { value: estimate.value, gradient };
      },
    },
  );
  return derivedObjective(combined, {
    value: (theta) => combined.value(theta),
    gradient: (theta) => combined.gradient(theta),
    valueAndGradient: (theta) => combined.valueAndGradient(theta),
    beginStep(next) {
      combined.beginStep?.(next);
      step = next;
    },
  });
}
