import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  asam,
  FlatwardError,
  heavyBall,
  isStable,
  minibatchObjective,
  minimize,
  nesterov,
  objectiveOf,
  rmsprop,
  sgd,
  stableSpectrum,
  usam,
} from "../../src/index.js";
import * as optim from "../../src/optim/index.js";
import { clipped, scheduled } from "../../src/optim/index.js";
import { gradientNormObjective, noiseObjective, weightDecayObjective } from "../../src/regularizers/index.js";
import { quadratic } from "../optim/quadratic.js";
import { refusals } from "./refusals.js";

const descent = sgd({ learningRate: 0.1 });
const well = quadratic([1, 2]);
const at = Float64Array.of(1, 1);
const wrong = [undefined, null, {}, [], 2, "sgd", true, () => 1, { size: 2 }, { name: "sgd" }] as never[];

describe("whatever is passed for an argument of src/optim,", () => {
  const functions = Object.entries(optim) as unknown as [string, (...args: unknown[]) => unknown][];

  it.each(functions)("%s returns, or throws an error that names a function", (_, call) => {
    for (const first of [...wrong, descent, well])
      for (const second of [...wrong, at, { strength: 1 }])
        for (const third of [undefined, {}, descent]) {
          try {
            call(first, second, third, { steps: 1 });
          } catch (error) {
            expect(error).toBeInstanceOf(FlatwardError);
            expect((error as Error).message).toMatch(/^[A-Za-z]+: expected .+, got .+/);
          }
        }
  });
});

describe("an ArgumentError refuses, of what is no objective or optimizer,", () => {
  const partial = { size: 2 } as never;
  const nothing = undefined as never;
  refusals(ArgumentError, "invalid-argument", [
    [
      "the spectrum of nothing",
      () => stableSpectrum({} as never),
      /stableSpectrum: .*optimizer to have a name/,
    ],
    [
      "the stability of a number",
      () => isStable(3 as never, 1),
      /isStable: .*optimizer to be an object, got 3/,
    ],
    [
      "hyperparameters alone",
      () => stableSpectrum({ name: "sgd" } as never),
      /optimizer\.hyperparameters to be an object/,
    ],
    [
      "a size alone",
      () => minimize(partial, at, descent, { steps: 1 }),
      /minimize: .*objective\.value to be a function, got undefined; lossObjective makes one/,
    ],
    [
      "a function",
      () => minimize((() => 1) as never, at, descent, { steps: 1 }),
      /objective to be an object/,
    ],
    [
      "an optimizer without steps",
      () => minimize(well, at, { ...descent, step: undefined } as never, { steps: 1 }),
      /minimize: .*optimizer\.step to be a function/,
    ],
    [
      "onStep that is a number",
      () => minimize(well, at, descent, { steps: 1, onStep: 5 as never }),
      /minimize: .*onStep to be a function, got 5/,
    ],
    [
      "a start of nothing",
      () => minimize(well, at, descent, { steps: 1, from: 5 as never }),
      /minimize: .*from to be an object/,
    ],
    [
      "no objective of samples",
      () => minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, () => nothing),
      /minibatchObjective: expected objective to be an object, got undefined/,
    ],
    [
      "no optimizer of a later step",
      () =>
        scheduled(
          (rate) => (rate === 1 ? descent : nothing),
          (step) => 1 - step,
        ).at(1),
      /scheduled: expected optimizer to be an object, got undefined/,
    ],
    ["no mini-batches", () => minibatchObjective(undefined as never, () => well), /options to be an object/],
    [
      "no objective of samples",
      () => minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, undefined as never),
      /minibatchObjective: .*objectiveOn to be a function/,
    ],
    [
      "an objective of samples that is none",
      () => minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, () => partial),
      /minibatchObjective: .*objective\.value/,
    ],
    [
      "mini-batches without a seed",
      () => minibatchObjective({ count: 2, batchSize: 1 } as never, () => well),
      /minibatchObjective: .*seed/,
    ],
    [
      "an objective of no size",
      () => objectiveOf(undefined as never, () => ({}) as never),
      /objectiveOf: .*size/,
    ],
    [
      "an objective of no function",
      () => objectiveOf(2, 3 as never),
      /objectiveOf: .*valueAndGradient.*got 3/,
    ],
    ["a clip of a size", () => clipped(partial, { norm: 1 }), /clipped: .*objective\.value/],
    [
      "noise on a size",
      () => noiseObjective(partial, { deviation: 1, seed: 1 }),
      /noiseObjective: .*objective\.value/,
    ],
    [
      "decay of a size",
      () => weightDecayObjective(partial, { strength: 1 }),
      /weightDecayObjective: .*objective\.value/,
    ],
    ["the gradient of a size", () => gradientNormObjective(partial, { strength: 1 }), /objective\.value/],
    [
      "a schedule that makes nothing",
      () => scheduled((() => 5) as never, () => 1),
      /scheduled: .*optimizer to be/,
    ],
  ]);
});

describe("an ArgumentError refuses, of hyperparameters,", () => {
  refusals(ArgumentError, "invalid-argument", [
    ["no momentum for a heavy ball", () => heavyBall({ learningRate: 1 } as never), /heavyBall: .*momentum/],
    ["momentum of 1", () => nesterov({ learningRate: 1, momentum: 1 }), /nesterov: .*momentum.*< 1/],
    ["a smoothing of 1", () => rmsprop({ learningRate: 1, smoothing: 1 }), /rmsprop: .*smoothing.*< 1/],
    ["centered that is a word", () => rmsprop({ learningRate: 1, centered: "no" as never }), /true or false/],
    ["a negative offset", () => asam({ learningRate: 1, radius: 1, offset: -1 }), /asam: .*offset.*≥ 0/],
    ["usam without radius", () => usam({ learningRate: 1 } as never), /usam: .*radius/],
    ["usam without options", () => usam(undefined as never), /usam: .*options to be an object/],
    ["asam without options", () => asam(undefined as never), /asam: .*options to be an object/],
    ["dampening of 1", () => sgd({ learningRate: 1, momentum: 0.5, dampening: 1 }), /dampening.*< 1/],
    [
      "dampening without momentum",
      () => sgd({ learningRate: 1, dampening: 0.5 }),
      /momentum > 0 with dampening/,
    ],
    [
      "dampening with nesterov",
      () => sgd({ learningRate: 1, momentum: 0.5, dampening: 0.5, nesterov: true }),
      /no dampening with nesterov/,
    ],
    [
      "decoupled that is a number",
      () => sgd({ learningRate: 1, decoupledDecay: 1 as never }),
      /decoupledDecay to be true or false/,
    ],
  ]);
});
