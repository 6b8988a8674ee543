import {
  type Batch,
  lossAndGradient,
  type MinimizeStatus,
  minibatchObjective,
  minimize,
  type Objective,
  selectSamples,
  spectralMoments,
  type ThreeLayerNet,
  wsBounds,
} from "flatward";
import { unlessNonFinite } from "./measures.js";
import type { Method } from "./methods.js";

export interface Budget {
  readonly steps: number;
  /** Samples a step; the whole training set when absent. */
  readonly batchSize?: number;
}

/** The training loss and its WS bound after `step` steps, on the whole training set. */
export interface CurvePoint {
  readonly step: number;
  readonly trainLoss: number;
  readonly wsBound: number;
}

export interface TrainedRun {
  readonly theta: Float64Array;
  readonly status: MinimizeStatus;
  readonly steps: number;
  readonly curve: readonly CurvePoint[];
  /** Median over steps. */
  readonly millisecondsPerStep: number;
}

/** Points recorded along a training curve. */
const CURVE_POINTS = 30;

/** Trains from the network's initial parameters of `seed`. `onProgress` hears of every step. */
export function train(
  net: ThreeLayerNet,
  batch: Batch,
  method: Method,
  budget: Budget,
  seed: number,
  onProgress: () => void,
): TrainedRun {
  const recordAt = curveSteps(budget.steps);
  const curve: CurvePoint[] = [];
  const times: number[] = [];
  let started = performance.now();
  const run = minimize(objectiveFor(net, batch, method, budget, seed), net.init(seed), method.optimizer(), {
    steps: budget.steps,
    onStep({ step, theta }) {
      times.push(performance.now() - started);
      if (recordAt.has(step)) curve.push(curvePoint(net, theta, batch, step));
      if (step > 0) onProgress();
      started = performance.now();
    },
  });
  if (curve.at(-1)?.step !== run.steps) curve.push(curvePoint(net, run.theta, batch, run.steps));
  return {
    theta: run.theta,
    status: run.status,
    steps: run.steps,
    curve,
    millisecondsPerStep: median(times),
  };
}

function objectiveFor(
  net: ThreeLayerNet,
  batch: Batch,
  method: Method,
  { batchSize }: Budget,
  seed: number,
): Objective {
  const count = (batch.y as ArrayLike<number>).length;
  if (batchSize === undefined || batchSize >= count) return method.objective(net, batch);
  return minibatchObjective({ count, batchSize, seed }, (samples) =>
    method.objective(net, selectSamples(batch, samples)),
  );
}

function curvePoint(net: ThreeLayerNet, theta: Float64Array, batch: Batch, step: number): CurvePoint {
  return {
    step,
    trainLoss: unlessNonFinite(() => lossAndGradient(net, theta, batch).loss, Number.NaN),
    wsBound: unlessNonFinite(() => wsBounds(spectralMoments(net, theta, batch)).largest.upper, Number.NaN),
  };
}

/** Steps to record, denser at the start, where most happens. */
function curveSteps(steps: number): Set<number> {
  return new Set(
    Array.from({ length: CURVE_POINTS + 1 }, (_, i) =>
      Math.round((steps * i * i) / (CURVE_POINTS * CURVE_POINTS)),
    ),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
