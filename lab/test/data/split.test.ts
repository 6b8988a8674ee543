import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/data/csv.js";
import { loadSource } from "../../src/data/sources.js";
import { stratifiedSplit } from "../../src/data/split.js";

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
