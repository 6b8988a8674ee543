import { requireFinite } from "../../errors.js";
import type { Objective, ValueAndGradient } from "../../optim/objective.js";
import type { PenalizedLoss, Penalty } from "../../optim/penalized.js";
import { addScaled, scale } from "../../tensor/elementwise.js";
import { norm } from "../../tensor/reduce.js";

/** What the length of the bound's direction is relative to: 1, or ‖∇L‖. */
export type DirectionScaling = "none" | "loss-gradient";

/** What the bound did to the gradient that was evaluated last. */
export interface BoundEffect {
  /** Its weight, after the clip. */
  readonly strength: number;
  /** The length of its part of the gradient, in lengths of ∇L. */
  readonly share: number;
  /** B, or its tangent. */
  readonly bound: number;
}

// Forms take theta as it is given, and write to the gradient that the loss returns: `asObjective` makes objectives of them.

/** A penalty as forms take it. */
export interface FormPenalty extends Penalty {
  /** The gradient may be kept for steps to come, and is not written to; its length comes with it where it is known. */
  valueAndGradient(theta: Float64Array): ValueAndGradient & { readonly length?: number };
}

/** L + strength · B. */
export function addedForm(loss: PenalizedLoss, bound: FormPenalty, strength: number): Objective {
  return formOf(
    loss.size,
    (theta) => {
      const { value, gradient } = loss.valueAndGradient(theta);
      const flatter = bound.valueAndGradient(theta);
      addScaled(gradient, strength, flatter.gradient);
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
 * L + strength · B, with the bound's part of the gradient cut to `clip` lengths of ∇L.
 * @param strength or how it comes from B and the most that the clip lets pass @param told of every gradient
 */
export function clippedForm(
  loss: PenalizedLoss,
  bound: FormPenalty,
  strength: number | ((bound: number, most: number) => number),
  clip: number,
  told: (effect: BoundEffect) => void = () => {},
): Objective {
  const weightOf = typeof strength === "number" ? () => strength : strength;
  const evaluate = (theta: Float64Array): ValueAndGradient & { readonly effect: BoundEffect } => {
    const { value, gradient } = loss.valueAndGradient(theta);
    const flatter = bound.valueAndGradient(theta);
    const own = norm(gradient);
    const { length = norm(flatter.gradient) } = flatter;
    const most = length > 0 ? (clip * own) / length : Number.POSITIVE_INFINITY;
    const weight = weightOf(flatter.value, most);
    const cut = Math.min(weight, most);
    addScaled(gradient, cut, flatter.gradient);
    requireFinite("the gradient", gradient);
    const effect = { strength: cut, share: own > 0 ? (cut * length) / own : 0, bound: flatter.value };
    return { value: value + weight * flatter.value, gradient, effect };
  };
  return formOf(
    loss.size,
    (theta) => {
      const { value, gradient, effect } = evaluate(theta);
      told(effect);
      return { value, gradient };
    },
    {
      value(theta) {
        if (typeof strength !== "number") return evaluate(theta).value;
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
  bound: FormPenalty,
  strength: number,
  scaling: DirectionScaling,
): Objective {
  return formOf(
    loss.size,
    (theta) => {
      const { value, gradient } = loss.valueAndGradient(theta);
      const { gradient: flatter, length = norm(flatter) } = bound.valueAndGradient(theta);
      const reach = strength * (scaling === "none" ? 1 : norm(gradient));
      // Divided first: reach/length may overflow.
      for (let i = 0; length > 0 && i < flatter.length; i++) gradient[i] += reach * (flatter[i] / length);
      requireFinite("the direction", gradient);
      return { value, gradient };
    },
    { value: (theta) => loss.value(theta) },
  );
}

/** L, but strength · B on the last of every `period` steps; before the first step L. */
export function alternatingForm(
  loss: PenalizedLoss,
  bound: FormPenalty,
  strength: number,
  period: number,
): Objective {
  let onBound = false;
  return formOf(
    loss.size,
    (theta) => {
      if (!onBound) return loss.valueAndGradient(theta);
      loss.value(theta);
      const turn = bound.valueAndGradient(theta);
      const gradient = turn.gradient.slice();
      scale(gradient, strength);
      return { value: strength * turn.value, gradient };
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

function formOf(
  size: number,
  valueAndGradient: Objective["valueAndGradient"],
  more: Partial<Objective>,
): Objective {
  return {
    size,
    value: (theta) => valueAndGradient(theta).value,
    gradient: (theta) => valueAndGradient(theta).gradient,
    valueAndGradient,
    ...more,
  };
}
