import fc from "fast-check";
import { inFunction, requireInteger, requireObject } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import type { NetworkShape } from "../nn/layout.js";
import type { LossName } from "../nn/losses.js";
import { type Complete, optionsOf } from "../options.js";
import { exactly, exactRows, hundredths } from "./numbers.js";

/** How many samples a generated batch may have. */
export interface BatchOptions {
  /** Smallest number of samples, ≥ 1. Default 1. */
  readonly minCount?: number | undefined;
  /** Largest number of samples. Default 6. */
  readonly maxCount?: number | undefined;
}

/**
 * Batches that a network admits: features in [−2, 2]; class indices, or targets its loss takes (soft labels, rates,
 * real values); weights none, or each 0 … 2 in quarters, which may all be 0. They shrink to one sample of zeros
 * without weights.
 * @example
 * import fc from "fast-check";
 * import { threeLayerNet } from "flatward";
 * import { batchFor } from "flatward/testing";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * fc.assert(fc.property(batchFor(net, { maxCount: 4 }), ({ x }) => x.length <= 4));
 * console.log("holds"); // → holds
 */
export function batchFor(net: NetworkShape, options: BatchOptions = {}): fc.Arbitrary<Batch> {
  return inFunction("batchFor", () => batchOf(net, optionsOf(options, batchOptions)));
}

export const batchOptions = ["minCount", "maxCount"] as const;

/** `batchFor` under the caller's name. */
export function batchOf(net: NetworkShape, options: BatchOptions): fc.Arbitrary<Batch> {
  requireObject("net", net, "network and sequentialNetwork draw one");
  requireInteger("net.inputs", net.inputs, 1);
  const { minCount, maxCount } = countsOf(options);
  return fc.integer({ min: minCount, max: Math.max(minCount, maxCount) }).chain((count) =>
    fc.record(
      {
        x: exactRows(count, net.inputs, hundredths(2)),
        y: targetsOf(net, count),
        weights: exactly(
          count,
          fc.integer({ min: 0, max: 8 }).map((quarters) => quarters / 4),
        ),
      },
      { requiredKeys: ["x", "y"] },
    ),
  );
}

/** @throws ArgumentError */
export function countsOf({ minCount = 1, maxCount = 6 }: BatchOptions): Complete<BatchOptions> {
  requireInteger("minCount", minCount, 1);
  requireInteger("maxCount", maxCount, 1);
  return { minCount, maxCount };
}

/** The targets of one sample, per loss. A new loss does not compile without its own. */
const targetRows: { readonly [Name in LossName]: (outputs: number) => fc.Arbitrary<number[]> } = {
  "softmax-cross-entropy": (outputs) =>
    exactly(outputs, fc.integer({ min: 1, max: 9 })).map((shares) => {
      const total = shares.reduce((sum, share) => sum + share, 0);
      return shares.map((share) => share / total);
    }),
  "sigmoid-cross-entropy": (outputs) =>
    exactly(
      outputs,
      fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
    ),
  "mean-squared-error": (outputs) => exactly(outputs, hundredths(3)),
  poisson: (outputs) =>
    exactly(
      outputs,
      fc.integer({ min: 0, max: 20 }).map((quarters) => quarters / 4),
    ),
};

/** Class indices, which every loss takes, or rows of targets of a loss that has a name. */
function targetsOf({ loss, outputs }: NetworkShape, count: number): fc.Arbitrary<number[] | number[][]> {
  const indices = exactly(count, fc.integer({ min: 0, max: outputs - 1 }));
  return typeof loss === "string" ? fc.oneof(indices, exactly(count, targetRow(loss, outputs))) : indices;
}

function targetRow(loss: LossName, outputs: number): fc.Arbitrary<number[]> {
  return targetRows[loss](outputs);
}
