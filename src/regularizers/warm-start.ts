import { ArgumentError, requireVector } from "../errors.js";
import type { HsrMemory, HsrState } from "../hsr/memory.js";
import type { StepMemory } from "../hsr/stepped-objective.js";
import type { Eigenpair } from "./largest-eigenpair.js";

/** The eigenvector that a search starts from: whatever a step evaluates, that of the step before. */
export interface WarmStart extends StepMemory {
  /** Searches from the vector before, or null; the first that a step finds is the next one's start. */
  from(search: (start: Float64Array | null) => Eigenpair): Eigenpair;
}

/** A memory of held gradients, and a vector (n) beside it. */
export function warmStart(size: number, memory: HsrMemory): WarmStart {
  let before: Float64Array | null = null;
  let after: Float64Array | null = null;
  return {
    from(search) {
      const found = search(before);
      after ??= found.vector;
      return found;
    },
    beginStep(step) {
      const last = memory.step;
      memory.beginStep(step);
      if (step === 0) before = null;
      else if (step === last + 1) before = after ?? before;
      after = null;
    },
    state: (): HsrState & { readonly vector: Float64Array | null } => ({ ...memory.state(), vector: before }),
    restore(state) {
      memory.restore(state);
      const { vector } = state as { readonly vector?: Float64Array | null };
      if (vector === undefined)
        throw new ArgumentError({
          expected: "from.objectiveState to have an eigenvector",
          got: "none",
          next: "it is of an objective with other options",
        });
      before = vector === null ? null : requireVector("from.objectiveState.vector", size, vector);
      after = null;
    },
  };
}
