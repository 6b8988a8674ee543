import { type Batch, lossObjective, minimize, type Network, sgd } from "flatward";
import { weightDecayObjective } from "flatward/regularizers";
import { labelsOf } from "../../data/dataset.js";
import { loadOnce } from "../../data/loaded.js";
import { sourceConfigSchema } from "../../data/sources.js";
import { trainingSchema } from "../../experiment/config.js";
import { networkSchema } from "../../experiment/network/config.js";
import { networkFor } from "../../experiment/network/make.js";
import { type Batches, prepare, sampleRows } from "../../experiment/prepare.js";

/** Of ½‖θ‖² beside the loss: separable data have no minimum without it. */
const L2 = 1e-3;
const LEARNING_RATE = 0.3;

/** Gradient descent on the whole training part. */
const trainings = {
  iris: { hidden: 8, training: { steps: 1500 } },
  digits: { hidden: 16, training: { steps: 600, samples: 300 } },
} as const;

export const settings = { trainings, l2: L2, learningRate: LEARNING_RATE };

type DataName = keyof typeof trainings;
export const dataNames = Object.keys(trainings) as DataName[];

/** A network to be trained, and data of which a seed has drawn the training part. */
export interface Problem extends Batches {
  readonly net: Network;
  readonly steps: number;
  readonly seed: number;
  /** Of the training part, before some were made wrong. */
  readonly labels: Int32Array;
}

/** @param labelNoise share of training labels that are made wrong */
export function problemOf(data: string, seed: number, labelNoise = 0): Problem {
  const { hidden, training: own } = trainings[data as DataName];
  const dataset = loadOnce(sourceConfigSchema.parse({ name: data }));
  const training = trainingSchema.parse({ ...own, labelNoise });
  return {
    net: networkFor(dataset, networkSchema.parse({ hidden })),
    steps: own.steps,
    seed,
    labels: labelsOf(dataset, sampleRows(dataset, { training, seed })),
    ...prepare(dataset, training, seed),
  };
}

/** Parameters after so many steps, ascending, of one training. */
export function trainedAt(
  { net, seed }: Pick<Problem, "net" | "seed">,
  batch: Batch,
  at: readonly number[],
): Float64Array[] {
  const kept: Float64Array[] = [];
  const objective = weightDecayObjective(lossObjective(net, batch), { strength: L2 });
  minimize(objective, net.init(seed), sgd({ learningRate: LEARNING_RATE }), {
    steps: Math.max(...at),
    onStep({ step, theta }) {
      if (at.includes(step)) kept.push(theta);
    },
  });
  return kept;
}
