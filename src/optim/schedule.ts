import { inMaker, requireFunction, requireInteger, requireNumber } from "../errors.js";
import { requireOptions } from "../options.js";
import { circular, sineAndCosine } from "../tensor/circular.js";
import { wholePower } from "../tensor/special.js";
import { type Optimizer, requireOptimizer } from "./optimizer.js";
import type { OwnedState } from "./state.js";

/** The learning rate α ≥ 0 of step 0, 1, …: a pure function of the step. */
export type Schedule = (step: number) => number;

/**
 * The same learning rate at every step. @throws ArgumentError
 * @example
 * import { constantSchedule } from "flatward/optim";
 * const schedule = constantSchedule(0.1);
 * console.log(schedule(0), schedule(1000)); // → 0.1 0.1
 */
export function constantSchedule(learningRate: number): Schedule {
  return inMaker("constantSchedule", () => {
    requireNumber("learningRate", learningRate, { above: 0 });
    return atSteps(() => learningRate);
  });
}

/** Start, end and length of a cosine schedule. */
export interface CosineOptions {
  /** α of step 0, > 0. */
  readonly learningRate: number;
  /** T ≥ 1. */
  readonly steps: number;
  /** α from step T on, ≥ 0. Default 0. */
  readonly final?: number | undefined;
}

/**
 * Half a cosine (Loshchilov & Hutter 2017): final + (α − final)(1 + cos(πt/T))/2 at step t, and final from step T on,
 * where PyTorch's CosineAnnealingLR would rise again.
 * @throws ArgumentError
 * @example
 * import { cosineSchedule } from "flatward/optim";
 * const schedule = cosineSchedule({ learningRate: 0.2, steps: 100 });
 * console.log([0, 50, 100].map((step) => schedule(step).toFixed(3))); // → [ '0.200', '0.100', '0.000' ]
 */
export function cosineSchedule(options: CosineOptions): Schedule {
  return inMaker("cosineSchedule", () => {
    requireOptions(options, ["learningRate", "steps", "final"], "at least { learningRate, steps }");
    const { learningRate, final = 0 } = options;
    requireNumber("learningRate", learningRate, { above: 0 });
    requireNumber("final", final, { atLeast: 0 });
    const steps = requireInteger("steps", options.steps, 1);
    return atSteps((step) => {
      if (step >= steps) return final;
      // cos πx = sin π(½ − x), which is exactly 0 halfway.
      sineAndCosine(Math.PI * (0.5 - step / steps));
      return final + ((learningRate - final) * (1 + circular[0])) / 2;
    });
  });
}

/** When a learning rate drops, and by how much. */
export interface StepScheduleOptions {
  /** α of the first steps, > 0. */
  readonly learningRate: number;
  /** Steps between two changes, ≥ 1. */
  readonly every: number;
  /** γ > 0, of each change. Default 0.1. */
  readonly factor?: number | undefined;
}

/**
 * α·γ^⌊t / every⌋ at step t, as PyTorch's StepLR. @throws ArgumentError
 * @example
 * import { stepSchedule } from "flatward/optim";
 * const schedule = stepSchedule({ learningRate: 0.8, every: 10, factor: 0.5 });
 * console.log([0, 9, 10, 20].map(schedule)); // → [ 0.8, 0.8, 0.4, 0.2 ]
 */
export function stepSchedule(options: StepScheduleOptions): Schedule {
  return inMaker("stepSchedule", () => {
    requireOptions(options, ["learningRate", "every", "factor"], "at least { learningRate, every }");
    const { learningRate, factor = 0.1 } = options;
    requireNumber("learningRate", learningRate, { above: 0 });
    requireNumber("factor", factor, { above: 0 });
    const every = requireInteger("every", options.every, 1);
    return atSteps((step) => learningRate * wholePower(factor, Math.floor(step / every)));
  });
}

/** How long a learning rate grows at the start, and from what. */
export interface WarmupOptions {
  /** W ≥ 1. */
  readonly steps: number;
  /** φ in [0, 1]: step 0 has φ times the rate that it grows to. Default 1/3, as PyTorch's LinearLR. */
  readonly startFactor?: number | undefined;
}

/**
 * Linear warm-up before another schedule: its first rate times φ + (1 − φ)t/W at step t < W, then the schedule from its
 * own step 0; PyTorch's LinearLR and that schedule in a SequentialLR.
 * @throws ArgumentError
 * @example
 * import { constantSchedule, warmup } from "flatward/optim";
 * const schedule = warmup(constantSchedule(0.1), { steps: 4, startFactor: 0 });
 * console.log([0, 2, 4, 9].map((step) => schedule(step).toFixed(3))); // → [ '0.000', '0.050', '0.100', '0.100' ]
 */
export function warmup(schedule: Schedule, options: WarmupOptions): Schedule {
  return inMaker("warmup", () => {
    checkSchedule(schedule);
    requireOptions(options, ["steps", "startFactor"], "at least { steps }");
    const { startFactor = 1 / 3 } = options;
    requireNumber("startFactor", startFactor, { atLeast: 0, atMost: 1 });
    const steps = requireInteger("steps", options.steps, 1);
    return atSteps((step) =>
      step < steps
        ? schedule(0) * (startFactor + ((1 - startFactor) * step) / steps)
        : schedule(step - steps),
    );
  });
}

/** The state of a scheduled optimizer. */
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
 * @example
 * import { minimize, objectiveOf, sgd } from "flatward";
 * import { scheduled, stepSchedule } from "flatward/optim";
 * const parabola = objectiveOf(1, ([x]) => ({ value: x * x / 2, gradient: Float64Array.of(x) }));
 * const rates = stepSchedule({ learningRate: 0.5, every: 1, factor: 0.5 }); // 0.5, then 0.25
 * const optimizer = scheduled((learningRate) => sgd({ learningRate }), rates);
 * console.log(minimize(parabola, Float64Array.of(1), optimizer, { steps: 2 }).theta[0]); // → 0.375
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

/** The schedule, of steps 0, 1, … alone. */
function atSteps(schedule: Schedule): Schedule {
  return (step) => schedule(requireInteger("step", step, 0));
}

/** @throws ArgumentError unless it is a function */
function checkSchedule(schedule: Schedule): void {
  const next = "constantSchedule, cosineSchedule, stepSchedule and warmup make one of the step";
  requireFunction("schedule", schedule, next);
}
