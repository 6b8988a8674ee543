// Independent: tables of Student's t, and the distribution over samples that are drawn.

import { describe, expect, it } from "vitest";
import { meanEstimate } from "../../../src/hsr/estimates/mean-estimate.js";
import { randomStream } from "../../../src/index.js";
import { expectNear } from "../../oracles/compare.js";
import { expectIntervals, mean, studentT975, variance } from "../../oracles/statistics.js";

const draws = randomStream(7, "samples");

describe("the interval of a mean", () => {
  it("is Student's where samples are symmetric", () => {
    for (const [degrees, t] of [
      [1, 12.706205],
      [2, 4.302653],
      [3, 3.182446],
      [4, 2.776445],
      ...Object.entries(studentT975),
    ]) {
      const m = Number(degrees) + 1;
      const samples = Float64Array.from({ length: m }, (_, i) => 3 + i - (m - 1) / 2);
      const { value, standardError, interval } = meanEstimate(samples);
      expectNear(value, 3, 1e-14);
      expectNear(standardError, Math.sqrt(variance([...samples]) / m), 1e-13);
      expectNear(interval.upper - 3, Number(t) * standardError, 1e-5);
      expectNear(3 - interval.lower, Number(t) * standardError, 1e-5);
    }
  });

  it("holds the mean of squares of normal numbers, as of a matrix with one eigenvalue, where Student's does not", () => {
    const estimates = Array.from({ length: 4000 }, () =>
      meanEstimate(Float64Array.from({ length: 50 }, () => draws.normal() ** 2)),
    );
    expectIntervals(
      estimates.map(({ interval }) => interval),
      1,
    );
    const missed = estimates.filter(
      ({ value, standardError }) => Math.abs(value - 1) > studentT975[49] * standardError,
    );
    expect(missed.length / 4000).toBeGreaterThan(0.065);
  });

  it("moves and stretches with the samples, and turns with their sign", () => {
    const samples = Float64Array.from({ length: 12 }, () => draws.normal() ** 2);
    const { interval } = meanEstimate(samples);
    const moved = meanEstimate(samples.map((x) => 5 - 2 * x)).interval;
    expectNear(moved.lower, 5 - 2 * interval.upper, 1e-13);
    expectNear(moved.upper, 5 - 2 * interval.lower, 1e-13);
    expect(interval.upper - mean([...samples])).toBeGreaterThan(mean([...samples]) - interval.lower);
  });

  it("is refused where its interval overflows", () => {
    expect(() => meanEstimate(Float64Array.of(1e308, -1e308, 1e308))).toThrow(
      /meanEstimate: expected the interval to be finite/,
    );
  });

  it("is the mean alone where all samples are one number", () => {
    expect(meanEstimate(Float64Array.of(2, 2, 2))).toEqual({
      value: 2,
      standardError: 0,
      interval: { lower: 2, upper: 2 },
    });
  });
});
