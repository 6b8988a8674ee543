import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pearson, pearsonWithin, ranks, spearman } from "../../../src/studies/framework/correlation.js";

describe("Pearson's r", () => {
  // Anscombe 1973, Table 1: r = 0.816 for all four sets.
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
  const fourth = [8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8];
  const sets: [number[], number[]][] = [
    [x, [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]],
    [x, [9.14, 8.14, 8.74, 8.77, 9.26, 8.1, 6.13, 3.1, 9.13, 7.26, 4.74]],
    [x, [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73]],
    [fourth, [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.5, 5.56, 7.91, 6.89]],
  ];

  it.each(sets)("is 0.816 for Anscombe's sets", (a, b) => {
    expect(Math.abs(pearson(a, b).value - 0.8164)).toBeLessThan(2e-4);
  });

  it("has Fisher's interval", () => {
    // r = 0.5, n = 28: z = 0.5493 ± 1.96/5 → [0.1561, 0.7354].
    const [low, high] = intervalAt(0.5, 28);
    expect(low).toBeCloseTo(0.1561, 3);
    expect(high).toBeCloseTo(0.7354, 3);
  });

  it("has no interval for pairs on a line, whose transformation is infinite", () => {
    expect(pearson([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]).interval).toBeNull();
    expect(spearman([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]).interval).toBeNull();
  });

  it("has no interval for three pairs, and no value for what does not vary", () => {
    expect(pearson([1, 2, 3], [1, 2, 4]).interval).toBeNull();
    expect(pearson([1, 2, 3, 4], [5, 5, 5, 5])).toEqual({ value: Number.NaN, n: 4, interval: null });
    expect(pearson([1, 2, 3, 4], [0.1, 0.1, 0.1, 0.1]).value).toBeNaN();
  });

  it("does not see shift and scale, of whatever magnitude", () => {
    const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(vector, vector, fc.constantFrom(1e-200, 1, 1e200), (a, b, scale) => {
        const { value } = pearson(a, b);
        fc.pre(Number.isFinite(value) && Math.max(...a) - Math.min(...a) > 1e-3);
        expect(
          pearson(
            a.map((entry) => scale * entry),
            b,
          ).value,
        ).toBeCloseTo(value, 9);
        expect(
          pearson(
            a.map((entry) => -entry),
            b,
          ).value,
        ).toBeCloseTo(-value, 9);
      }),
    );
  });
});

describe("Spearman's ρ", () => {
  it("is −29/165 for a published example of ten pairs", () => {
    const iq = [106, 86, 100, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 0, 27, 50, 28, 29, 20, 12, 6, 17];
    expect(spearman(iq, hours).value).toBeCloseTo(-29 / 165, 12);
  });

  it("is 1 for whatever rises", () => {
    expect(spearman([1, 2, 3, 4], [1, 10, 11, 1e9]).value).toBeCloseTo(1, 14);
  });

  it("gives ties their mean rank", () => {
    expect(ranks([10, 20, 20, 5])).toEqual([2, 3.5, 3.5, 1]);
  });

  it("has a wider interval than Pearson's r", () => {
    const [a, b] = [
      [1, 2, 3, 4, 5, 6, 7],
      [2, 1, 4, 3, 7, 5, 6],
    ];
    const [rank, plain] = [spearman(a, b), pearson(a, b)];
    expect(rank.value).toBe(plain.value);
    expect(rank.interval?.[0]).toBeLessThan(plain.interval?.[0] as number);
  });
});

describe("correlation within groups", () => {
  // Simpson's paradox: within both groups y falls with x, over both it rises.
  const x = [1, 2, 3, 11, 12, 13];
  const y = [3, 2, 1, 13, 12, 11];
  const groups = ["a", "a", "a", "b", "b", "b"];

  it("sees what is the same in every group, whatever the groups do", () => {
    expect(pearson(x, y).value).toBeGreaterThan(0.9);
    expect(pearsonWithin(x, y, groups).value).toBeCloseTo(-1, 14);
  });

  it("has no value where nothing varies within a group, rounding aside", () => {
    // The mean of three times 0.1 is another number in the last bit.
    const constant = [0.1, 0.1, 0.1, 0.7, 0.7, 0.7];
    expect(pearsonWithin(constant, [1, 2, 3, 3, 1, 2], groups).value).toBeNaN();
    expect(pearsonWithin([1, 2, 3, 0.7, 0.7, 0.7], y, groups).value).toBeCloseTo(-Math.SQRT1_2, 14);
  });

  it("pays a degree of freedom for every group but the first", () => {
    const many = Array.from({ length: 12 }, (_, i) => Math.sin(i));
    const other = many.map((value, i) => value + Math.cos(3 * i));
    const one = pearsonWithin(
      many,
      other,
      many.map(() => "a"),
    );
    expect(one).toEqual({ ...pearson(many, other), value: one.value });
    expect(pearsonWithin([1, 2, 3, 4], [2, 1, 4, 3], ["a", "a", "b", "b"]).interval).toBeNull();
  });
});

/** Of n pairs whose r is exactly this. */
function intervalAt(r: number, n: number): readonly [number, number] {
  // Orthogonal patterns of equal length give any r.
  const u = Array.from({ length: n }, (_, i) => (i % 2 ? 1 : -1));
  const v = Array.from({ length: n }, (_, i) => (i % 4 < 2 ? 1 : -1));
  const y = u.map((value, i) => r * value + Math.sqrt(1 - r * r) * v[i]);
  const found = pearson(u, y);
  expect(found.value).toBeCloseTo(r, 12);
  return found.interval as readonly [number, number];
}
