import { type Batch, lossObjective, type Network } from "flatward";
import { LabError } from "../errors.js";
import { type RunConfig, stepsOf } from "../experiment/config.js";
import type { MethodConfig } from "../experiment/methods.js";
import { inEvaluationMode } from "../experiment/network/make.js";
import { hashOfBits } from "../experiment/provenance.js";
import { train } from "../experiment/train.js";

/** Parameters along a training, its start and its end included. */
export interface Trajectory {
  readonly steps: readonly number[];
  readonly thetas: readonly Float64Array[];
  /** The training loss at each. */
  readonly losses: readonly number[];
}

/**
 * Trains again what was trained before, and keeps parameters on the way.
 * @param net as it was trained
 * @param snapshots how many, evenly spaced in the length of the path, beside the start
 * @param thetaSha256 what must come out
 * @throws LabError "data" where other bits come out
 */
export function replayTraining(
  net: Network,
  batches: { readonly train: Batch; readonly sample: Batch },
  config: Pick<RunConfig, "method" | "training" | "seed">,
  snapshots: number,
  thetaSha256: string,
): Trajectory {
  const { method, seed } = config;
  const training = { ...config.training, steps: stepsOf(config) };
  let passed: Passed[] = [{ step: 0, theta: net.init(seed), travelled: 0 }];
  const pass = (step: number, theta: Float64Array): void => {
    const last = passed[passed.length - 1];
    passed.push({ step, theta, travelled: last.travelled + distance(theta, last.theta) });
    // Of the way so far, more than are wanted: how long it will be is not known yet.
    if (passed.length > KEPT * (snapshots + 1)) passed = spacedOut(passed, (KEPT / 2) * snapshots);
  };
  const end = train(net, batches, method as MethodConfig, training, {
    seed,
    curve: false,
    sharpness: false,
    afterStep: () => "checkpoint",
    onCheckpoint: ({ steps, theta }) => pass(steps, theta),
  });
  if (hashOfBits(end.theta) !== thetaSha256)
    throw new LabError(
      "data",
      "training the network again gave other parameters than are on record: its record is of another version of flatward, or of another kind of machine; train it anew",
    );
  if (passed[passed.length - 1].step !== end.steps) pass(end.steps, end.theta);
  const kept = spacedOut(passed, snapshots);
  const thetas = kept.map(({ theta }) => theta);
  const lossAt = (theta: Float64Array) =>
    lossObjective(inEvaluationMode(net, theta, batches.sample), batches.train).value(theta);
  return { steps: kept.map(({ step }) => step), thetas, losses: thetas.map(lossAt) };
}

/** A point of a training, and how long the way there was. */
interface Passed {
  readonly step: number;
  readonly theta: Float64Array;
  readonly travelled: number;
}

/** Points that are kept on the way, in multiples of those that are wanted. */
const KEPT = 8;

/** The start, the end, and of the points between those nearest to places evenly spaced along the way. */
function spacedOut(points: readonly Passed[], count: number): Passed[] {
  const { travelled } = points[points.length - 1];
  if (points.length <= count + 1) return [...points];
  const kept = [points[0]];
  let next = 1;
  for (let i = 1; i < count; i++) {
    const place = (travelled * i) / count;
    // As many must be left as there are places to come.
    const last = points.length - 1 - (count - i);
    while (next < last && nearer(points[next + 1], points[next], place)) next++;
    kept.push(points[next]);
    if (next < last + 1) next++;
  }
  return [...kept, points[points.length - 1]];
}

function nearer(one: Passed, other: Passed, place: number): boolean {
  return Math.abs(one.travelled - place) <= Math.abs(other.travelled - place);
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) * (value - b[i]), 0));
}
