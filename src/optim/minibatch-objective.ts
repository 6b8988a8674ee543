import { inMaker, requireFunction } from "../errors.js";
import { batchesFor, type MinibatchOptions } from "./minibatches.js";
import { type Objective, requireObjective } from "./objective.js";

/**
 * A stochastic objective: each step sees the next `batchSize` samples of a shuffle that is drawn anew every epoch, those
 * of `minibatches`. Which samples step t sees depends on the seed and t alone, so a run can be taken up at any step.
 * It knows H·v where the objectives that it is made of do.
 * An objective of samples that has a `beginStep` of its own is told the step too.
 * @param objectiveOn makes the objective of the samples with these indices
 * @throws ArgumentError
 */
export function minibatchObjective(
  options: MinibatchOptions,
  objectiveOn: (samples: Int32Array) => Objective,
): Objective {
  return inMaker("minibatchObjective", () => {
    const batches = batchesFor(options);
    const next = "(samples) => lossObjective(net, selectSamples(batch, samples)) is one";
    requireFunction("objectiveOn", objectiveOn, next);
    let current: Objective;

    const beginStep = (step: number): void => {
      current = objectiveOn(batches.at(step));
      requireObjective(current);
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
        hessianVectorProduct: (theta: Float64Array, v: Float64Array) =>
          current.hessianVectorProduct!(theta, v),
      }),
    };
  });
}
