import { type Batch, lossObjective, type Network } from "flatward";
import type { LabelledSamples } from "../data/dataset.js";
import { type RunConfig, stepsOf } from "./config.js";
import { countOf } from "./measures/evaluation.js";
import type { Measure, MeasureGroup } from "./measures/measure.js";
import {
  type CurvePoint,
  type MeasuredNetwork,
  measuredNetwork,
  type SharpnessPoint,
  unlessNonFinite,
} from "./measures/measured-network.js";
import { measures, needOf } from "./measures/measures.js";
import { isTiny } from "./measures/needs.js";
import { recordings } from "./measures/recordings.js";
import type { Method } from "./method.js";
import { stepsOfMethod } from "./method-steps.js";
import { type MethodConfig, methods, settingsOf } from "./methods.js";
import { inEvaluationMode, networkFor, normalizesBatches } from "./network/make.js";
import { type Batches, curvatureSample, prepare } from "./prepare.js";
import type { RunStatus } from "./status.js";
import { type Trained, type TrainOptions, train } from "./train.js";

/** What a training run gave: the same bits wherever and whenever it runs. */
export interface RunResult {
  readonly status: RunStatus;
  readonly steps: number;
  /** n. */
  readonly parameters: number;
  /** Of the training part. */
  readonly trainingSamples: number;
  /** SHA-256 of the final parameters' bits. */
  readonly thetaSha256: string;
  /** By id; NaN, null in JSON, where one overflowed. */
  readonly measures: Readonly<Record<string, number>>;
  readonly eigenvalues?: readonly number[];
  readonly curve?: readonly CurvePoint[];
  readonly sharpness?: readonly SharpnessPoint[];
  readonly theta?: readonly number[];
}

/** A result, and how long its steps took: the part that differs from one time to the next. */
export interface TimedResult {
  readonly result: RunResult;
  /** Of all steps, those before a resumption included; no measurement. */
  readonly milliseconds: number;
}

/** What a run needs of its platform, and its callbacks. */
export interface RunControl extends Omit<TrainOptions, "seed" | "curve" | "sharpness"> {
  /** SHA-256 of the bits of a vector, hexadecimal. */
  readonly hashOfBits: (values: Float64Array) => string;
}

/**
 * Trains one network and measures what came out. Needs JavaScript and `performance`, no more: runs in a browser too.
 * @returns nothing when it was stopped on the way, after its checkpoint was handed over
 * @throws LabError, FlatwardError
 */
export function runTraining(
  dataset: LabelledSamples,
  config: RunConfig,
  { hashOfBits, ...control }: RunControl,
): TimedResult | undefined {
  const net = networkFor(dataset, config.network);
  const batches = prepare(dataset, config.training, config.seed);
  const sample = curvatureSample(batches.train, config);
  const training = { ...config.training, steps: stepsOf(config) };
  const trained = train(net, { ...batches, sample }, config.method as MethodConfig, training, {
    ...control,
    seed: config.seed,
    curve: config.measures.includes("curve"),
    sharpness: config.measures.includes("sharpness"),
  });
  if (trained.status === "stopped") return undefined;
  const identified = { ...trained, thetaSha256: hashOfBits(trained.theta) };
  return {
    result: measure(net, { ...batches, sample }, identified, config),
    milliseconds: trained.milliseconds,
  };
}

/** Groups whose measures may be missing at a point where loss and curvature are as they should be. */
const partial: readonly MeasureGroup[] = ["filter", "sharpness", "certainty"];

/** Not every optimizer has a filter, not every sharpness is defined everywhere, and a ratio to 0 is none. */
function mayBeMissing({ group, format }: Measure): boolean {
  return partial.includes(group) || format === "ratio";
}

function measure(
  net: Network,
  batches: Batches & { readonly sample: Batch },
  {
    theta,
    thetaSha256,
    curve,
    sharpness,
    steps,
    status,
    milliseconds,
  }: Trained & Pick<RunResult, "thetaSha256">,
  { method, training, measures: wanted, seed }: RunConfig,
): RunResult {
  const { regularized, optimizer }: Method = methods[method.name];
  const { gradients } = stepsOfMethod(net, { method, training }, countOf(batches.train));
  const whole = isTiny(net) || wanted.some((id) => needOf(id) === "whole spectrum");
  const network = measuredNetwork(
    {
      net: unlessNonFinite(() => inEvaluationMode(net, theta, batches.sample), net),
      ...(normalizesBatches(net) ? { training: net } : {}),
      theta,
      ...(regularized ? {} : { optimizer: optimizer(settingsOf(method as MethodConfig)) }),
      ...batches,
      curve,
      sharpness,
      l2: training.l2,
      effort: { steps, gradients: Math.round(steps * gradients), milliseconds },
    },
    whole,
  );
  const values = measures
    .filter(({ id, reproducible }) => reproducible && wanted.includes(id))
    .map((measure) => [measure, unlessNonFinite(() => measure.of(network), Number.NaN)] as const);
  const complete = values.every(([measure, value]) => mayBeMissing(measure) || Number.isFinite(value));
  const recorded = Object.entries(recordings)
    .filter(([id]) => wanted.includes(id))
    .map(([id, recording]) => [id, recording.of(network)]);
  return {
    status: !complete ? "non-finite" : endedHigh(net, network, seed) ? "diverged" : status,
    steps,
    parameters: net.size,
    trainingSamples: countOf(batches.train),
    thetaSha256,
    measures: Object.fromEntries(values.map(([{ id }, value]) => [id, value])),
    ...Object.fromEntries(recorded),
  };
}

/** A training loss this much above where it was counts as higher. */
const HIGHER = 1.1;

/** Whether the training loss is higher than at the start, and than with all parameters 0, where outputs do not depend on inputs. */
function endedHigh(
  net: Network,
  { trainObjective, theta, train, sample }: MeasuredNetwork,
  seed: number,
): boolean {
  const lossAt = (point: Float64Array) =>
    unlessNonFinite(
      () => lossObjective(inEvaluationMode(net, point, sample), train).value(point),
      Number.POSITIVE_INFINITY,
    );
  const end = unlessNonFinite(() => trainObjective.value(theta), Number.NaN);
  return end > HIGHER * lossAt(net.init(seed)) && end > HIGHER * lossAt(new Float64Array(net.size));
}
