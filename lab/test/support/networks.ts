import { deserialize, serialize } from "node:v8";
import { expect } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { loadSource } from "../../src/data/sources.js";
import { type RunConfig, runConfigSchema } from "../../src/experiment/config.js";
import { type MethodName, methods } from "../../src/experiment/methods.js";
import { hashOfBits } from "../../src/experiment/provenance.js";
import { type RunResult, runTraining } from "../../src/experiment/run.js";
import type { Checkpoint } from "../../src/experiment/train.js";
import { type Description, parseDescription } from "../../src/sweep/description.js";
import { type Manifest, manifestOf } from "../../src/sweep/manifest.js";
import { scratch } from "./run.js";
import type { PlanContent } from "./sweeps.js";

export const iris = loadSource({ name: "iris" });
export const digits = loadSource({ name: "digits" });

/** Layers for flowers: as few as can be, and one of every kind that is another in training. */
export const small = [{ kind: "dense", outputs: 5 }, { kind: "relu" }, { kind: "dense" }];
export const normalized = [
  { kind: "dense", outputs: 5 },
  { kind: "batchNorm" },
  { kind: "tanh" },
  { kind: "dropout", rate: 0.3 },
  { kind: "residual", layers: [{ kind: "dense", outputs: 5 }, { kind: "relu" }] },
  { kind: "dense" },
];
/** Layers for the digits. */
export const images = [
  { kind: "conv2d", channels: 2, kernel: 3 },
  { kind: "relu" },
  { kind: "maxPool2d", size: 2 },
  { kind: "flatten" },
  { kind: "dense" },
];

export const plan: PlanContent = {
  data: "iris",
  network: { kind: "sequential", layers: small },
  methods: [{ name: "gradient-descent", learningRate: 0.1 }],
  training: { steps: 5 },
  seeds: [1],
  measures: ["trainLoss", "lambdaMax"],
};

/** The manifest of that plan with changes, as by an engine that never changes. */
export function manifest(changes: PlanContent = {}): Manifest {
  const description: Description = parseDescription(JSON.stringify({ ...plan, ...changes }), "plan.json");
  return manifestOf({ description, name: "test", folder: scratch() }, "test-engine");
}

export function config(layers: readonly object[], changes: object = {}): RunConfig {
  return runConfigSchema.parse({
    network: { kind: "sequential", layers },
    method: { name: "gradient-descent", learningRate: 0.1 },
    training: { steps: 8, batchSize: 32 },
    seed: 3,
    measures: ["trainLoss", "testLoss", "lambdaMax", "lambdaMin", "theta"],
    ...changes,
  });
}

/** Trains to the end. */
export const onward = { hashOfBits, afterStep: () => "go on" as const, onCheckpoint: () => {} };

/** The checkpoint of a run that is stopped after so many steps, as it comes back from a file. */
export function stoppedAfter(stop: number, dataset: Dataset, of: RunConfig): Checkpoint {
  let checkpoint: Checkpoint | undefined;
  let steps = 0;
  const part = runTraining(dataset, of, {
    hashOfBits,
    afterStep: () => (++steps === stop ? "stop" : "go on"),
    onCheckpoint(reached) {
      checkpoint = deserialize(serialize(reached));
    },
  });
  expect(part).toBeUndefined();
  expect(checkpoint?.steps).toBe(stop);
  return checkpoint as Checkpoint;
}

export function run(dataset: typeof iris, of: RunConfig): RunResult {
  const timed = runTraining(dataset, of, onward);
  if (timed === undefined) throw new Error("it was stopped");
  return timed.result;
}

/** A value for every hyperparameter that has no default. */
const values: Readonly<Record<string, number>> = {
  learningRate: 0.05,
  momentum: 0.5,
  weightDecay: 0.01,
  radius: 0.1,
  strength: 0.05,
  smoothing: 0.1,
  deviation: 0.1,
};

/** A value for each hyperparameter of a method that has no default. */
export function someSettings(name: MethodName): Readonly<Record<string, number>> {
  const keys = Object.keys(methods[name].hyperparameters).filter((key) => key in values);
  return Object.fromEntries(keys.map((key) => [key, values[key]]));
}
