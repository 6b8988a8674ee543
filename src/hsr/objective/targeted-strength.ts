import { requireNumber } from "../../errors.js";
import type { StepMemory } from "../../nn/stepped-objective.js";
import { carriedValue } from "./carried-value.js";
import type { HsrMemory } from "./step-state.js";

/** A new direction changes the weight by this factor at most. */
const FASTEST = 2;
/** Of the most that the clip lets pass: so far it falls, and from here it rises again. */
const LEAST = 1e-3;

/** A weight that follows a bound. */
interface TargetedStrength extends StepMemory {
  /**
   * The weight of a step: with every direction that is computed anew, that of the one before times bound/target.
   * @param most that the clip lets pass where it is computed; infinite where there is no direction
   */
  of(bound: number, most: number): number;
}

/**
 * Ascent on the multiplier of min L subject to B ≤ target, in its logarithm: it rises while B is above, and falls while it is
 * below. It stays within what the clip lets pass, so that it need not come back from afar.
 * @param limit of the weight @param every steps that a direction is held
 */
export function targetedStrength(
  memory: HsrMemory,
  { target, limit, every }: { readonly target: number; readonly limit: number; readonly every: number },
): TargetedStrength {
  const weight = carriedValue<number>(memory, "strength", "a strength", (given) => {
    if (given === undefined || (given === null && memory.step > 0)) return undefined;
    return given === null ? null : requireNumber("from.objectiveState.strength", given, { atLeast: 0 });
  });
  const nextOf = (bound: number, most: number): number => {
    // Without a direction nothing bounds the weight, and none is needed.
    if (most === Number.POSITIVE_INFINITY) return weight.before ?? 0;
    const highest = Math.min(limit, most);
    const factor = Math.min(Math.max(bound / target, 1 / FASTEST), FASTEST);
    return Math.min(Math.max((weight.before ?? highest / FASTEST) * factor, LEAST * highest), highest);
  };
  return {
    beginStep: weight.beginStep,
    state: weight.state,
    restore: weight.restore,
    of: (bound, most) =>
      memory.step % every > 0 ? (weight.before as number) : weight.keep(() => nextOf(bound, most)),
  };
}
