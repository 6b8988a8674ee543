import { type Batch, type MinimizeStatus, threeLayerNet } from "flatward";
import type { Dataset } from "../data/dataset.js";
import { stratifiedSplit } from "../data/split.js";
import { fitStandardization, standardize } from "../data/standardize.js";
import { hessianSpectrum, measures, type Subject, unlessNonFinite } from "./measures.js";
import type { Method } from "./methods.js";
import type { ComparisonPlan } from "./plan.js";
import { hashOfBits } from "./provenance.js";
import { type CurvePoint, train } from "./train.js";

/** One method trained from one seed. */
export interface RunResult {
  readonly seed: number;
  readonly status: MinimizeStatus;
  readonly steps: number;
  /** Reproducible measures by id; NaN, null in JSON, where one overflowed. */
  readonly measures: Readonly<Record<string, number>>;
  /** All eigenvalues of the training loss Hessian, ascending. */
  readonly eigenvalues: readonly number[];
  readonly curve: readonly CurvePoint[];
  /** SHA-256 of the final parameters' bits. */
  readonly thetaSha256: string;
}

/** A run, and how fast its steps were: the part that differs from one time to the next. */
export interface TimedRun {
  readonly result: RunResult;
  readonly millisecondsPerStep: number;
}

/** Trains one method from one seed and measures what came out. `onStep` hears of every step. */
export function runMethod(
  dataset: Dataset,
  plan: ComparisonPlan,
  method: Method,
  seed: number,
  onStep: () => void,
): TimedRun {
  const net = networkFor(dataset, plan);
  const { trainBatch, testBatch } = prepare(dataset, plan.testFraction, seed);
  const { theta, status, steps, curve, millisecondsPerStep } = train(
    net,
    trainBatch,
    method,
    plan,
    seed,
    onStep,
  );
  const eigenvalues = hessianSpectrum(net, theta, trainBatch);
  const subject: Subject = {
    net,
    theta,
    train: trainBatch,
    test: testBatch,
    eigenvalues,
    millisecondsPerStep,
  };
  const reproducible = measures
    .filter((measure) => measure.reproducible)
    .map((measure) => [measure.id, unlessNonFinite(() => measure.of(subject), Number.NaN)] as const);
  const complete = reproducible.every(([, value]) => Number.isFinite(value));
  return {
    millisecondsPerStep,
    result: {
      seed,
      status: complete ? status : "non-finite",
      steps,
      measures: Object.fromEntries(reproducible),
      eigenvalues: Array.from(eigenvalues),
      curve,
      thetaSha256: hashOfBits(theta),
    },
  };
}

/** The network that every method trains. @throws ArgumentError */
export function networkFor({ features, classes }: Dataset, { hidden, activation, loss }: ComparisonPlan) {
  return threeLayerNet({ inputs: features.length, hidden, outputs: classes.length, activation, loss });
}

/** Splits and standardises, by the training part's mean and deviation. */
export function prepare(
  dataset: Dataset,
  testFraction: number,
  seed: number,
): { trainBatch: Batch; testBatch: Batch } {
  const split = stratifiedSplit(dataset, testFraction, seed);
  const rows = (indices: readonly number[]) => indices.map((i) => dataset.x[i]);
  const labels = (indices: readonly number[]) => Int32Array.from(indices, (i) => dataset.y[i]);
  const standardization = fitStandardization(rows(split.train));
  return {
    trainBatch: { x: standardize(rows(split.train), standardization), y: labels(split.train) },
    testBatch: { x: standardize(rows(split.test), standardization), y: labels(split.test) },
  };
}
