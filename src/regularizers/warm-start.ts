import { requireVector } from "../errors.js";
import { carriedValue } from "../hsr/objective/carried-value.js";
import type { HsrMemory } from "../hsr/objective/step-state.js";
import type { StepMemory } from "../nn/stepped-objective.js";
import type { Eigenpair } from "./largest-eigenpair.js";

/** The eigenvector that a search starts from: whatever a step evaluates, that of the step before. */
export interface WarmStart extends StepMemory {
  /** Searches from the vector before, or null; the first that a step finds is the next one's start. */
  from(search: (start: Float64Array | null) => Eigenpair): Eigenpair;
}

/** A memory of held gradients, and a vector (n) beside it. */
export function warmStart(size: number, memory: HsrMemory): WarmStart {
  const vector = carriedValue<Float64Array>(memory, "vector", "an eigenvector", (given) =>
    given === undefined || given === null ? given : requireVector("from.objectiveState.vector", size, given),
  );
  return {
    beginStep: vector.beginStep,
    state: vector.state,
    restore: vector.restore,
    from(search) {
      const found = search(vector.before);
      vector.keep(() => found.vector);
      return found;
    },
  };
}
