import {
  type Batch,
  hessianOperator,
  lanczos,
  lossObjective,
  type MinimizeStatus,
  minibatchObjective,
  minimize,
  type Network,
  type Objective,
  selectSamples,
  spectralMoments,
  wsBounds,
} from "flatward";
import type { TrainingConfig } from "./config.js";
import { countOf } from "./evaluation.js";
import { type MethodConfig, methods, settingsOf } from "./methods.js";
import { atRest, hasClosedForm } from "./network/make.js";
import { type CurvePoint, type SharpnessPoint, unlessNonFinite } from "./subject.js";

/** Where a training run stands: enough to go on from it to the same bits. */
export interface Checkpoint {
  readonly theta: Float64Array;
  readonly steps: number;
  /** The optimizer's. */
  readonly state: unknown;
  readonly curve: readonly CurvePoint[];
  readonly sharpness: readonly SharpnessPoint[];
}

export interface TrainOptions {
  readonly seed: number;
  /** Record the curve. */
  readonly curve: boolean;
  /** Record λ_max along training. */
  readonly sharpness: boolean;
  /** Go on from here. */
  readonly from?: Checkpoint;
  /** Called after every step; "stop" ends the run there, "checkpoint" asks for one. */
  readonly afterStep: () => "go on" | "checkpoint" | "stop";
  readonly onCheckpoint: (checkpoint: Checkpoint) => void;
}

export interface Trained {
  readonly theta: Float64Array;
  /** "stopped" when `afterStep` said so; a checkpoint was handed over then. */
  readonly status: MinimizeStatus;
  readonly steps: number;
  readonly curve: readonly CurvePoint[];
  readonly sharpness: readonly SharpnessPoint[];
  /** Median over the steps of this call; null when there was none. */
  readonly millisecondsPerStep: number | null;
}

/** Points recorded along a training curve. */
const CURVE_POINTS = 30;
/** Of λ_max along training, relative to ‖H‖. */
const SHARPNESS_TOLERANCE = 1e-6;

/** Trains from the network's initial parameters of `seed`, or goes on from a checkpoint. */
export function train(
  net: Network,
  { train: batch, sample }: { readonly train: Batch; readonly sample: Batch },
  method: MethodConfig,
  training: TrainingConfig,
  options: TrainOptions,
): Trained {
  const { seed, from, afterStep, onCheckpoint } = options;
  const recordAt = curveSteps(training.steps);
  const curve: CurvePoint[] = [...(from?.curve ?? [])];
  const sharpness: SharpnessPoint[] = [...(from?.sharpness ?? [])];
  const record = (step: number, theta: Float64Array): void => {
    if (options.curve && curve.at(-1)?.step !== step)
      curve.push(curvePoint(atRest(net, theta, sample), theta, batch, step));
    if (options.sharpness && sharpness.at(-1)?.step !== step)
      sharpness.push({ step, lambdaMax: lambdaMax(atRest(net, theta, sample), theta, sample) });
  };
  const times: number[] = [];
  const firstStep = from?.steps ?? 0;
  let started = performance.now();

  const optimizer = methods[method.name].optimizer(settingsOf(method));
  const run = minimize(
    objectiveFor(net, batch, method, training, seed),
    from?.theta ?? net.init(seed),
    optimizer,
    {
      steps: training.steps - firstStep,
      gradientTolerance: training.gradientTolerance,
      ...(from ? { from } : {}),
      onStep({ step, theta, state }) {
        if (step > firstStep) times.push(performance.now() - started);
        if (recordAt.has(step)) record(step, theta);
        const next = step > firstStep && step < training.steps ? afterStep() : "go on";
        if (next !== "go on")
          onCheckpoint({ theta, steps: step, state, curve: [...curve], sharpness: [...sharpness] });
        started = performance.now();
        return next !== "stop";
      },
    },
  );
  record(run.steps, run.theta);
  return {
    theta: run.theta,
    status: run.status,
    steps: run.steps,
    curve,
    sharpness,
    millisecondsPerStep: median(times),
  };
}

function objectiveFor(
  net: Network,
  batch: Batch,
  method: MethodConfig,
  { batchSize }: TrainingConfig,
  seed: number,
): Objective {
  const objective = (part: Batch) => methods[method.name].objective(net, part, settingsOf(method), seed);
  const count = countOf(batch);
  if (batchSize === "full" || batchSize >= count) return objective(batch);
  return minibatchObjective({ count, batchSize, seed }, (samples) =>
    objective(selectSamples(batch, samples)),
  );
}

function curvePoint(net: Network, theta: Float64Array, batch: Batch, step: number): CurvePoint {
  const trainLoss = unlessNonFinite(() => lossObjective(net, batch).value(theta), Number.NaN);
  if (!hasClosedForm(net)) return { step, trainLoss };
  const wsBound = () => wsBounds(spectralMoments(net, theta, batch)).largest.upper;
  return { step, trainLoss, wsBound: unlessNonFinite(wsBound, Number.NaN) };
}

function lambdaMax(net: Network, theta: Float64Array, sample: Batch): number {
  const largest = () => lanczos(hessianOperator(net, theta, sample), { tolerance: SHARPNESS_TOLERANCE });
  return unlessNonFinite(() => largest().values[0], Number.NaN);
}

/** Steps to record, denser at the start, where most happens. */
function curveSteps(steps: number): Set<number> {
  return new Set(
    Array.from({ length: CURVE_POINTS + 1 }, (_, i) =>
      Math.round((steps * i * i) / (CURVE_POINTS * CURVE_POINTS)),
    ),
  );
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
