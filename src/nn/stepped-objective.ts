import { ArgumentError, requireInteger } from "../errors.js";
import { drawingObjective } from "../optim/minibatches.js";
import type { Objective } from "../optim/objective.js";
import { heldScratch } from "../tensor/scratch.js";
import { type Batch, selectSamples } from "./batch.js";
import { runsNoUserCode } from "./dense/reuse.js";
import type { Network } from "./network.js";

/** What is carried from one step to the next: the objective's state. */
export interface StepMemory {
  /** @throws ArgumentError for a step that does not follow */
  beginStep(step: number): void;
  state(): unknown;
  /** @throws ArgumentError unless it is a state of such a run */
  restore(state: unknown): void;
}

interface SteppedOptions {
  /** Samples in all. */
  readonly count: number;
  /** Of a step; undefined for all. */
  readonly batchSize: number | undefined;
  readonly seed: number;
  /** None where nothing depends on earlier steps. */
  readonly memory?: StepMemory | undefined;
}

/**
 * An objective of all samples, or of each step's mini-batch, that carries a memory through its steps.
 * @throws ArgumentError
 */
export function steppedObjective(
  net: Network,
  batch: Batch,
  { count, batchSize, seed, memory }: SteppedOptions,
  onSamples: (part: Batch) => Objective,
): Objective {
  if (batchSize === undefined) return memory ? remembering(onSamples(batch), memory) : onSamples(batch);
  requireInteger("batchSize", batchSize, 1);
  const drawn = () =>
    drawingObjective({ count, batchSize, seed }, (samples) => onSamples(selectSamples(batch, samples)));
  const objective = runsNoUserCode(net) ? inMemoryOfEarlierSteps(drawn) : drawn();
  return memory ? remembering(objective, memory) : objective;
}

function remembering(objective: Objective, memory: StepMemory): Objective {
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

/** The same objective. A step is drawn into memory of the step before the last: that of the last stays, should it be refused. */
function inMemoryOfEarlierSteps(make: () => Objective): Objective {
  let [current, earlier] = [heldScratch(), heldScratch()];
  const objective = current.use(make);
  let begun = 0;
  const { hessianAt } = objective;
  return {
    ...objective,
    beginStep(step) {
      earlier.giveBack();
      earlier.use(() => objective.beginStep?.(step));
      [current, earlier] = [earlier, current];
      begun++;
    },
    ...(hessianAt && {
      hessianAt(theta: Float64Array) {
        const product = hessianAt(theta);
        const at = begun;
        return (v: Float64Array, out: Float64Array) => {
          if (at !== begun) throw earlierStep();
          product(v, out);
        };
      },
    }),
  };
}

function earlierStep(): ArgumentError {
  return new ArgumentError({
    expected: "products of the step that began last",
    got: "one of an earlier step",
    next: "ask hessianAt for another in every step",
  });
}
