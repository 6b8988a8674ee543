import {
  type Batch,
  hessianOperator,
  lanczos,
  lossObjective,
  minimize,
  type Network,
  type Objective,
  randomStream,
  spectralMoments,
  wsBounds,
} from "flatward";
import type { MinimizeStatus } from "flatward/optim";
import { weightDecayObjective } from "flatward/regularizers";
import type { TrainingConfig } from "./config.js";
import { countOf } from "./measures/evaluation.js";
import {
  type CurvePoint,
  type Recorded,
  type SharpnessPoint,
  unlessNonFinite,
} from "./measures/measured-network.js";
import type { Method } from "./method.js";
import { type MethodConfig, methods, settingsOf } from "./methods.js";
import { hasMoments, inEvaluationMode } from "./network/make.js";

/** The state of a training run: enough to resume it to the same bits. */
export interface Checkpoint extends Recorded {
  readonly theta: Float64Array;
  readonly steps: number;
  /** The optimizer's. */
  readonly state: unknown;
  /** The objective's, where it remembers steps. */
  readonly objectiveState?: unknown;
  /** That it has had. */
  readonly perturbations: number;
  /** Steps in a row, before this one, at whose beginning the gradient was within the tolerance. */
  readonly restingSteps: number;
  /** That all steps have taken. */
  readonly milliseconds: number;
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

export interface Trained extends Recorded {
  readonly theta: Float64Array;
  /** "stopped" when `afterStep` said so; a checkpoint was handed over then. */
  readonly status: MinimizeStatus;
  readonly steps: number;
  /** That all steps have taken, without what was recorded on the way. */
  readonly milliseconds: number;
}

/** Points recorded along a training curve. */
const CURVE_POINTS = 30;
/** Its start and its end among them. */
export const MAX_POINTS = CURVE_POINTS + 2;
/** Size of a perturbation, relative to ‖θ‖. */
const PERTURBATION = 0.01;
/**
 * Steps in a row within the tolerance after which a run counts as converged, and is perturbed. Orbits beyond the
 * edge return to an unstable point again and again, as close as one likes, and leave it within tens of steps.
 */
const REST = 100;
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
      curve.push(curvePoint(inEvaluationMode(net, theta, sample), theta, { batch, sample }, step));
    if (options.sharpness && sharpness.at(-1)?.step !== step)
      sharpness.push({ step, lambdaMax: lambdaMax(inEvaluationMode(net, theta, sample), theta, sample) });
  };
  let { perturbations, restingSteps, milliseconds } = from ?? {
    perturbations: 0,
    restingSteps: 0,
    milliseconds: 0,
  };
  const objective = objectiveFor(net, batch, method, training, seed);
  const optimizer = methods[method.name].optimizer(settingsOf(method));

  const { gradientTolerance } = training;
  // With mini-batches or noise, a gradient that vanishes for one step means nothing.
  const mayRest = training.perturbations > 0 && objective.beginStep === undefined;

  const descend = (theta: Float64Array, start?: Pick<Checkpoint, "steps" | "state" | "objectiveState">) => {
    const firstStep = start?.steps ?? 0;
    let started = performance.now();
    return minimize(objective, theta, optimizer, {
      steps: training.steps - firstStep,
      gradientTolerance: mayRest ? 0 : gradientTolerance,
      ...(start ? { from: start } : {}),
      onStep({ step, theta, gradientNorm, state, objectiveState }) {
        if (step > firstStep) milliseconds += performance.now() - started;
        if (recordAt.has(step)) record(step, theta);
        const next = step > firstStep && step < training.steps ? afterStep() : "go on";
        if (next !== "go on") {
          const recorded = { curve: [...curve], sharpness: [...sharpness] };
          const remembered = objectiveState === undefined ? {} : { objectiveState };
          const states = { state, ...remembered, perturbations, restingSteps, milliseconds };
          onCheckpoint({ theta, steps: step, ...states, ...recorded });
        }
        restingSteps = gradientNorm <= gradientTolerance ? restingSteps + 1 : 0;
        started = performance.now();
        return next !== "stop" && !(mayRest && restingSteps >= REST);
      },
    });
  };
  let run = descend(from?.theta ?? net.init(seed), from);
  // A gradient of exactly 0 ends the run.
  const rests = () => mayRest && (restingSteps >= REST || run.status === "converged");
  while (rests() && perturbations < training.perturbations) {
    restingSteps = 0;
    run = descend(perturbed(run.theta, seed, ++perturbations), run);
  }
  record(run.steps, run.theta);
  const { theta, steps } = run;
  return { theta, status: rests() ? "converged" : run.status, steps, curve, sharpness, milliseconds };
}

/** Theta moved in a random direction: a fixed point that is not stable is then left. */
function perturbed(theta: Float64Array, seed: number, count: number): Float64Array {
  const draws = randomStream(seed, "push", count);
  const direction = theta.map(() => draws.normal());
  const length = (v: Float64Array) => Math.sqrt(v.reduce((sum, entry) => sum + entry * entry, 0));
  const size = (PERTURBATION * length(theta)) / length(direction);
  return theta.map((entry, i) => entry + size * direction[i]);
}

function objectiveFor(
  net: Network,
  batch: Batch,
  method: MethodConfig,
  { batchSize, l2 }: TrainingConfig,
  seed: number,
): Objective {
  const { objective }: Method = methods[method.name];
  const ofStep = batchSize === "full" || batchSize >= countOf(batch) ? undefined : batchSize;
  const own = objective(net, batch, settingsOf(method), seed, ofStep);
  return l2 === 0 ? own : weightDecayObjective(own, { strength: l2 });
}

function curvePoint(
  net: Network,
  theta: Float64Array,
  { batch, sample }: { readonly batch: Batch; readonly sample: Batch },
  step: number,
): CurvePoint {
  const trainLoss = unlessNonFinite(() => lossObjective(net, batch).value(theta), Number.NaN);
  if (!hasMoments(net)) return { step, trainLoss };
  const wsBound = () => wsBounds(spectralMoments(net, theta, sample)).largest.upper;
  return { step, trainLoss, wsBound: unlessNonFinite(wsBound, Number.NaN) };
}

function lambdaMax(net: Network, theta: Float64Array, sample: Batch): number {
  const options = { tolerance: SHARPNESS_TOLERANCE, certify: false };
  const largest = () => lanczos(hessianOperator(net, theta, sample), options);
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
