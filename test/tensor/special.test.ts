import { describe, expect, it } from "vitest";
import { densityOf, erf, gaussian, normalDistribution } from "../../src/tensor/special.js";
import { expectNear } from "../oracles/compare.js";
import { densityOracle, distributionOracle } from "../oracles/normal-distribution.js";

const normalDensity = (z: number) => densityOf(gaussian(z));

// From −37.5 on down the values are subnormal, and have no relative accuracy to speak of.
const grid = Array.from({ length: 1500 }, (_, i) => -37.4 + i * 0.05003);

describe("the normal distribution", () => {
  it("agrees with series and continued fraction to 1e-14 of its value, in both tails", () => {
    for (const z of grid) {
      expect(Math.abs(normalDistribution(z) / distributionOracle(z) - 1)).toBeLessThanOrEqual(1e-14);
      expect(Math.abs(normalDensity(z) / densityOracle(z) - 1)).toBeLessThanOrEqual(1e-14);
    }
  });

  it("has the published values of its quantiles", () => {
    // Abramowitz & Stegun, Table 26.1 and 26.2 (15 decimals).
    expectNear(normalDistribution(0), 0.5, 1e-15);
    expectNear(normalDistribution(1), 0.841344746068543, 1e-14);
    expectNear(normalDistribution(2), 0.977249868051821, 1e-14);
    expectNear(normalDistribution(-3), 1.349898031630095e-3, 1e-14);
    expectNear(normalDistribution(-5), 2.866515718791939e-7, 1e-14);
    expectNear(normalDensity(1), 0.241970724519143, 1e-14);
  });

  it("is monotone, and sums to 1 with its mirror image", () => {
    for (let i = 1; i < grid.length; i++) {
      expect(normalDistribution(grid[i])).toBeGreaterThanOrEqual(normalDistribution(grid[i - 1]));
      expectNear(normalDistribution(grid[i]) + normalDistribution(-grid[i]), 1, 1e-15);
    }
  });

  it("ends in 0 and 1 without a NaN", () => {
    expect([-700, -1e10, 700, 1e10].map(normalDistribution)).toEqual([0, 0, 1, 1]);
    expect([-700, 700].map(normalDensity)).toEqual([0, 0]);
    const ends = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect(ends.map(normalDistribution)).toEqual([0, 1]);
    expect(ends.map(erf)).toEqual([-1, 1]);
    expect(erf(Number.NaN)).toBe(Number.NaN);
  });
});
