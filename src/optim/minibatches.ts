import { inMaker, requireInteger, requireObject } from "../errors.js";
import { randomStream } from "../random.js";

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
  /** Sample indices of a step's batch, counted from 0 and on through all epochs. They must not be changed. */
  at(step: number): Int32Array;
  /** All batches of an epoch, counted from 0. */
  epoch(epoch: number): Iterable<Int32Array>;
}

/**
 * Shuffled mini-batches. A batch depends on the seed and its step alone, so they can be asked for in any order.
 * @throws ArgumentError; so do `at` and `epoch` for what is no integer ≥ 0
 */
export function minibatches(options: MinibatchOptions): Minibatches {
  return inMaker("minibatches", () => batchesFor(options));
}

/** The same for another function, which errors name. */
export function batchesFor(options: MinibatchOptions): Minibatches {
  requireObject("options", options, "{ count, batchSize, seed }");
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
    return order.subarray(first, first + batchSize);
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
