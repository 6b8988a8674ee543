import {
  ArgumentError,
  describe,
  requireInteger,
  requireNumber,
  requireObject,
  requireVector,
} from "../../errors.js";
import type { StepMemory } from "../../nn/stepped-objective.js";
import { norm } from "../../tensor/reduce.js";
import type { SampledMoments } from "../sampling/sampled-moments.js";

/** What a step leaves of the running mean. */
const DECAY = 0.9;

/** Running means of a run's moments. */
type RunningMoments = Pick<SampledMoments, "trace" | "traceSquared" | "frobeniusSquared">;

/** The bound near the theta where it was computed: constant + ⟨direction, theta⟩. */
interface HeldBound {
  readonly constant: number;
  /** ∇B (n). */
  readonly direction: Float64Array;
}

/** A held bound with ‖∇B‖, which every step that holds it asks for. */
export interface MeasuredBound extends HeldBound {
  readonly length: number;
}

/** What HSR remembers when a step begins. */
interface HsrState {
  readonly step: number;
  /** Null where this step computes it anew. */
  readonly held: HeldBound | null;
  readonly running: RunningMoments | null;
}

/**
 * What HSR carries from one step to the next. Steps come one after another, from 0 or from a state; whatever a step
 * evaluates starts from the state before it, and its first evaluation is what the next step finds. Before any has begun,
 * nothing is held from one evaluation to another: all are first evaluations of step 0.
 */
export interface HsrMemory extends StepMemory {
  /** The step begun last, or 0. */
  readonly step: number;
  /** Whether one has begun. */
  readonly begun: boolean;
  /** The bound held in this step; where it is to be computed anew, it is computed once. */
  held(compute: () => HeldBound): MeasuredBound;
  /** The running mean with these moments of the step in it. */
  meanWith(moments: RunningMoments): RunningMoments;
  state(): HsrState;
}

/** Steps turn, turn + period, … compute the bound. */
export interface Schedule {
  readonly period: number;
  readonly turn: number;
  /** Whether it is held in the steps in between. */
  readonly holds: boolean;
}

/** @param size n @param running whether there is a running mean */
export function createMemory(size: number, { period, turn, holds }: Schedule, running: boolean): HsrMemory {
  type Known = { held: MeasuredBound | null; running: RunningMoments | null };
  const nothing: Known = { held: null, running: null };
  let step = 0;
  let begun = false;
  let before: Known = nothing;
  let after: Known = nothing;
  const isDue = () => step % period === turn;
  const isComplete = () => !isDue() || ((!holds || after.held) && (!running || after.running));

  return {
    get step() {
      return step;
    },
    get begun() {
      return begun;
    },
    held(compute) {
      if (!isDue()) return before.held as MeasuredBound;
      const held = (begun && after.held) || measured(compute());
      after = { ...after, held: after.held ?? held };
      return held;
    },
    meanWith(moments) {
      const mean = averaged(before.running, moments);
      after = { ...after, running: after.running ?? mean };
      return mean;
    },
    beginStep(next) {
      requireInteger("step", next, 0);
      if (next === 0) before = nothing;
      else if (next === step + 1 && isComplete())
        before = { held: after.held ?? before.held, running: after.running ?? before.running };
      else if (next !== step) throw doesNotFollow(step, next);
      step = next;
      begun = true;
      after = nothing;
    },
    state: () => ({ step, held: isDue() ? null : unmeasured(before.held), running: before.running }),
    restore(state) {
      const given = checkState(state, size);
      step = given.step;
      begun = false;
      const lacking =
        (holds && !isDue() && !given.held && "held") ||
        (running && step > turn && !given.running && "running");
      if (lacking)
        throw new ArgumentError({
          expected: `a state before step ${step} to have ${lacking}`,
          got: "null",
          next: "it is of an objective with other options",
        });
      before = { held: given.held && measured(given.held), running: given.running };
      after = nothing;
    },
  };
}

function measured({ constant, direction }: HeldBound): MeasuredBound {
  return { constant, direction, length: norm(direction) };
}

function unmeasured(bound: MeasuredBound | null): HeldBound | null {
  return bound && { constant: bound.constant, direction: bound.direction };
}

function averaged(mean: RunningMoments | null, now: RunningMoments): RunningMoments {
  const { trace, traceSquared, frobeniusSquared } = now;
  if (!mean) return { trace, traceSquared, frobeniusSquared };
  const average = (before: number, own: number) => DECAY * before + (1 - DECAY) * own;
  return {
    trace: average(mean.trace, trace),
    traceSquared: average(mean.traceSquared, traceSquared),
    frobeniusSquared: average(mean.frobeniusSquared, frobeniusSquared),
  };
}

function doesNotFollow(step: number, next: number): ArgumentError {
  return new ArgumentError({
    expected: `a step that follows on step ${step}, evaluated once it was begun`,
    got: `step ${next}`,
    next: "a run that goes on from another takes its objectiveState, and one on mini-batches the option batchSize",
  });
}

function checkState(state: unknown, size: number): HsrState {
  const name = "from.objectiveState";
  requireObject(name, state, "the objectiveState of an earlier result");
  const { step, held, running } = state as HsrState;
  requireInteger(`${name}.step`, step, 0);
  if (held === undefined || running === undefined)
    throw new ArgumentError({
      expected: `${name} to be one of an objective that holds a penalty`,
      got: describe(state),
    });
  if (held) {
    requireNumber(`${name}.held.constant`, held.constant);
    requireVector(`${name}.held.direction`, size, held.direction);
  }
  for (const key of ["trace", "traceSquared", "frobeniusSquared"] as const)
    if (running) requireNumber(`${name}.running.${key}`, running[key]);
  return { step, held, running };
}
