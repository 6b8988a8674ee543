import { describe, expect, it } from "vitest";
import {
  type BoundName,
  blockNormBounds,
  centralMoments,
  fourMomentBounds,
  gershgorinBounds,
  type MatrixBoundsOptions,
  matrixBounds,
  matrixMoments,
  rankWsBounds,
} from "../../src/bounds/index.js";
import { randomStream, symmetricEigen } from "../../src/index.js";
import { expectNear } from "../oracles/compare.js";
import { centralOf, matrixWith, momentsOf } from "../oracles/spectra.js";

const v = [1, -2, 0.5, 3, 1, 0.2, -1];
const w = [0.3, 1, 1, -1, 2, 0.7, 0.1];
const dense = (spectrum: readonly number[]) => matrixWith(spectrum, v, w);

/** A bound of a report, upper or lower. */
function boundOf(
  name: BoundName,
  end: "upper" | "lower",
  a: number[][],
  options: MatrixBoundsOptions = {},
): number {
  const found = matrixBounds(a, options).bounds.find((bound) => bound.name === name);
  return found?.[end] ?? Number.NaN;
}

const rankOne = v.map((x) => v.map((y) => x * y));
const squaredLength = v.reduce((sum, x) => sum + x * x, 0);
const twoBlocks = [
  { from: 0, to: 3 },
  { from: 3, to: 7 },
];

/** Where each bound equals λ_max, to rounding; and how far off, relatively, where rounding is allowed for. */
const attained: [BoundName, "upper" | "lower", number[][], number, MatrixBoundsOptions?, number?][] = [
  ["Frobenius", "upper", rankOne, squaredLength],
  ["Wolkowicz-Styan", "upper", dense([5, 1, 1, 1, 1, 1, 1]), 5],
  ["Wolkowicz-Styan", "lower", dense([5, 5, 5, 5, 5, 5, 1]), 5],
  ["rank-aware Wolkowicz-Styan", "upper", dense([5, 1, 1, 1, 0, 0, 0]), 5, { rank: 4 }],
  ["rank-aware Wolkowicz-Styan", "lower", dense([5, 5, 5, -3, 0, 0, 0]), 5, { rank: 4 }],
  ["rank-aware Wolkowicz-Styan", "upper", dense([5, 0, 0, 0, 0, 0, 0]), 5, { rank: 1 }],
  ["rank-aware Wolkowicz-Styan", "lower", dense([5, 0, 0, 0, 0, 0, 0]), 5, { rank: 1 }],
  ["rank-aware Wolkowicz-Styan", "upper", dense([5, 5, 5, 0, 0, 0, 0]), 5, { rank: 3 }, 1e-6],
  ["rank-aware Wolkowicz-Styan", "lower", dense([5, 5, 5, 0, 0, 0, 0]), 5, { rank: 3 }],
  // λ_max = 0 is not among the two numbers: −5 and −1 would have the bound −1.
  ["rank-aware Wolkowicz-Styan", "upper", dense([-5, -1, 0, 0, 0, 0, 0]), 0, { rank: 2 }],
  ["rank-aware Wolkowicz-Styan", "lower", dense([-5, -1, 0, 0, 0, 0, 0]), 0, { rank: 2 }],
  ["Gershgorin", "upper", v.map((_, i) => v.map((_, j) => (i === j ? 2 : 1))), 8],
  ["Gershgorin", "lower", v.map((x, i) => v.map((_, j) => (i === j ? x : 0))), 3],
  ["block norms", "upper", rankOne, squaredLength, { blocks: twoBlocks }],
  ["block norms", "upper", dense([5, 1, 1, 1, 1, 1, 1]), 5, { blocks: [{ from: 0, to: 7 }] }],
  ["Schatten-4", "upper", rankOne, squaredLength],
  // The others at one distance from the mean, 0, on both sides of it.
  ["fourth central moment", "upper", dense([3, 1, 1, -1, -1, -1, -1].map((x, i) => (i ? x : 2))), 2],
  // The others with two values.
  ["four moments", "upper", dense([9, 4, 4, 4, -2, -2, -2]), 9],
  ["four moments", "upper", dense([9, 9 - 1e-3, 4, 4, 4, 4, 4]), 9, {}, 1e-10],
  ["four moments", "lower", dense([6, 6, 6, -1, -1, -1, -1]), 6],
  ["four moments", "upper", dense([6, 1, 1, 1, 1, 1, 1]), 6, {}, 1e-7],
];

describe("a bound is attained", () => {
  it.each(attained)("by %s, %s", (name, end, a, wanted, options = {}, tolerance = 1e-13) => {
    const { values } = symmetricEigen(a);
    expectNear(values[values.length - 1], wanted, 1e-13, 10);
    expectNear(boundOf(name, end, a, options), wanted, tolerance, Math.max(Math.abs(wanted), 5));
  });

  it("by both ends of both eigenvalues at n = 2, and at n = 1", () => {
    const a = matrixWith([3, -1], [1, 3]);
    for (const { largest, smallest } of [
      fourMomentBounds(centralMoments(a)),
      rankWsBounds(matrixMoments(a), 2),
    ]) {
      for (const end of [largest.lower, largest.upper]) expectNear(end, 3, 1e-14);
      for (const end of [smallest.lower, smallest.upper]) expectNear(end, -1, 1e-13);
    }
    for (const { upper, lower = -7, name } of matrixBounds([[-7]]).bounds) {
      const wanted = name === "Frobenius" || name === "Schatten-4" ? 7 : -7;
      expect([name, upper, lower]).toEqual([name, wanted, -7]);
    }
  });

  it("by the spread of few numbers among zeros", () => {
    const { spread } = rankWsBounds(momentsOf([4, 0, 0, 0, 0]), 1);
    expectNear(spread.upper, 4, 1e-14);
    expectNear(spread.lower, 4, 1e-14);
    expectNear(rankWsBounds(momentsOf([2, -2, 0, 0, 0]), 2).spread.upper, 4, 1e-13);
    expectNear(rankWsBounds(momentsOf([2, -2, 0, 0, 0]), 2).spread.lower, 4, 1e-13);
    expectNear(rankWsBounds(momentsOf([5, 1, 1, 0, 0]), 3).spread.upper, 5, 1e-13);
  });
});

