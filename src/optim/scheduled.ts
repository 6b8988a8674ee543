import { ArgumentError, describe, requireNumber } from "../errors.js";
import type { Optimizer } from "./optimizer.js";
import { checkSchedule, type Schedule } from "./schedule.js";

export interface ScheduledState<State> {
  /** Steps taken. */
  readonly step: number;
  /** The optimizer's own. */
  readonly inner: State;
}

export interface ScheduledOptimizer<State> extends Optimizer<ScheduledState<State>> {
  /** The optimizer that takes step 0, 1, …, its learning rate in its hyperparameters; `stableSpectrum` takes it. */
  at(step: number): Optimizer<State>;
}

/**
 * Any optimizer under a learning-rate schedule: step t is taken by `make(schedule(t))`. The count of steps is in the
 * state, so a run goes on bit for bit. The hyperparameters shown are those of step 0.
 *
 * ```ts
 * scheduled((learningRate) => sgd({ learningRate, momentum: 0.9 }), cosineSchedule({ learningRate: 0.1, steps: 1000 }))
 * ```
 *
 * A rate of 0 is passed on as the smallest positive number: theta stays where it is and momenta go on, as in PyTorch.
 * @param make makes the optimizer with a learning rate; its other hyperparameters must not change
 * @throws ArgumentError; a step, where the schedule gives no number ≥ 0
 */
export function scheduled<State>(
  make: (learningRate: number) => Optimizer<State>,
  schedule: Schedule,
): ScheduledOptimizer<State> {
  if (typeof make !== "function") {
    throw new ArgumentError({
      where: "scheduled",
      expected: "make to be a function of the learning rate that makes an optimizer",
      got: describe(make),
      next: "(learningRate) => sgd({ learningRate }) is one",
    });
  }
  checkSchedule("scheduled", schedule);
  const at = (step: number): Optimizer<State> => {
    const learningRate = requireNumber("scheduled", `the rate of step ${step}`, schedule(step), {
      atLeast: 0,
    });
    return make(Math.max(learningRate, Number.MIN_VALUE));
  };
  const first = at(0);
  return {
    name: `scheduled ${first.name}`,
    hyperparameters: first.hyperparameters,
    initialState: (size) => ({ step: 0, inner: first.initialState(size) }),
    step(objective, theta, { step, inner }) {
      const proposal = at(step).step(objective, theta, inner);
      return { ...proposal, state: { step: step + 1, inner: proposal.state } };
    },
    at,
  };
}
