import {
  inFunction,
  requireFinite,
  requireFunction,
  requireNumber,
  requireObject,
  requireVector,
} from "../errors.js";
import { plusScaled } from "../tensor/elementwise.js";
import { type Objective, objectiveOf } from "./objective.js";

/** The loss that a penalty is added to. */
export type PenalizedLoss = Pick<Objective, "size" | "value" | "valueAndGradient">;

/** A function of theta that is added to a loss; the loss is evaluated at the same theta right before, and may share its work. */
export type Penalty = Pick<Objective, "value" | "valueAndGradient">;

/** What every penalty beside a loss has. */
export interface PenaltyOptions {
  /** Weight of the penalty beside the loss, ≥ 0. 0 is the plain loss. */
  readonly strength: number;
}

/** @throws ArgumentError unless there is a strength ≥ 0 */
export function checkStrength(options: PenaltyOptions): number {
  return requireNumber("strength", options.strength, { atLeast: 0 });
}

/**
 * loss + strength · penalty.
 * @param strength ≥ 0 @throws ArgumentError; in an evaluation ShapeError, NonFiniteError
 * @example
 * import { lossObjective, threeLayerNet } from "flatward";
 * import { penalizedObjective } from "flatward/optim";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const squares = (theta) => theta.reduce((sum, t) => sum + t * t, 0);
 * const penalized = penalizedObjective(lossObjective(net, batch), 0.1, {
 *   value: squares,
 *   valueAndGradient: (theta) => ({ value: squares(theta), gradient: theta.map((t) => 2 * t) }),
 * });
 * const difference = penalized.value(theta) - lossObjective(net, batch).value(theta);
 * console.log((difference / squares(theta)).toFixed(6)); // → 0.100000
 */
export function penalizedObjective(loss: PenalizedLoss, strength: number, penalty: Penalty): Objective {
  inFunction("penalizedObjective", () => {
    checkStrength({ strength });
    for (const [name, part] of Object.entries({ loss, penalty })) {
      requireObject(name, part, "{ value, valueAndGradient }");
      requireFunction(`${name}.value`, part.value);
      requireFunction(`${name}.valueAndGradient`, part.valueAndGradient);
    }
  });
  return objectiveOf(
    loss.size,
    (theta) => {
      const { value, gradient } = loss.valueAndGradient(theta);
      // A penalty may write to the memory that the loss returned.
      const own = requireVector("the gradient of the loss", loss.size, gradient).slice();
      const added = penalty.valueAndGradient(theta);
      const slope = requireVector("the gradient of the penalty", loss.size, added?.gradient);
      const sum = plusScaled(own, strength, slope);
      requireFinite("the gradient", sum);
      return { value: value + strength * added.value, gradient: sum };
    },
    {
      value(theta) {
        const value = loss.value(theta);
        return value + strength * penalty.value(theta);
      },
    },
  );
}
