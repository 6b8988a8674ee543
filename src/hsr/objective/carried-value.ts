import { ArgumentError } from "../../errors.js";
import type { StepMemory } from "../../nn/stepped-objective.js";
import type { HsrMemory } from "./step-state.js";

/** One value more that goes from step to step, beside held gradients; null before there is any. */
interface CarriedValue<Value> extends StepMemory {
  /** That of the step before. */
  readonly before: Value | null;
  /** The step's own: the first that is found. */
  keep(find: () => Value): Value;
}

/**
 * @param key of the state @param what it is, in messages
 * @param read checks what a state has, at the step that `memory` was restored to
 */
export function carriedValue<Value>(
  memory: HsrMemory,
  key: string,
  what: string,
  read: (given: unknown) => Value | null | undefined,
): CarriedValue<Value> {
  let before: Value | null = null;
  let after: Value | null = null;
  return {
    get before() {
      return before;
    },
    keep(find) {
      const value = (memory.begun ? after : null) ?? find();
      after ??= value;
      return value;
    },
    beginStep(step) {
      const last = memory.step;
      memory.beginStep(step);
      if (step === 0) before = null;
      else if (step === last + 1) before = after ?? before;
      after = null;
    },
    state: () => ({ ...memory.state(), [key]: before }),
    restore(state) {
      memory.restore(state);
      const given = read((state as Readonly<Record<string, unknown>>)[key]);
      if (given === undefined)
        throw new ArgumentError({
          expected: `from.objectiveState to have ${what}`,
          got: "none",
          next: "it is of an objective with other options",
        });
      before = given;
      after = null;
    },
  };
}
