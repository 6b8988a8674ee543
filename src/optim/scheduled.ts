import { inMaker, requireFunction, requireNumber } from "../errors.js";
import { type Optimizer, requireOptimizer } from "./optimizer.js";
import { checkSchedule, type Schedule } from "./schedule.js";
import type { OwnedState } from "./state.js";

export interface ScheduledState<State> extends OwnedState {
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
 * At a rate of 0 no gradient moves theta, and momenta go on: a velocity, as in PyTorch, without moving it, the
 * displacement of `heavyBall` and `nesterov` by carrying it on.
 * @param make makes the optimizer with a learning rate; its other hyperparameters must not change
 * @throws ArgumentError; a step, where the schedule gives no number ≥ 0
 */
export function scheduled<State>(
  make: (learningRate: number) => Optimizer<State>,
  schedule: Schedule,
): ScheduledOptimizer<State> {
  return inMaker("scheduled", () => {
    const next = "(learningRate) => sgd({ learningRate }) is one that makes an optimizer";
    requireFunction("make", make, next);
    checkSchedule(schedule);
    const at = (step: number): Optimizer<State> => {
      const learningRate = requireNumber(`the rate of step ${step}`, schedule(step), {
        atLeast: 0,
      });
      const optimizer = make(learningRate);
      requireOptimizer(optimizer, next);
      return optimizer;
    };
    const first = at(0);
    const name = `scheduled ${first.name}`;
    return {
      name,
      hyperparameters: first.hyperparameters,
      initialState: (size) => ({ optimizer: name, step: 0, inner: first.initialState(size) }),
      step(objective, theta, { step, inner }) {
        const proposal = at(step).step(objective, theta, inner);
        return { ...proposal, state: { optimizer: name, step: step + 1, inner: proposal.state } };
      },
      at,
    };
  });
}
