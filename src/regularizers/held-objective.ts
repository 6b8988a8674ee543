import { requireInteger, requireNumber } from "../errors.js";
import { addedForm, clippedForm } from "../hsr/objective/forms.js";
import { heldPenalty } from "../hsr/objective/held-penalty.js";
import { createMemory, type HsrMemory } from "../hsr/objective/step-state.js";
import { type Batch, prepareSamples, requireBatch } from "../nn/batch.js";
import type { Network } from "../nn/network.js";
import { type StepMemory, steppedObjective } from "../nn/stepped-objective.js";
import { asObjective, type Objective, withoutCopies } from "../optim/objective.js";
import { checkStrength, type PenalizedLoss, type Penalty, type PenaltyOptions } from "../optim/penalized.js";

/** What makes a penalty cheap, as in `hsrObjective`. */
export interface HeldOptions extends PenaltyOptions {
  /** For how many steps the penalty's gradient is held, ≥ 1. Default 1: every evaluation has its own. */
  readonly every?: number | undefined;
  /** Samples of a step, in mini-batches as `minibatches` has them. Default: all, in every step. */
  readonly batchSize?: number | undefined;
  /** The longest that the penalty's part of a gradient may be, in lengths of ∇L, > 0. Default: any. */
  readonly clip?: number | undefined;
  /** Seed of whatever is drawn, an integer ≥ 0. Default 0. */
  readonly seed?: number | undefined;
}

export const heldOptions = ["strength", "every", "batchSize", "clip", "seed"] as const;

/** `HeldOptions`, checked. */
export interface Held {
  readonly strength: number;
  readonly every: number;
  readonly batchSize: number | undefined;
  readonly clip: number | undefined;
  readonly seed: number;
}

/** @throws ArgumentError */
export function checkHeld(options: HeldOptions): Held {
  const { every = 1, batchSize, clip, seed = 0 } = options;
  const strength = checkStrength(options);
  requireInteger("every", every, 1);
  if (clip !== undefined) requireNumber("clip", clip, { above: 0 });
  requireInteger("seed", seed, 0);
  return { strength, every, batchSize, clip, seed };
}

/** What an objective of a step's samples is made with. */
export interface Steps {
  /** Samples in all. */
  readonly population: number;
  readonly memory: HsrMemory;
  /** Adds a penalty to a loss, held and clipped as the options say. */
  combine(loss: PenalizedLoss, penalty: Penalty): Objective;
}

/**
 * A loss and a penalty whose gradient is held for some steps.
 * @param remember what it carries through its steps where that is more than what is held; none where nothing is
 */
export function heldObjective(
  net: Network,
  batch: Batch,
  { strength, every, batchSize, clip, seed }: Held,
  remember: (memory: HsrMemory) => StepMemory | undefined,
  onSamples: (steps: Steps) => (part: Batch) => Objective,
): Objective {
  requireBatch(batch);
  const { count } = prepareSamples(net, batch);
  const memory = createMemory(net.size, { period: every, turn: 0, holds: every > 1 }, false);
  const own = net.closedForm ? withoutCopies : asObjective;
  const carried = remember(memory) ?? (every > 1 ? memory : undefined);
  return steppedObjective(
    net,
    batch,
    { count, batchSize, seed, memory: carried },
    onSamples({
      population: count,
      memory,
      combine(loss, penalty) {
        const kept = every > 1 ? heldPenalty(penalty, memory) : penalty;
        return own(
          clip === undefined ? addedForm(loss, kept, strength) : clippedForm(loss, kept, strength, clip),
        );
      },
    }),
  );
}
