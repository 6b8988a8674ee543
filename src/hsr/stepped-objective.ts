import { type Batch, selectSamples } from "../nn/batch.js";
import { minibatchObjective } from "../optim/minibatches.js";
import type { Objective } from "../optim/objective.js";

/** What is carried from one step to the next: the objective's state. */
export interface StepMemory {
  /** @throws ArgumentError for a step that does not follow */
  beginStep(step: number): void;
  state(): unknown;
  /** @throws ArgumentError unless it is a state of such a run */
  restore(state: unknown): void;
}

export interface SteppedOptions {
  /** Samples in all. */
  readonly count: number;
  /** Of a step; undefined for all. */
  readonly batchSize: number | undefined;
  readonly seed: number;
  /** None where nothing depends on earlier steps. */
  readonly memory: StepMemory | undefined;
}

/** An objective of all samples, or of each step's mini-batch, that carries a memory through its steps. */
export function steppedObjective(
  batch: Batch,
  { count, batchSize, seed, memory }: SteppedOptions,
  onSamples: (part: Batch) => Objective,
): Objective {
  const objective =
    batchSize === undefined
      ? onSamples(batch)
      : minibatchObjective({ count, batchSize, seed }, (samples) => onSamples(selectSamples(batch, samples)));
  if (memory === undefined) return objective;
  return {
    ...objective,
    beginStep(step) {
      memory.beginStep(step);
      objective.beginStep?.(step);
    },
    state: () => memory.state(),
    restore: (state) => memory.restore(state),
  };
}
