import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  exactHessian,
  type Interval,
  spectralMoments,
  symmetricEigen,
  wsBounds,
  wsEigenvalueBounds,
} from "../../src/index.js";
import { cases } from "../cases.js";
import { boundsMargin } from "../oracles/bounds-margin.js";
import { euclidean, expectNear } from "../oracles/compare.js";
import { refusals } from "../refusals.js";

/** Moments of a spectrum that is written down. */
function momentsOf(spectrum: readonly number[]) {
  return {
    size: spectrum.length,
    trace: spectrum.reduce((sum, value) => sum + value, 0),
    frobeniusSquared: spectrum.reduce((sum, value) => sum + value * value, 0),
  };
}

function expectInterval(
  { lower, upper }: Interval,
  wantedLower: number,
  wantedUpper: number,
  scale: number,
): void {
  expectNear(lower, wantedLower, 1e-14, scale);
  expectNear(upper, wantedUpper, 1e-14, scale);
}

describe("wsBounds", () => {
  it.each([
    [1, 3],
    [-2, 5],
    [0, 7],
    [-4, -1],
  ])("are attained by both eigenvalues at n = 2: %f and %f", (low, high) => {
    const moments = momentsOf([high, low]);
    const { largest, smallest, spread } = wsBounds(moments);
    expectInterval(largest, high, high, 10);
    expectInterval(smallest, low, low, 10);
    expectInterval(spread, high - low, high - low, 10);
    expect(wsEigenvalueBounds(moments, 1)).toEqual(largest);
    expect(wsEigenvalueBounds(moments, 2)).toEqual(smallest);
  });

  it("bound λ_max sharply where the other eigenvalues are equal, and λ_min likewise", () => {
    for (const n of [3, 8, 50]) {
      const rest = Array.from({ length: n - 1 }, () => 1);
      const up = wsBounds(momentsOf([...rest, 6]));
      expectNear(up.largest.upper, 6, 1e-14);
      expectNear(up.smallest.upper, 1, 1e-13);
      const down = wsBounds(momentsOf([...rest, -6]));
      expectNear(down.smallest.lower, -6, 1e-14);
      expectNear(down.largest.lower, 1, 1e-13);
    }
  });

  it("bound the spread sharply for the spectra that attain it", () => {
    // Largest for given moments: ±1 and zeros. Least: half and half, with one more on either side for odd n.
    expectNear(wsBounds(momentsOf([1, 0, 0, 0, -1])).spread.upper, 2, 1e-14);
    expectNear(wsBounds(momentsOf([1, 1, 1, -1, -1, -1])).spread.lower, 2, 1e-14);
    expectNear(wsBounds(momentsOf([1, 1, 1, -1, -1])).spread.lower, 2, 1e-14);
  });

  it("bound λ_k sharply where the first k are equal and so are the rest", () => {
    const spectrum = [4, 4, 4, -1, -1, -1, -1];
    const moments = momentsOf(spectrum);
    expectNear(wsEigenvalueBounds(moments, 3).upper, 4, 1e-14);
    expectNear(wsEigenvalueBounds(moments, 4).lower, -1, 1e-14);
  });

  it("are all m where every eigenvalue is, although s² cancels", () => {
    const spectrum = Array.from({ length: 7 }, () => 0.1);
    const { largest, smallest, spread } = wsBounds(momentsOf(spectrum));
    // s is the root of a difference of rounding errors: about √ε·|m|, times √(n − 1).
    for (const bound of [largest.lower, largest.upper, smallest.lower, smallest.upper]) {
      expectNear(bound, 0.1, 1e-7);
    }
    expectNear(spread.upper, 0, 1e-7, 1);
    expect(spread.lower).toBeGreaterThanOrEqual(0);
  });

  it("take the deviation that is given where s² cancels", () => {
    const moments = { ...momentsOf([1, 1, 1, 1, 1]), deviation: 2e-12 };
    const { largest, smallest } = wsBounds(moments);
    expectNear(largest.upper - 1, 4e-12, 1e-15, 1);
    expectNear(1 - smallest.lower, 4e-12, 1e-15, 1);
  });
});

describe("wsBounds of a Hessian", () => {
  it.each(cases)("contain its eigenvalues: $name", ({ net, theta, batch }) => {
    const moments = spectralMoments(net, theta, batch);
    const { values } = symmetricEigen(exactHessian(net, theta, batch));
    const n = net.size;
    const mean = moments.trace / n;
    const deviation = euclidean(values.map((value) => value - mean)) / Math.sqrt(n);
    const slack = boundsMargin(n, Math.sqrt(moments.frobeniusSquared), deviation);
    const { largest, smallest, spread } = wsBounds(moments);
    const claims: [number, Interval][] = [
      [values[n - 1], largest],
      [values[0], smallest],
      [values[n - 1] - values[0], spread],
      ...Array.from(values, (value, i): [number, Interval] => [value, wsEigenvalueBounds(moments, n - i)]),
    ];
    for (const [value, { lower, upper }] of claims) {
      expect(value).toBeGreaterThanOrEqual(lower - slack);
      expect(value).toBeLessThanOrEqual(upper + slack);
    }
  });
});

describe("wsBounds and wsEigenvalueBounds refuse", () => {
  const moments = { size: 3, trace: 1, frobeniusSquared: 2 };
  refusals(ArgumentError, "invalid-argument", [
    [
      "a single eigenvalue",
      () => wsBounds({ ...moments, size: 1 }),
      /wsBounds.*≥ 2, got 1; .*nothing to bound/,
    ],
    [
      "moments that are not numbers",
      () => wsBounds({ ...moments, trace: Number.NaN }),
      /moments\.trace.*got NaN/,
    ],
    ["a negative ‖H‖²", () => wsBounds({ ...moments, frobeniusSquared: -1 }), /frobeniusSquared.*≥ 0/],
    [
      "an eigenvalue beyond the last",
      () => wsEigenvalueBounds(moments, 4),
      /wsEigenvalueBounds.*k ≤ n = 3, got 4/,
    ],
    ["an eigenvalue before the first", () => wsEigenvalueBounds(moments, 0), /k to be an integer ≥ 1/],
  ]);

  it("moments that no symmetric matrix has", () => {
    expect(() => wsBounds({ size: 2, trace: 1, frobeniusSquared: 0.1 })).toThrow(
      /frobeniusSquared ≥ trace²\/size = 0\.5/,
    );
    expect(() => wsBounds({ size: 2, trace: 1e200, frobeniusSquared: 1e300 })).toThrow(/no symmetric matrix/);
    // But rounding is forgiven: here H = I/3 in sums made elsewhere.
    expect(wsBounds({ size: 3, trace: 1, frobeniusSquared: 1 / 3 - 1e-16 }).largest.upper).toBe(1 / 3);
  });
});
