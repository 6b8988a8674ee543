import { requireFinite } from "../errors.js";
import { type Objective, objectiveOf } from "../optim/objective.js";
import type { PenalizedLoss, Penalty } from "../optim/penalized.js";
import { addScaled } from "../tensor/elementwise.js";
import { norm } from "../tensor/reduce.js";

/** What the length of the bound's direction is relative to: 1, or ‖∇L‖. */
export type DirectionScaling = "none" | "loss-gradient";

/** L + strength · B, with the bound's part of the gradient cut to `clip` lengths of ∇L. */
export function clippedForm(loss: PenalizedLoss, bound: Penalty, strength: number, clip: number): Objective {
  return objectiveOf(
    loss.size,
    (theta) => {
      const { value, gradient } = loss.valueAndGradient(theta);
      const flatter = bound.valueAndGradient(theta);
      const longest = clip * norm(gradient);
      const length = strength * norm(flatter.gradient);
      addScaled(gradient, length > longest ? strength * (longest / length) : strength, flatter.gradient);
      requireFinite("the gradient", gradient);
      return { value: value + strength * flatter.value, gradient };
    },
    {
      value(theta) {
        const value = loss.value(theta);
        return value + strength * bound.value(theta);
      },
    },
  );
}

/**
 * Value L, direction ∇L + strength · c · ∇B/‖∇B‖ with c = 1 or ‖∇L‖. Where ∇B = 0 there is no direction, and the last
 * term is left out. With c = ‖∇L‖ and strength < 1 the direction descends L everywhere and vanishes where ∇L does; with
 * c = 1 it does not vanish there.
 */
export function unitDirectionForm(
  loss: PenalizedLoss,
  bound: Penalty,
  strength: number,
  scaling: DirectionScaling,
): Objective {
  return objectiveOf(
    loss.size,
    (theta) => {
      const { value, gradient } = loss.valueAndGradient(theta);
      const flatter = bound.valueAndGradient(theta).gradient;
      const length = norm(flatter);
      const reach = strength * (scaling === "none" ? 1 : norm(gradient));
      // Divided first: reach/length may overflow.
      for (let i = 0; length > 0 && i < flatter.length; i++) flatter[i] /= length;
      addScaled(gradient, reach, flatter);
      requireFinite("the direction", gradient);
      return { value, gradient };
    },
    { value: (theta) => loss.value(theta) },
  );
}

/** L, but strength · B on the last of every `period` steps; before the first step L. */
export function alternatingForm(
  loss: PenalizedLoss,
  bound: Penalty,
  strength: number,
  period: number,
): Objective {
  let onBound = false;
  return objectiveOf(
    loss.size,
    (theta) => {
      if (!onBound) return loss.valueAndGradient(theta);
      loss.value(theta);
      const turn = bound.valueAndGradient(theta);
      return {
        value: strength * turn.value,
        gradient: turn.gradient.map((entry) => strength * entry),
      };
    },
    {
      value(theta) {
        const value = loss.value(theta);
        return onBound ? strength * bound.value(theta) : value;
      },
      beginStep(step) {
        onBound = step % period === period - 1;
      },
    },
  );
}
