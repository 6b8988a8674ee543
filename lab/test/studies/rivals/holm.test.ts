// Independent: Student's distribution by integrating its density, Holm's procedure by its definition.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holm } from "../../../src/studies/rivals/holm.js";

/** Two-sided p of a t statistic, by Simpson's rule over the tail beyond |t|, with x = |t| + s/(1−s). */
function twoSided(t: number, freedom: number): number {
  const density = (x: number) => (1 + (x * x) / freedom) ** (-(freedom + 1) / 2);
  const simpson = (f: (s: number) => number, n = 4000) => {
    let sum = 0;
    for (let i = 0; i <= n; i++) sum += (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * f(i / n);
    return sum / (3 * n);
  };
  const tail = (from: number) =>
    simpson((s) => (s === 1 ? 0 : density(from + s / (1 - s)) / ((1 - s) * (1 - s))));
  return tail(Math.abs(t)) / tail(0);
}

const tOf = (values: readonly number[]) => {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return mean / Math.sqrt(variance / n);
};

const samples = [
  [1.2, 0.8, 1.1, 0.9, 1.3, 1.0],
  [0.5, -0.1, 0.4, 0.2, 0.3, -0.2],
  [0.1, -0.3, 0.2, -0.1, 0.0, 0.05],
  [-0.4, -0.6, -0.1, -0.5, -0.3, -0.45],
];

describe("holm", () => {
  it("of one comparison is Student's paired test and interval", () => {
    const [{ mean, interval, p }] = holm([samples[1]]);
    expect(mean).toBeCloseTo(1.1 / 6, 14);
    expect(p).toBeCloseTo(twoSided(tOf(samples[1]), 5), 8);
    // The end of a 95 % interval is where the test is at 5 %.
    const shifted = samples[1].map((value) => value - (interval as readonly number[])[0]);
    expect(twoSided(tOf(shifted), 5)).toBeCloseTo(0.05, 7);
  });

  it("multiplies the smallest p by as many as there are, the next by one less, and lets none fall below one before", () => {
    const plain = samples.map((values) => twoSided(tOf(values), 5));
    const order = [0, 1, 2, 3].sort((a, b) => plain[a] - plain[b]);
    let most = 0;
    const wanted: number[] = [];
    order.forEach((i, rank) => {
      most = Math.max(most, Math.min(1, (4 - rank) * plain[i]));
      wanted[i] = most;
    });
    holm(samples).forEach(({ p }, i) => {
      expect(p).toBeCloseTo(wanted[i], 7);
    });
  });

  it("has intervals that leave 0 out just where p is at most 5 %, and contain those of fewer comparisons", () => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    const lists = fc.array(fc.array(value, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lists, (all) => {
        const found = holm(all);
        found.forEach(({ mean, interval, p }, i) => {
          const [low, high] = interval as readonly [number, number];
          expect(low <= mean && mean <= high).toBe(true);
          if (Math.abs(p - 0.05) > 1e-9) expect(low > 0 || high < 0).toBe(p < 0.05);
          const [own] = holm([all[i]]);
          expect(low).toBeLessThanOrEqual((own.interval as readonly number[])[0] + 1e-12);
          expect(high).toBeGreaterThanOrEqual((own.interval as readonly number[])[1] - 1e-12);
          expect(p).toBeGreaterThanOrEqual(own.p - 1e-12);
        });
      }),
    );
  });

  it("leaves out what has too few values or a missing one, and counts the others alone", () => {
    const [one, nothing, missing] = holm([samples[0], [1], [1, Number.NaN, 2]]);
    expect(one).toEqual(holm([samples[0]])[0]);
    for (const { interval, p } of [nothing, missing]) {
      expect(interval).toBeNull();
      expect(p).toBeNaN();
    }
  });

  it("is certain where all differences are the same", () => {
    expect(holm([[2, 2, 2]])[0]).toEqual({ mean: 2, interval: [2, 2], p: 0 });
    expect(holm([[0, 0, 0]])[0]).toEqual({ mean: 0, interval: [0, 0], p: 1 });
  });
});
