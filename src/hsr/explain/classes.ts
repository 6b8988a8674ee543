import type { PreparedBatch } from "../../nn/batch.js";
import type { NetworkShape } from "../../nn/layout.js";
import { loss as lossOf } from "../../nn/losses.js";

/** The class of every sample, and how many there are. */
export interface Classes {
  readonly of: Int32Array;
  readonly count: number;
}

/**
 * The largest target of a softmax's samples, the first of equal ones, and of other losses the one that is 1 where the
 * others are 0, or with one output of a sigmoid the target itself; undefined where targets are no classes.
 */
export function classesOf(
  { loss, outputs }: NetworkShape,
  { targets, count }: PreparedBatch,
): Classes | undefined {
  const { name } = lossOf(loss);
  const of = new Int32Array(count);
  if (outputs === 1) {
    if (name !== "sigmoid-cross-entropy" || targets.some((target) => target !== 0 && target !== 1))
      return undefined;
    return { of: of.map((_, i) => targets[i]), count: 2 };
  }
  for (let i = 0; i < count; i++) {
    const row = i * outputs;
    let largest = 0;
    let sizes = 0;
    for (let k = 0; k < outputs; k++) {
      if (targets[row + k] > targets[row + largest]) largest = k;
      sizes += Math.abs(targets[row + k]);
    }
    if (name !== "softmax-cross-entropy" && !(targets[row + largest] === 1 && sizes === 1)) return undefined;
    of[i] = largest;
  }
  return { of, count: outputs };
}
