import { describe, expect, it } from "vitest";
import { loadSource } from "../../src/data/sources.js";
import { type RunConfig, runConfigSchema } from "../../src/experiment/config.js";
import { type MethodName, methodNames } from "../../src/experiment/methods.js";
import { prepare } from "../../src/experiment/prepare.js";
import { runTraining } from "../../src/experiment/run.js";
import type { Checkpoint } from "../../src/experiment/train.js";
import { checkpointBytes, readCheckpoint } from "../../src/sweep/checkpoint.js";
import { onward, someSettings, stoppedAfter } from "../support/networks.js";

const iris = loadSource({ name: "iris" });

function config(name: MethodName, batchSize: number | "full"): RunConfig {
  return runConfigSchema.parse({
    network: { hidden: 3 },
    method: { name, ...someSettings(name) },
    training: { steps: 25, batchSize },
    seed: 4,
    measures: ["trainLoss", "lambdaMax", "curve", "sharpness", "theta"],
  });
}

/** A checkpoint as its file has it, which is checked. */
function throughFile(of: RunConfig, checkpoint: Checkpoint): Checkpoint {
  const saved = { ...checkpoint, cell: "cell", wallSeconds: 1, cpuSeconds: null };
  const { length } = checkpoint.theta;
  const read = readCheckpoint(checkpointBytes(saved), "cell", of, length);
  expect(read).toBeDefined();
  return read as Checkpoint;
}

describe("every method", () => {
  it.each(methodNames.flatMap((name) => [[name, "full"] as const, [name, 32] as const]))(
    "%s, batches of %s, goes on from any checkpoint to the same bits",
    (name, batchSize) => {
      const whole = runTraining(iris, config(name, batchSize), onward)?.result;
      expect(whole?.steps).toBe(25);
      for (const stop of [1, 2, 12, 24]) {
        const of = config(name, batchSize);
        const rest = runTraining(iris, of, { ...onward, from: stoppedAfter(stop, iris, of) });
        expect(rest?.result).toEqual(whole);
      }
    },
  );

  it.each([
    ["trace", { every: 3, samples: 8, clip: 1 }],
    ["frobenius", { every: 3, samples: 8, estimator: "unbiased" }],
    ["largest-eigenvalue", { every: 3, samples: 8, products: 2 }],
    ["largest-eigenvalue", { products: 2 }],
    ["look-sam", { every: 3 }],
    ["esam", { parameterShare: 0.5 }],
  ] as const)("%s, made cheap, goes on from any checkpoint to the same bits: %o", (name, settings) => {
    const base = config(name, 30);
    const of = { ...base, method: { ...base.method, ...settings } } as RunConfig;
    const whole = runTraining(iris, of, onward)?.result;
    expect(whole?.steps).toBe(25);
    for (const stop of [1, 12, 13, 14]) {
      const from = throughFile(of, stoppedAfter(stop, iris, of));
      expect(runTraining(iris, of, { ...onward, from })?.result).toEqual(whole);
    }
  });

  it("moves: no two of them end at the same parameters", () => {
    const ends = methodNames.map(
      (name) => runTraining(iris, config(name, "full"), onward)?.result.thetaSha256,
    );
    expect(new Set(ends).size).toBe(methodNames.length);
  });
});

describe("wrong labels", () => {
  const settings = { testFraction: 0.25, labelNoise: 0.2, scaling: "standardize" as const };

  it("are the share that was asked for, of another class each, in training alone", () => {
    const right = prepare(iris, { ...settings, labelNoise: 0 }, 3);
    const wrong = prepare(iris, settings, 3);
    const labels = (y: unknown) => [...(y as Int32Array)];
    const differing = labels(right.train.y).filter((label, i) => label !== labels(wrong.train.y)[i]);
    expect(differing).toHaveLength(Math.round(0.2 * labels(right.train.y).length));
    expect(labels(wrong.train.y).every((label) => label >= 0 && label < 3)).toBe(true);
    expect(wrong.test).toEqual(right.test);
    expect(wrong.train.x).toEqual(right.train.x);
  });

  it("are drawn by the seed", () => {
    expect(prepare(iris, settings, 3).train.y).toEqual(prepare(iris, settings, 3).train.y);
    expect(prepare(iris, settings, 3).train.y).not.toEqual(prepare(iris, settings, 5).train.y);
  });
});
