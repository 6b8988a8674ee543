import {
  inFunction,
  NonFiniteError,
  requireFinite,
  requireFunction,
  requireInteger,
  requireNumber,
  requireObject,
  requireVector,
} from "../errors.js";
import { requireOptions } from "../options.js";
import { asObjective, checkStart, type Objective } from "./objective.js";
import { type Optimizer, requireOptimizer, type Step } from "./optimizer.js";
import { checkState } from "./state.js";

/** The state of a run before its next step. */
export interface Progress<State = unknown> {
  /** Steps taken so far. */
  readonly step: number;
  /** The current parameters, a copy. */
  readonly theta: Float64Array;
  readonly value: number;
  readonly gradientNorm: number;
  /** The optimizer's state at `theta`. */
  readonly state: State;
  /** The objective's, where it remembers steps. */
  readonly objectiveState?: unknown;
}

/** When `minimize` stops, where it goes on from, and what it tells of each step. */
export interface MinimizeOptions<State = unknown> {
  /** The most steps to take, ≥ 0. */
  readonly steps: number;
  /**
   * Stop where the gradient's norm is at most this. Default 0. Not used with objectives that depend on the step, whose
   * gradient may vanish on a mini-batch alone: `hsrObjective` is one, but with `every: 1, samples: "all"` and no `batchSize`.
   */
  readonly gradientTolerance?: number | undefined;
  /**
   * Go on from here, with `theta0` where that run ended: an earlier result, or its `steps`, `state` and, where there is one,
   * `objectiveState`. The two runs together give the same bits as one. Default: the optimizer's initial state, before step 0.
   */
  readonly from?:
    | { readonly steps: number; readonly state: State; readonly objectiveState?: unknown }
    | undefined;
  /** Called at every theta, the first and the last included; return false to stop there (any other value goes on). */
  readonly onStep?: ((progress: Progress<State>) => unknown) | undefined;
}

/**
 * How a run ended: the gradient fell to the tolerance; the steps ran out; `onStep` returned false; or the objective
 * was not finite at the next candidate, which was refused.
 */
export type MinimizeStatus = "converged" | "max-iterations" | "stopped" | "non-finite";

/** Where a run ended, why, and what is needed to go on from there. */
export interface MinimizeResult<State = unknown> {
  /** The last parameters at which the objective was finite. */
  readonly theta: Float64Array;
  readonly value: number;
  /** Norm of the gradient that the optimizer follows, coupled weight decay included. */
  readonly gradientNorm: number;
  /** Steps taken, those of the run it went on from included. */
  readonly steps: number;
  readonly status: MinimizeStatus;
  readonly state: State;
  /** What the objective remembers of the steps, where it does. */
  readonly objectiveState?: unknown;
}

/**
 * Runs an optimizer from `theta0`, which is not touched. A step whose end point has no finite value and gradient is
 * refused, and ends the run with status "non-finite" at the last good point.
 * @param theta0 (n)
 * @throws ShapeError, NonFiniteError when theta0 itself does not do; ShapeError for a gradient of another length;
 *   ArgumentError for options out of range, and for a state to go on from that is another optimizer's, or of another
 *   number of parameters
 * @example
 * import { adam, minimize, objectiveOf } from "flatward";
 * const bowl = objectiveOf(1, ([x]) => ({ value: x * x, gradient: Float64Array.of(2 * x) }));
 * const optimizer = adam({ learningRate: 0.1 });
 * const whole = minimize(bowl, Float64Array.of(3), optimizer, { steps: 200 });
 * const half = minimize(bowl, Float64Array.of(3), optimizer, { steps: 100 });
 * const rest = minimize(bowl, half.theta, optimizer, { steps: 200 - half.steps, from: half });
 * console.log(rest.steps, rest.status, rest.theta[0] === whole.theta[0]); // → 200 max-iterations true
 */
export function minimize<State>(
  objective: Objective,
  theta0: Float64Array,
  optimizer: Optimizer<State>,
  options: MinimizeOptions<State>,
): MinimizeResult<State> {
  return inFunction("minimize", () => {
    requireOptions(options, ["steps", "gradientTolerance", "from", "onStep"], "at least { steps }");
    const checked = asObjective(objective);
    requireOptimizer(optimizer);
    const { steps, gradientTolerance = 0, onStep, from } = options;
    requireInteger("steps", steps, 0);
    requireNumber("gradientTolerance", gradientTolerance, { atLeast: 0 });
    checkStart(objective, theta0);

    if (onStep !== undefined) requireFunction("onStep", onStep);
    if (from !== undefined) {
      requireObject("from", from, "an earlier result, or its { steps, state }");
      checkState(optimizer, from.state, objective.size);
      if (from.objectiveState !== undefined) objective.restore?.(from.objectiveState);
    }

    let current: Progress<State> | undefined;
    let theta: Float64Array = theta0.slice();
    let state = from ? from.state : optimizer.initialState(objective.size);
    const firstStep = from ? requireInteger("from.steps", from.steps, 0) : 0;
    const end = (status: MinimizeStatus, at: Progress<State>): MinimizeResult<State> => ({
      theta: at.theta,
      value: at.value,
      gradientNorm: at.gradientNorm,
      steps: at.step,
      status,
      state: at.state,
      ...(at.objectiveState !== undefined && { objectiveState: at.objectiveState }),
    });

    for (let step = firstStep; ; step++) {
      objective.beginStep?.(step);
      let proposal: Step<State>;
      try {
        requireFinite("the candidate theta", theta);
        proposal = finiteStep(checked, theta, optimizer, state);
      } catch (error) {
        if (error instanceof NonFiniteError && current) return end("non-finite", current);
        throw error;
      }
      const { value, gradientNorm } = proposal;
      const remembered = objective.state && { objectiveState: objective.state() };
      current = { step, theta, value, gradientNorm, state, ...remembered };
      const stop = onStep?.({ ...current, theta: theta.slice() }) === false;
      if (objective.beginStep === undefined && proposal.gradientNorm <= gradientTolerance)
        return end("converged", current);
      if (stop) return end("stopped", current);
      if (step === firstStep + steps) return end("max-iterations", current);
      theta = requireVector("the candidate theta", objective.size, proposal.theta).slice();
      state = proposal.state;
    }
  });
}

function finiteStep<State>(
  objective: Objective,
  theta: Float64Array,
  optimizer: Optimizer<State>,
  state: State,
): Step<State> {
  const proposal = optimizer.step(objective, theta.slice(), state);
  const { value, gradientNorm } = proposal;
  if (Number.isFinite(value) && Number.isFinite(gradientNorm)) return proposal;
  throw new NonFiniteError({
    expected: "a finite value and gradient of the objective",
    got: `value ${value}, gradient norm ${gradientNorm}`,
  });
}
