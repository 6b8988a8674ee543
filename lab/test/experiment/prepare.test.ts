import type { Batch } from "flatward";
import type { Tensor } from "flatward/tensor";
import { describe, expect, it } from "vitest";
import { featuresOf } from "../../src/data/dataset.js";
import { fitStandardization } from "../../src/data/scaling.js";
import { loadSource } from "../../src/data/sources.js";
import { stratifiedSplit } from "../../src/data/split.js";
import { prepare } from "../../src/experiment/run.js";

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
