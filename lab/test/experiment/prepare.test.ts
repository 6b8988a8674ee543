import type { Batch } from "flatward";
import { type Tensor, tensor } from "flatward/tensor";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/data/csv.js";
import { featuresOf } from "../../src/data/dataset.js";
import { fitStandardization, standardize } from "../../src/data/scaling.js";
import { loadSource } from "../../src/data/sources.js";
import { stratifiedSplit } from "../../src/data/split.js";
import { prepare } from "../../src/experiment/run.js";

const iris = loadSource({ name: "iris" });

describe("the stratified split", () => {
  it("puts every sample in exactly one part, with the same share of every class", () => {
    const { train, test } = stratifiedSplit(iris, 0.2, 1);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, i) => i));
    for (const label of [0, 1, 2]) expect(test.filter((i) => iris.y[i] === label)).toHaveLength(10);
  });

  it("is a function of the seed", () => {
    expect(stratifiedSplit(iris, 0.2, 5)).toEqual(stratifiedSplit(iris, 0.2, 5));
    expect(stratifiedSplit(iris, 0.2, 5)).not.toEqual(stratifiedSplit(iris, 0.2, 6));
  });

  it("leaves a sample of every class to train on, and refuses an empty test part", () => {
    const tiny = parseCsv("a,kind\n1,x\n2,x\n3,x\n4,x\n5,y\n", "tiny.csv");
    expect(
      stratifiedSplit(tiny, 0.9, 1)
        .train.map((i) => tiny.y[i])
        .sort(),
    ).toEqual([0, 1]);
    expect(() => stratifiedSplit(tiny, 0.01, 1)).toThrow(/leaves no sample to test on/);
  });
});

describe("standardisation", () => {
  it.each([1e-300, 1e-200, 1, 1e200, 1e300])("keeps a feature of size %d", (size) => {
    const x = tensor(Float64Array.of(size, 2 * size, 3 * size), [3, 1]);
    standardize(x, fitStandardization(x));
    const [low, middle, high] = x.data;
    expect(middle).toBeCloseTo(0, 12);
    expect(high).toBeCloseTo(Math.sqrt(1.5), 12);
    expect(low).toBeCloseTo(-Math.sqrt(1.5), 12);
  });

  it("gives the rows it was fitted to mean 0 and deviation 1, and leaves constant features centred", () => {
    const [count, width] = [150, 5];
    const data = Float64Array.from({ length: count * width }, (_, at) => {
      const [i, j] = [Math.floor(at / width), at % width];
      return j < 4 ? iris.x[4 * i + j] : 0.1;
    });
    const x = tensor(data, [count, width]);
    standardize(x, fitStandardization(x));
    for (let j = 0; j < width; j++) {
      const column = Array.from({ length: count }, (_, i) => data[i * width + j]);
      const mean = column.reduce((a, b) => a + b) / count;
      const variance = column.reduce((a, b) => a + (b - mean) * (b - mean), 0) / count;
      expect(Math.abs(mean)).toBeLessThan(1e-13);
      if (j < width - 1) expect(Math.abs(variance - 1)).toBeLessThan(1e-12);
      else expect(variance).toBeLessThan(1e-24);
    }
  });
});

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