describe("the rank", () => {
  it("tightens both ends: numbers of a spectrum that is mostly 0", () => {
    const moments = momentsOf([3, 2, 1, ...Array.from({ length: 97 }, () => 0)]);
    const wanted = (r: number) => {
      const mean = 6 / r;
      const deviation = Math.sqrt(14 / r - mean * mean);
      return { lower: mean + deviation / Math.sqrt(r - 1), upper: mean + deviation * Math.sqrt(r - 1) };
    };
    for (const rank of [3, 10, 100]) {
      const { largest } = rankWsBounds(moments, rank);
      expectNear(largest.upper, wanted(rank).upper, 1e-14);
      expectNear(largest.lower, wanted(rank).lower, 1e-14);
    }
    expectNear(rankWsBounds(moments, 3).largest.upper, 2 + 2 / Math.sqrt(3), 1e-14);
  });
});

describe("centralMoments", () => {
  it("are those of the eigenvalues", () => {
    for (const spectrum of [
      [9, 4, 4, -3, -2, 0, 1],
      [1 + 1e-9, 1, 1, 1 - 3e-9, 1, 1, 1],
      [1e-7, 2e9, 3, 4, 5, 6, 7],
    ]) {
      const diagonal = spectrum.map((value, i) => spectrum.map((_, j) => (i === j ? value : 0)));
      const wanted = centralOf(spectrum);
      for (const [a, tolerance] of [
        [diagonal, 1e-14],
        // Rotated in double precision, the eigenvalues move by ε·‖A‖.
        [dense(spectrum), spectrum[0] < 2 && spectrum[0] > 0.5 ? 1e-6 : 1e-13],
      ] as const) {
        const got = centralMoments(a);
        expectNear(got.mean, wanted.mean, 1e-14);
        expectNear(got.deviation, wanted.deviation, tolerance);
        expectNear(got.skewness, wanted.skewness, tolerance, 2);
        expectNear(got.kurtosis, wanted.kurtosis, tolerance, 5);
      }
    }
  });

  it("take matrices of any scale, whose fourth powers overflow or vanish", () => {
    const one = matrixBounds(dense([9, 4, 4, -3, -2, 0, 1])).bounds;
    for (const scale of [2 ** 400, 2 ** -400]) {
      const scaled = dense([9, 4, 4, -3, -2, 0, 1]).map((row) => row.map((entry) => entry * scale));
      for (const [i, { name, upper }] of matrixBounds(scaled).bounds.entries()) {
        expectNear(upper / scale, one[i].upper, 1e-14);
        expect(name).toBe(one[i].name);
      }
    }
  });

  it("take entries near the largest number, which the mean is not to be subtracted from", () => {
    const large = 1.7e308;
    const { mean, deviation, skewness } = centralMoments([
      [large, 0, 0],
      [0, -large, 0],
      [0, 0, -large],
    ]);
    expectNear(mean / large, -1 / 3, 1e-15);
    expectNear(deviation / large, Math.sqrt(8) / 3, 1e-15);
    expectNear(skewness, Math.SQRT1_2, 1e-14);
  });

  it("go over large matrices in panels of 128 rows, the last one not full", () => {
    const n = 300;
    const stream = randomStream(7, "panels");
    const spectrum = Array.from({ length: n }, (_, i) => stream.normal() + (i === 0 ? 9 : 0));
    const direction = () => Array.from({ length: n }, () => stream.normal());
    const got = centralMoments(matrixWith(spectrum, direction(), direction()));
    const wanted = centralOf(spectrum);
    expectNear(got.skewness, wanted.skewness, 1e-12);
    expectNear(got.kurtosis, wanted.kurtosis, 1e-12);
  });

  it("of mI have no deviation", () => {
    const identity = [1, 2, 3].map((_, i) => [1, 2, 3].map((_, j) => (i === j ? 0.5 : 0)));
    expect(centralMoments(identity)).toEqual({ size: 3, mean: 0.5, deviation: 0, skewness: 0, kurtosis: 1 });
    expect(fourMomentBounds(centralMoments(identity)).largest).toEqual({ lower: 0.5, upper: 0.5 });
    expect(matrixBounds([[0]]).largest).toEqual({ lower: 0, upper: 0 });
  });
});

describe("bounds on λ_min", () => {
  it("are those on λ_max of −A, mirrored", () => {
    const a = dense([9, 4, 4, -3, -2, 0, 1]);
    const minus = a.map((row) => row.map((entry) => -entry));
    const pairs = [
      [gershgorinBounds(a), gershgorinBounds(minus)],
      [blockNormBounds(a, twoBlocks), blockNormBounds(minus, twoBlocks)],
      [fourMomentBounds(centralMoments(a)), fourMomentBounds(centralMoments(minus))],
      [rankWsBounds(matrixMoments(a), 6), rankWsBounds(matrixMoments(minus), 6)],
    ];
    for (const [plain, mirrored] of pairs) {
      expectNear(plain.smallest.lower, -mirrored.largest.upper, 1e-14);
      expectNear(plain.smallest.upper, -mirrored.largest.lower, 1e-14);
    }
  });
});
