import { requireFunction, requireInteger, requireObject } from "../errors.js";
import { randomStream } from "../random.js";
import { type Objective, requireObjective } from "./objective.js";

export interface MinibatchOptions {
  /** Samples in all, N. */
  readonly count: number;
  /** Samples a step, 1 … N; the last batch of an epoch may be smaller. */
  readonly batchSize: number;
  /** Seed of the shuffles. */
  readonly seed: number;
}

/**
 * A stochastic objective: each step sees the next `batchSize` samples of a shuffle that is drawn anew every epoch.
 * Which samples step t sees depends on the seed and t alone, so a run can be taken up at any step.
 * It knows H·v where the objectives that it is made of do.
 * An objective of samples that has a `beginStep` of its own is told the step too.
 * @param objectiveOn makes the objective of the samples with these indices
 * @throws ArgumentError
 */
export function minibatchObjective(
  options: MinibatchOptions,
  objectiveOn: (samples: Int32Array) => Objective,
): Objective {
  const where = "minibatchObjective";
  requireObject(where, "options", options, "{ count, batchSize, seed }");
  requireFunction(
    where,
    "objectiveOn",
    objectiveOn,
    "(samples) => lossObjective(net, selectSamples(batch, samples)) is one",
  );
  const count = requireInteger(where, "count", options.count, 1);
  const batchSize = Math.min(requireInteger(where, "batchSize", options.batchSize, 1), count);
  const shuffles = randomStream(requireInteger(where, "seed", options.seed, 0), "minibatch");
  const batchesPerEpoch = Math.ceil(count / batchSize);
  let epochDrawn = -1;
  let order: Int32Array = new Int32Array(0);
  let current: Objective;

  const beginStep = (step: number): void => {
    const epoch = Math.floor(step / batchesPerEpoch);
    if (epoch !== epochDrawn) {
      order = shuffles.stream(epoch).permutation(count);
      epochDrawn = epoch;
    }
    const first = (step % batchesPerEpoch) * batchSize;
    current = objectiveOn(order.subarray(first, Math.min(first + batchSize, count)));
    current.beginStep?.(step);
  };
  beginStep(0);
  requireObjective(where, current!);

  return {
    get size() {
      return current.size;
    },
    value: (theta) => current.value(theta),
    gradient: (theta) => current.gradient(theta),
    valueAndGradient: (theta) => current.valueAndGradient(theta),
    beginStep,
    ...(current!.hessianVectorProduct && {
      hessianVectorProduct: (theta: Float64Array, v: Float64Array) => current.hessianVectorProduct!(theta, v),
    }),
  };
}
