import { type Batch, lossObjective, type Network } from "flatward";
import { LabError } from "../../errors.js";
import { type RunConfig, stepsOf } from "../../experiment/config.js";
import type { MethodConfig } from "../../experiment/methods.js";
import { inEvaluationMode } from "../../experiment/network/make.js";
import { hashOfBits } from "../../experiment/provenance.js";
import { train } from "../../experiment/train.js";

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
 * @param snapshots how many, evenly spaced in steps, beside the start
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
  const count = Math.min(snapshots, training.steps);
  const wanted = new Set(
    Array.from({ length: count }, (_, i) => Math.round(((i + 1) * training.steps) / count)),
  );
  const steps = [0];
  const thetas = [net.init(seed)];
  let step = 0;
  const end = train(net, batches, method as MethodConfig, training, {
    seed,
    curve: false,
    sharpness: false,
    afterStep: () => (wanted.has(++step) ? "checkpoint" : "go on"),
    onCheckpoint(reached) {
      steps.push(reached.steps);
      thetas.push(reached.theta);
    },
  });
  if (hashOfBits(end.theta) !== thetaSha256)
    throw new LabError(
      "data",
      "training the network again gave other parameters than are on record: its record is of another version of flatward, or of another kind of machine; train it anew",
    );
  if (steps.at(-1) !== end.steps) {
    steps.push(end.steps);
    thetas.push(end.theta);
  }
  const lossAt = (theta: Float64Array) =>
    lossObjective(inEvaluationMode(net, theta, batches.sample), batches.train).value(theta);
  return { steps, thetas, losses: thetas.map(lossAt) };
}
