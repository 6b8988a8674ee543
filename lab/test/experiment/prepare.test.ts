import type { Batch } from "flatward";
import type { Tensor } from "flatward/tensor";
import { describe, expect, it } from "vitest";
import { featuresOf } from "../../src/data/dataset.js";
import { fitStandardization } from "../../src/data/scaling.js";
import { loadSource } from "../../src/data/sources.js";
import { stratifiedSplit } from "../../src/data/split.js";
import { prepare } from "../../src/experiment/prepare.js";

const iris = loadSource({ name: "iris" });

describe("preparing a batch", () => {
  const settings = { testFraction: 0.25, labelNoise: 0 };
  const raw = prepare(iris, { ...settings, scaling: "none" }, 3);
  const data = ({ x }: Batch) => (x as Tensor).data;

  it("leaves features as they are with scaling none, sample by sample of the split", () => {
    const { train, test } = stratifiedSplit(iris, 0.25, 3);
    for (const [part, indices] of [
      [raw.train, train],
      [raw.test, test],
    ] as const) {
      expect([...data(part)]).toEqual(indices.flatMap((i) => [...iris.x.slice(4 * i, 4 * i + 4)]));
      expect([...(part.y as Int32Array)]).toEqual(indices.map((i) => iris.y[i]));
    }
  });

  it("takes the same mean and deviation for every feature of both parts when they are given", () => {
    const fixed = prepare(iris, { ...settings, scaling: { mean: 2, deviation: 0.5 } }, 3);
    for (const part of ["train", "test"] as const)
      expect(data(fixed[part])).toEqual(data(raw[part]).map((value) => (value - 2) / 0.5));
  });

  it("standardises the test part by the training part", () => {
    const standardised = prepare(iris, { ...settings, scaling: "standardize" }, 3);
    const { mean, scale } = fitStandardization(raw.train.x as Tensor);
    expect(data(standardised.test)).toEqual(
      data(raw.test).map((value, at) => (value - mean[at % 4]) / scale[at % 4]),
    );
  });

  it("leaves the data set unchanged", () => {
    const before = structuredClone(iris);
    prepare(iris, { ...settings, labelNoise: 0.5, scaling: "standardize" }, 3);
    expect(iris).toEqual(before);
  });

  it("reads bytes as shares of 255", () => {
    const x = Uint8Array.of(0, 51, 255, 1, 2, 3);
    const { data, shape } = featuresOf({ x, features: ["a", "b"] }, [2, 0]);
    expect([shape, ...data]).toEqual([[2, 2], 2 / 255, 3 / 255, 0, 0.2]);
  });
});

describe("a validation part", () => {
  const dataset = loadSource({ name: "iris" });
  const settings = { testFraction: 0.25, labelNoise: 0.3, scaling: "none" as const };
  const rowsOf = ({ x, y }: { readonly x: unknown; readonly y: unknown }) => {
    const { data, shape } = x as { readonly data: Float64Array; readonly shape: readonly number[] };
    return Array.from(y as Int32Array, (label, i) =>
      [label, ...data.slice(i * shape[1], (i + 1) * shape[1])].join(),
    );
  };

  it("is a share of the training part, wrong labels and all, and the test part is not looked at", () => {
    const whole = prepare(dataset, settings, 3);
    const held = prepare(dataset, { ...settings, validationFraction: 0.2 }, 3);
    const [train, validation] = [rowsOf(held.train), rowsOf(held.test)];
    expect(validation).toHaveLength(Math.round(0.2 * rowsOf(whole.train).length));
    expect([...train, ...validation].sort()).toEqual(rowsOf(whole.train).sort());
  });

  it("is drawn by the seed", () => {
    const validation = (seed: number) =>
      rowsOf(prepare(dataset, { ...settings, validationFraction: 0.2 }, seed).test);
    expect(validation(3)).toEqual(validation(3));
    expect(validation(3)).not.toEqual(validation(4));
  });
});
