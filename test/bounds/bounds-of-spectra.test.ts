import fc from "fast-check";
import { problem, spectrum } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  type BoundName,
  blockNormBounds,
  fourMomentBounds,
  gershgorinBounds,
  matrixBounds,
  rankWsBounds,
} from "../../src/bounds/index.js";
import {
  exactHessian,
  gaussNewtonMatrix,
  type Interval,
  spectralBounds,
  symmetricEigen,
  wsBounds,
  wsEigenvalueBounds,
} from "../../src/index.js";
import { euclidean } from "../oracles/compare.js";
import { centralOf, matrixWith, momentsOf } from "../oracles/spectra.js";

// Every bound is a theorem: 10,000 spectra, of all kinds of `spectrum`, and only rounding is forgiven.
const runs = { numRuns: 10_000 };

function expectInside(value: number, { lower, upper }: Interval, slack: number, name: string): void {
  if (value >= lower - slack && value <= upper + slack) return;
  throw new Error(`${name}: ${value} outside [${lower}, ${upper}], beyond ${slack}`);
}

const countNonZero = (values: readonly number[]) => values.filter((value) => value !== 0).length;

describe("of 10,000 networks", () => {
  it("the bounds from the parts of H hold", () => {
    const small = problem({ maxExtent: 2, maxCount: 3 });
    fc.assert(
      fc.property(small, ({ net, theta, batch }) => {
        const H = exactHessian(net, theta, batch);
        const top = symmetricEigen(H).values[net.size - 1];
        const parts = euclidean(gaussNewtonMatrix(net, theta, batch).data) + euclidean(H.data);
        // Where n eigenvalues are nearly equal, WS has √ε of them.
        for (const { name, upper, lower } of spectralBounds(net, theta, batch, { dense: false }).bounds)
          expectInside(top, { upper, lower: lower ?? Number.NEGATIVE_INFINITY }, 1e-7 * parts, name);
      }),
      runs,
    );
  });
});

describe("of 10,000 spectra", () => {
  it("every λ_k is inside its interval", () => {
    fc.assert(
      fc.property(spectrum({ minSize: 2, maxSize: 10 }), (values) => {
        const moments = momentsOf(values);
        const descending = [...values].sort((a, b) => b - a);
        const norm = euclidean(values);
        descending.forEach((value, i) => {
          expectInside(value, wsEigenvalueBounds(moments, i + 1), 1e-7 * norm, `λ_${i + 1}`);
        });
      }),
      runs,
    );
  });

  it("every bound holds for matrices that have them, and no sharper one is looser", () => {
    const reflection = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 10, maxLength: 10 });
    const tightest = new Map<BoundName, number>();
    const at = fc.tuple(spectrum({ maxSize: 10 }), reflection, reflection, fc.nat(), fc.nat());
    fc.assert(
      fc.property(at, ([values, v, w, extra, cut]) => {
        const n = values.length;
        const a = matrixWith(values, v, w);
        const rank = Math.min(countNonZero(values) + (extra % 3), n);
        const middle = n < 2 ? n : 1 + (cut % (n - 1));
        const blocks =
          n < 2
            ? [{ from: 0, to: n }]
            : [
                { from: 0, to: middle },
                { from: middle, to: n },
              ];
        const norm = euclidean(values);
        const slack = 4e-15 * (n + 2) * norm;
        const [top, bottom] = [Math.max(...values), Math.min(...values)];

        const report = matrixBounds(a, { rank, blocks });
        const upper = new Map<BoundName, number>();
        for (const { name, ...bound } of report.bounds) {
          upper.set(name, bound.upper);
          expectInside(top, { lower: Number.NEGATIVE_INFINITY, ...bound }, slack, name);
        }
        expectInside(top, report.largest, slack, "the tightest");
        for (const [name, { largest, smallest }] of [
          ["Gershgorin", gershgorinBounds(a)],
          ["block norms", blockNormBounds(a, blocks)],
        ] as const) {
          expectInside(top, largest, slack, name);
          expectInside(bottom, smallest, slack, name);
        }
        // Where 1 + γ² = κ, the bound by four moments allows for the rounding of moments: about √ε.
        const order: [BoundName, BoundName, number][] = [
          ["Wolkowicz-Styan", "Frobenius", slack],
          ["rank-aware Wolkowicz-Styan", "Wolkowicz-Styan", 0],
          ["block norms", "Frobenius", slack],
          ["Schatten-4", "Frobenius", slack],
          ["fourth central moment", "Wolkowicz-Styan", slack],
          ["four moments", "Wolkowicz-Styan", slack],
          ["four moments", "fourth central moment", 2e-7 * norm],
        ];
        for (const [sharper, looser, forgiven] of order) {
          expectInside(
            upper.get(sharper) as number,
            { lower: Number.NEGATIVE_INFINITY, upper: (upper.get(looser) as number) + forgiven },
            0,
            `${sharper} against ${looser}`,
          );
        }
        tightest.set(report.tightest.upper, (tightest.get(report.tightest.upper) ?? 0) + 1);
      }),
      runs,
    );
    expect([...tightest.keys()].length).toBeGreaterThan(4);
  });

  it("the bounds from moments and rank hold, and are never looser than Wolkowicz-Styan's", () => {
    const at = fc.tuple(spectrum({ minSize: 2 }), fc.nat());
    fc.assert(
      fc.property(at, ([values, extra]) => {
        const n = values.length;
        const moments = momentsOf(values);
        const nonZero = countNonZero(values);
        const rank = nonZero + (extra % (n - nonZero + 1));
        const [top, bottom] = [Math.max(...values), Math.min(...values)];
        const norm = euclidean(values);
        const plain = wsBounds(moments);
        const bounds = rankWsBounds(moments, rank);
        // At full rank these are the plain bounds, whose s² cancels where all eigenvalues are nearly equal.
        const slack = rank === n ? 1e-7 * norm : 4e-15 * n * norm;
        expectInside(top, bounds.largest, slack, "λ_max");
        expectInside(bottom, bounds.smallest, slack, "λ_min");
        expectInside(top - bottom, bounds.spread, 2 * slack, "spread");
        for (const end of ["largest", "smallest", "spread"] as const) {
          const inside = bounds[end].lower >= plain[end].lower && bounds[end].upper <= plain[end].upper;
          expect(inside, `${end} of rank ${rank}`).toBe(true);
        }
      }),
      runs,
    );
  });

  it("the bounds from four moments hold for both ends, and lie within Wolkowicz-Styan's", () => {
    fc.assert(
      fc.property(spectrum(), (values) => {
        const n = values.length;
        const moments = centralOf(values);
        const norm = euclidean(values);
        const slack = 4e-15 * (n + 2) * norm;
        const { largest, smallest } = fourMomentBounds(moments);
        expectInside(Math.max(...values), largest, slack, "λ_max");
        expectInside(Math.min(...values), smallest, slack, "λ_min");
        if (n === 1) return;
        const { mean: m, deviation: s } = moments;
        const root = Math.sqrt(n - 1);
        expectInside(largest.upper, { lower: m, upper: m + s * root }, slack, "upper");
        expectInside(largest.lower, { lower: m + s / root, upper: m + s * root }, slack, "lower");
        expectInside(smallest.lower, { lower: m - s * root, upper: m }, slack, "lower of λ_min");
      }),
      runs,
    );
  });
});
