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
    const row = targets.subarray(i * outputs, (i + 1) * outputs);
    of[i] = row.indexOf(Math.max(...row));
    const isClass = row.every((target, k) => target === (k === of[i] ? 1 : 0));
    if (name !== "softmax-cross-entropy" && !isClass) return undefined;
  }
  return { of, count: outputs };
}
