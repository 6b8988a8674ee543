import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  lossObjective,
  minibatchObjective,
  minimize,
  objectiveOf,
  selectSamples,
  sgd,
} from "../../src/index.js";
import { minibatches } from "../../src/optim/index.js";
import { makeCase } from "../cases.js";
import { expectClose } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { quadratic } from "./quadratic.js";

/** An objective that only remembers which samples each step saw. */
function recorder(count: number, batchSize: number, seed: number) {
  const seen: number[][] = [];
  const objective = minibatchObjective({ count, batchSize, seed }, (samples) => {
    seen.push(Array.from(samples));
    return objectiveOf(1, () => ({ value: samples.length, gradient: Float64Array.of(samples[0]) }));
  });
  return { objective, seen };
}

function epochs(count: number, batchSize: number, seed: number, steps: number): number[][] {
  const { objective, seen } = recorder(count, batchSize, seed);
  seen.length = 0;
  for (let step = 0; step < steps; step++) objective.beginStep?.(step);
  return seen;
}

describe("minibatches", () => {
  const batches = minibatches({ count: 10, batchSize: 3, seed: 5 });

  it("are those that minibatchObjective steps through", () => {
    const steps = epochs(10, 3, 5, 12);
    expect(steps.map((_, step) => [...batches.at(step)])).toEqual(steps);
    const byEpoch = [0, 1, 2].flatMap((epoch) => [...batches.epoch(epoch)]);
    expect(byEpoch.map((samples) => [...samples])).toEqual(steps);
    expect(batches.perEpoch).toBe(4);
  });

  it("stay what they are while others are asked for, and an epoch can be gone through again", () => {
    const first = batches.at(0);
    const before = [...first];
    const epoch = batches.epoch(7);
    const once = [...epoch].map((samples) => [...samples]);
    expect([...epoch].map((samples) => [...samples])).toEqual(once);
    expect([...first]).toEqual(before);
  });

  it.each([-1, 0.5, Number.NaN])("refuse the step and the epoch %d", (number) => {
    expect(() => batches.at(number)).toThrow(/minibatches: .*step/);
    expect(() => batches.epoch(number)).toThrow(/minibatches: .*epoch/);
  });
});

describe("minibatchObjective", () => {
  it.each([
    [10, 3],
    [12, 4],
    [5, 1],
    [6, 6],
    [7, 100],
  ])("covers each of %i samples once an epoch, in batches of %i", (count, batchSize) => {
    const perEpoch = Math.ceil(count / batchSize);
    const seen = epochs(count, batchSize, 1, 3 * perEpoch);
    const all = Array.from({ length: count }, (_, i) => i);
    for (const epoch of [0, 1, 2]) {
      const batches = seen.slice(epoch * perEpoch, (epoch + 1) * perEpoch);
      expect(batches.flat().sort((a, b) => a - b)).toEqual(all);
      expect(batches.slice(0, -1).every((batch) => batch.length === Math.min(batchSize, count))).toBe(true);
    }
  });

  it("shuffles every epoch anew, and differently for another seed", () => {
    const [first, second] = [0, 1].map((epoch) => epochs(40, 40, 1, 2)[epoch]);
    expect(first).not.toEqual(second);
    expect(epochs(40, 40, 2, 1)[0]).not.toEqual(first);
  });

  it("is a function of seed and step: a step taken up alone sees the same samples", () => {
    const inOrder = epochs(10, 3, 5, 12);
    for (const step of [11, 0, 7, 3, 4, 11]) {
      const { objective, seen } = recorder(10, 3, 5);
      objective.beginStep?.(step);
      expect(seen[seen.length - 1]).toEqual(inOrder[step]);
    }
  });

  it("keeps its samples for the whole step: value and gradient see the same ones", () => {
    const { objective } = recorder(10, 3, 5);
    objective.beginStep?.(2);
    const { value, gradient } = objective.valueAndGradient(new Float64Array(1));
    expect(objective.value(new Float64Array(1))).toBe(value);
    expect(objective.gradient(new Float64Array(1))).toEqual(gradient);
  });

  it("averages over an epoch to the whole batch's gradient", () => {
    const { net, theta, batch } = makeCase({ size: [12, 3, 4, 3], weighted: true });
    const objective = minibatchObjective({ count: 12, batchSize: 4, seed: 3 }, (samples) =>
      lossObjective(net, selectSamples(batch, samples)),
    );
    const mean = new Float64Array(net.size);
    for (let step = 0; step < 3; step++) {
      objective.beginStep?.(step);
      objective.gradient(theta).forEach((entry, j) => {
        mean[j] += entry / 3;
      });
    }
    expectClose(mean, lossObjective(net, batch).gradient(theta), 1e-13);
    expect(objective.size).toBe(net.size);
  });

  it("trains to the same bits for the same seed, and to others for another", () => {
    const { net, theta, batch } = makeCase({ size: [20, 3, 4, 3] });
    const train = (seed: number) =>
      minimize(
        minibatchObjective({ count: 20, batchSize: 6, seed }, (samples) =>
          lossObjective(net, selectSamples(batch, samples)),
        ),
        theta,
        sgd({ learningRate: 0.2, momentum: 0.9 }),
        { steps: 30 },
      );
    expect(train(1)).toEqual(train(1));
    expect(train(1).theta).not.toEqual(train(2).theta);
    expect(lossObjective(net, batch).value(train(1).theta)).toBeLessThan(
      lossObjective(net, batch).value(theta),
    );
  });
});

describe("minibatchObjective refuses", () => {
  const well = quadratic([1, 2]);
  const partial = { size: 2 } as never;
  const nothing = undefined as never;
  refusals(ArgumentError, "invalid-argument", [
    [
      "no objective of samples",
      () => minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, () => nothing),
      /minibatchObjective: expected objective to be an object, got undefined/,
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
      "mini-batches of no sample",
      () => minibatchObjective({ count: 3, batchSize: 0, seed: 1 }, () => quadratic([1])),
      /minibatchObjective: .*batchSize/,
    ],
  ]);
});
