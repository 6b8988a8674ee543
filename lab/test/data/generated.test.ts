import { describe, expect, it } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { loadSource, type SourceConfig, sourceConfigSchema } from "../../src/data/sources.js";

const generate = (settings: SourceConfig): Dataset => loadSource(sourceConfigSchema.parse(settings));

/** Points of a class in the plane. */
function pointsOf({ x, y }: Dataset, label: number): [x: number, y: number][] {
  return [...y.keys()].filter((i) => y[i] === label).map((i) => [x[2 * i], x[2 * i + 1]]);
}

/** An angle in circles, in [0, 1). */
const circlesOf = ([x, y]: [number, number]) => (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;

/** Shares of the four quarters of [0, 1). */
function quarters(values: readonly number[]): number[] {
  return [0, 1, 2, 3].map((q) => values.filter((v) => Math.floor(4 * v) === q).length / values.length);
}

/** 2000 a class: the share of a quarter has a deviation of √(3/16/2000), and six of those are 0.06. */
function expectEven(values: readonly number[]): void {
  for (const share of quarters(values)) expect(Math.abs(share - 0.25)).toBeLessThan(0.06);
}

describe("without noise", () => {
  it("two moons are half circles of radius 1, the upper around the origin, the lower around (1, ½)", () => {
    const moons = generate({ name: "moons", samples: 4000, noise: 0 });
    for (const [x, y] of pointsOf(moons, 0)) {
      expect(Math.hypot(x, y)).toBeCloseTo(1, 14);
      expect(y).toBeGreaterThanOrEqual(0);
    }
    for (const [x, y] of pointsOf(moons, 1)) {
      expect(Math.hypot(x - 1, y - 0.5)).toBeCloseTo(1, 14);
      expect(y).toBeLessThanOrEqual(0.5);
    }
    expectEven(pointsOf(moons, 0).map((point) => 2 * circlesOf(point)));
    expectEven(pointsOf(moons, 1).map(([x, y]) => 2 * circlesOf([1 - x, 0.5 - y])));
  });

  it("circles have radius 1 and the inner one that was asked for, evenly covered", () => {
    const circles = generate({ name: "circles", samples: 4000, noise: 0, inner: 0.3 });
    for (const [label, radius] of [
      [0, 1],
      [1, 0.3],
    ]) {
      const points = pointsOf(circles, label);
      for (const point of points) expect(Math.hypot(...point)).toBeCloseTo(radius, 14);
      expectEven(points.map(circlesOf));
    }
  });

  it("the arm k of K spirals turns with its radius, from k/K of a circle on", () => {
    const spirals = generate({ name: "spirals", samples: 6000, noise: 0, classes: 3, turns: 1.5 });
    expect(spirals.classes).toEqual(["0", "1", "2"]);
    for (const label of [0, 1, 2]) {
      const points = pointsOf(spirals, label);
      for (const point of points) {
        const radius = Math.hypot(...point);
        expect(radius).toBeLessThanOrEqual(1);
        const off = circlesOf(point) - 1.5 * radius - label / 3;
        expect(Math.abs(off - Math.round(off))).toBeLessThan(1e-12);
      }
      // Half of them lie beyond √½.
      expectEven(points.map((point) => Math.hypot(...point) * Math.hypot(...point)));
    }
  });
});

describe.each(["moons", "circles", "spirals"] as const)("%s", (name) => {
  const still = generate({ name, samples: 4000, noise: 0 });

  it("are disturbed by normal noise of the deviation asked for, around the same places", () => {
    const [little, much] = [0.1, 0.2].map((noise) => {
      const { x } = generate({ name, samples: 4000, noise });
      return Array.from(x, (value, at) => (value - still.x[at]) / noise);
    });
    const mean = little.reduce((sum, z) => sum + z, 0) / little.length;
    const variance = little.reduce((sum, z) => sum + z * z, 0) / little.length;
    const within = little.filter((z) => Math.abs(z) < 1).length / little.length;
    // Six standard errors of 8000 normal numbers.
    expect(Math.abs(mean)).toBeLessThan(6 / Math.sqrt(8000));
    expect(Math.abs(variance - 1)).toBeLessThan(6 * Math.sqrt(2 / 8000));
    expect(Math.abs(within - 0.6827)).toBeLessThan(6 * Math.sqrt(0.25 / 8000));
    little.forEach((z, at) => {
      expect(much[at]).toBeCloseTo(z, 12);
    });
  });

  it("are a function of the draw, in classes of equal size", () => {
    const [once, again, other] = [3, 3, 4].map((draw) => generate({ name, samples: 40, draw }));
    expect(again).toEqual(once);
    expect(other.x).not.toEqual(once.x);
    expect(other.sha256).not.toBe(once.sha256);
    expect([0, 1].map((label) => pointsOf(once, label).length)).toEqual([20, 20]);
  });
});

it("too few samples for the classes are refused", () => {
  expect(() => generate({ name: "spirals", samples: 5, classes: 3 })).toThrow(
    /spirals: 5 samples are too few for 3 classes; give at least 6/,
  );
});
