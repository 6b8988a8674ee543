import { requireFinite, requireNumber, requireObject } from "../errors.js";
import type { Evaluation } from "../nn/dense/evaluation.js";
import { type Objective, objectiveOf } from "../optim/objective.js";
import { addScaled } from "../tensor/elementwise.js";

export interface PenaltyOptions {
  /** Weight of the penalty beside the loss, ≥ 0. 0 is the plain loss. */
  readonly strength: number;
}

/** @throws ArgumentError unless there are options with a strength ≥ 0 */
export function checkStrength(options: PenaltyOptions): number {
  requireObject("options", options, "at least { strength }");
  return requireNumber("strength", options.strength, { atLeast: 0 });
}

/** What stands beside the loss, as a function of theta; called when the forward pass of that theta is finished. */
export type Penalty = Pick<Objective, "value" | "valueAndGradient">;

/** loss + strength · penalty. */
export function penalizedObjective(evaluation: Evaluation, strength: number, penalty: Penalty): Objective {
  return objectiveOf(
    evaluation.net.size,
    (theta) => {
      const loss = evaluation.loss(theta);
      const gradient = evaluation.gradient();
      const added = penalty.valueAndGradient(theta);
      addScaled(gradient, strength, added.gradient);
      requireFinite("the gradient", gradient);
      return { value: loss + strength * added.value, gradient };
    },
    {
      value(theta) {
        const loss = evaluation.loss(theta);
        return loss + strength * penalty.value(theta);
      },
    },
  );
}
