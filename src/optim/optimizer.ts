import { ArgumentError, describe, requireFunction, requireNumber, requireObject } from "../errors.js";
import type { Complete } from "../options.js";
import { plusScaled } from "../tensor/elementwise.js";
import type { Objective } from "./objective.js";

/** What one step proposes. Nothing that was passed in has changed. */
export interface Step<State> {
  /** The candidate parameters (n). */
  readonly theta: Float64Array;
  /** The optimizer's state after the step: plain data. */
  readonly state: State;
  /** The objective where the step began. */
  readonly value: number;
  /** Where the step began: norm of the gradient that the step follows, coupled weight decay included. */
  readonly gradientNorm: number;
}

/** A rule that proposes steps; its state travels beside it, so a run can stop and go on. */
export interface Optimizer<State = unknown> {
  readonly name: string;
  /** As given, defaults filled in. */
  readonly hyperparameters: Readonly<Record<string, number | boolean>>;
  /** The state before the first step, for n parameters. */
  initialState(size: number): State;
  /** Proposes the next theta and state; changes neither of those given. */
  step(objective: Objective, theta: Float64Array, state: State): Step<State>;
}

/** Options that every optimizer has. */
export interface CommonOptions {
  /** α ≥ 0. At 0, as where a schedule ends, no gradient moves theta. */
  readonly learningRate: number;
  /** Coupled weight decay λ ≥ 0: the gradient becomes g + λθ. Default 0. */
  readonly weightDecay?: number | undefined;
}

export const commonOptions = ["learningRate", "weightDecay"] as const;

/** @throws ArgumentError */
export function checkCommon(options: CommonOptions): Complete<CommonOptions> {
  const { learningRate, weightDecay = 0 } = options;
  requireNumber("learningRate", learningRate, { atLeast: 0 });
  requireNumber("weightDecay", weightDecay, { atLeast: 0 });
  return { learningRate, weightDecay };
}

/** @throws ArgumentError unless it is an optimizer */
export function requireOptimizer(optimizer: Optimizer, next = "sgd, adam, sam … make one"): void {
  requireObject("optimizer", optimizer, next);
  if (typeof optimizer.name !== "string")
    throw new ArgumentError({
      expected: "optimizer to have a name",
      got: describe(optimizer),
      next,
    });
  requireObject("optimizer.hyperparameters", optimizer.hyperparameters, next);
  for (const name of ["initialState", "step"] as const)
    requireFunction(`optimizer.${name}`, optimizer[name], next);
}

/** g + λθ. */
export function withDecay(gradient: Float64Array, weightDecay: number, theta: Float64Array): Float64Array {
  return weightDecay === 0 ? gradient : plusScaled(gradient, weightDecay, theta);
}
