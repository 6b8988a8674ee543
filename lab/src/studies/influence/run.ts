import { setImmediate } from "node:timers/promises";
import { LabError } from "../../errors.js";
import type { Numbers } from "./question.js";
import type { Unit, UnitStore } from "./store.js";

export interface Answer extends Unit {
  readonly numbers: Numbers;
}

/**
 * Measures the units that are not in the store, one after another, and writes each as it comes.
 * @param tell is told of each unit that is measured
 * @throws LabError "stopped" at the signal, between two units
 */
export async function measureUnits(
  units: readonly Unit[],
  store: UnitStore,
  tell: (unit: Unit, done: number) => void,
  signal: AbortSignal,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const unit of units) {
    let numbers = store.read(unit);
    if (numbers === undefined) {
      // Signals are heard between units.
      await setImmediate();
      if (signal.aborted)
        throw new LabError(
          "stopped",
          "stopped before all was done; the same command goes on where this one stopped",
        );
      tell(unit, answers.length);
      numbers = unit.question.measure(unit.data, unit.seed);
      store.write(unit, numbers);
    }
    answers.push({ ...unit, numbers });
  }
  return answers;
}
