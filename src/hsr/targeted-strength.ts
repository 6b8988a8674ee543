import { ArgumentError, requireNumber } from "../errors.js";
import type { HsrMemory, HsrState } from "./memory.js";
import type { StepMemory } from "./stepped-objective.js";

/** A new direction changes the weight by this factor at most. */
const FASTEST = 2;
/** Of the most that the clip lets pass: so far it falls, and from here it rises again. */
const LEAST = 1e-3;

/** A weight that follows a bound. */
export interface TargetedStrength extends StepMemory {
  /**
   * The weight of a step: with every direction that is computed anew, that of the one before times bound/target.
   * @param most that the clip lets pass where it is computed
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
  let before: number | null = null;
  let after: number | null = null;
  const nextOf = (bound: number, most: number): number => {
    // Without a direction nothing bounds the weight, and none is needed.
    if (most >= Number.MAX_VALUE) return before ?? 0;
    const highest = Math.min(limit, most);
    const factor = Math.min(Math.max(bound / target, 1 / FASTEST), FASTEST);
    return Math.min(Math.max((before ?? highest / FASTEST) * factor, LEAST * highest), highest);
  };
  return {
    of(bound, most) {
      if (memory.step % every > 0) return before as number;
      after ??= nextOf(bound, most);
      return after;
    },
    beginStep(step) {
      const last = memory.step;
      memory.beginStep(step);
      if (step === 0) before = null;
      else if (step === last + 1) before = after ?? before;
      after = null;
    },
    state: (): HsrState & { readonly strength: number | null } => ({ ...memory.state(), strength: before }),
    restore(state) {
      memory.restore(state);
      const { strength } = state as { readonly strength?: number | null };
      if (strength === undefined || (strength === null && memory.step > 0))
        throw new ArgumentError({
          expected: "from.objectiveState to have a strength",
          got: "none",
          next: "it is of an objective with other options",
        });
      before =
        strength === null ? null : requireNumber("from.objectiveState.strength", strength, { atLeast: 0 });
      after = null;
    },
  };
}
