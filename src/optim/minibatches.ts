import { inMaker, requireFunction, requireInteger } from "../errors.js";
import { requireOptions } from "../options.js";
import { randomStream } from "../random.js";
import { asObjective, type Objective } from "./objective.js";

/** How samples are shared out among mini-batches. */
export interface MinibatchOptions {
  /** Samples in all, N. */
  readonly count: number;
  /** Samples a step, 1 … N; the last batch of an epoch may be smaller. */
  readonly batchSize: number;
  /** Seed of the shuffles. */
  readonly seed: number;
}

/** Which samples are in which mini-batch: every sample once an epoch, in an order that is drawn anew for each. */
export interface Minibatches {
  /** Batches an epoch. */
  readonly perEpoch: number;
  /** Sample indices of a step's batch, counted from 0 and on through all epochs. */
  at(step: number): Int32Array;
  /** All batches of an epoch, counted from 0. */
  epoch(epoch: number): Iterable<Int32Array>;
}

/**
 * Shuffled mini-batches. A batch depends on the seed and its step alone, so they can be asked for in any order.
 * @throws ArgumentError; so do `at` and `epoch` for what is no integer ≥ 0
 * @example
 * import { minibatches } from "flatward/optim";
 * const { at } = minibatches({ count: 10, batchSize: 4, seed: 1 });
 * console.log([0, 1, 2].map((step) => at(step).length)); // → [ 4, 4, 2 ]
 * const epoch = [0, 1, 2].flatMap((step) => Array.from(at(step)));
 * console.log(new Set(epoch).size); // → 10
 */
export function minibatches(options: MinibatchOptions): Minibatches {
  return inMaker("minibatches", () => batchesFor(options));
}

/**
 * A stochastic objective: each step sees the next `batchSize` samples of a shuffle that is drawn anew every epoch, those
 * of `minibatches`. Which samples step t sees depends on the seed and t alone, so a run can be taken up at any step.
 * It knows H·v where the objectives that it is made of do.
 * An objective of samples that has a `beginStep` of its own is told the step too.
 * @param objectiveOn makes the objective of the samples with these indices
 * @throws ArgumentError
 * @example
 * import { lossObjective, minibatchObjective, selectSamples, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const onSamples = (samples) => lossObjective(net, selectSamples(batch, samples));
 * const stochastic = minibatchObjective({ count: 4, batchSize: 2, seed: 1 }, onSamples);
 * const lossOfStep = (step) => (stochastic.beginStep(step), stochastic.value(net.init(1)));
 * const whole = lossObjective(net, batch).value(net.init(1));
 * console.log(Math.abs((lossOfStep(0) + lossOfStep(1)) / 2 - whole) < 1e-14); // → true
 */
export function minibatchObjective(
  options: MinibatchOptions,
  objectiveOn: (samples: Int32Array) => Objective,
): Objective {
  return inMaker("minibatchObjective", () => drawingObjective(options, objectiveOn));
}

/** `minibatchObjective` under the caller's name. */
export function drawingObjective(
  options: MinibatchOptions,
  objectiveOn: (samples: Int32Array) => Objective,
): Objective {
  const batches = batchesFor(options);
  const next = "(samples) => lossObjective(net, selectSamples(batch, samples)) is one";
  requireFunction("objectiveOn", objectiveOn, next);
  let current: Objective;

  const beginStep = (step: number): void => {
    current = asObjective(objectiveOn(batches.at(step)));
    current.beginStep?.(step);
  };
  beginStep(0);

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
    ...(current!.hessianAt && { hessianAt: (theta: Float64Array) => current.hessianAt!(theta) }),
  };
}

/** `minibatches` under the caller's name. */
function batchesFor(options: MinibatchOptions): Minibatches {
  requireOptions(options, ["count", "batchSize", "seed"], "{ count, batchSize, seed }");
  const count = requireInteger("count", options.count, 1);
  const batchSize = Math.min(requireInteger("batchSize", options.batchSize, 1), count);
  const shuffles = randomStream(requireInteger("seed", options.seed, 0), "minibatch");
  const perEpoch = Math.ceil(count / batchSize);
  let drawn = -1;
  let order: Int32Array = new Int32Array(0);

  const at = (step: number): Int32Array => {
    requireInteger("step", step, 0);
    const epoch = Math.floor(step / perEpoch);
    if (epoch !== drawn) {
      order = shuffles.stream(epoch).permutation(count);
      drawn = epoch;
    }
    const first = (step % perEpoch) * batchSize;
    return order.slice(first, first + batchSize);
  };
  return {
    perEpoch,
    at,
    epoch(epoch) {
      requireInteger("epoch", epoch, 0);
      return {
        *[Symbol.iterator]() {
          for (let batch = 0; batch < perEpoch; batch++) yield at(epoch * perEpoch + batch);
        },
      };
    },
  };
}
