// Independent: the iteration's Jacobian is made of steps of the optimizer itself, its spectral radius of powers of it.
// Neither knows a filter, a root or an effective curvature.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArgumentError, isStable, sam, sgd, stableSpectrum } from "../../../src/index.js";
import { refusals } from "../../refusals.js";
import { quadraticForm } from "../iteration.js";
import {
  agrees,
  bare,
  eigenvalueAt,
  families,
  judge,
  place,
  RESOLUTION,
  settings,
  stableCase,
  uniform,
} from "./cases.js";

describe("isStable", () => {
  it("agrees with the spectral radius of the iteration, edges included, in 10,000 cases", () => {
    const seen = { inside: 0, outside: 0, edges: 0, undecided: 0 };
    fc.assert(
      fc.property(stableCase, (example) => {
        const verdict = judge(example);
        const isNear = Math.abs(verdict.radius - 1) <= RESOLUTION;
        if (isNear && verdict.isExact) seen.edges++;
        else if (isNear) seen.undecided++;
        else if (verdict.stable) seen.inside++;
        else seen.outside++;
        // On an edge the radius is 1: the filter is not merely a part of the stable set.
        if (verdict.isOnEdges) expect(Math.abs(verdict.radius - 1)).toBeLessThan(RESOLUTION);
        return agrees(verdict);
      }),
      { numRuns: 10_000 },
    );
    expect(seen.inside).toBeGreaterThan(1000);
    expect(seen.outside).toBeGreaterThan(3000);
    expect(seen.edges).toBeGreaterThan(1500);
    expect(seen.undecided).toBeLessThan(1000);
  });

  it.each(Object.keys(families))("and would not, were the learning rate a thousandth off: %s", (family) => {
    const { failed } = fc.check(
      fc.property(stableCase, (example) => agrees(judge({ ...example, family }, 1.001))),
      { numRuns: 500, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });

  it("agrees with one step of sam along an eigenvector: its length shrinks, or grows", () => {
    fc.assert(
      fc.property(settings, uniform(1e-3, 10), place, (s, size, at) => {
        const optimizer = sam({ ...bare(s), weightDecay: 0, decoupledDecay: false });
        const gradientNorm = size;
        const spectrum = stableSpectrum(optimizer, { gradientNorm });
        const eigenvalue = eigenvalueAt(at, spectrum);
        fc.pre(Math.abs(eigenvalue) > 1e-9);
        const theta = Float64Array.of(gradientNorm / Math.abs(eigenvalue));
        const objective = quadraticForm([Float64Array.of(eigenvalue)]);
        const step = optimizer.step(objective, theta, optimizer.initialState(1));
        const ratio = Math.abs(step.theta[0] / theta[0]);
        const stable = isStable(optimizer, eigenvalue, { gradientNorm });
        if (Math.abs(ratio - 1) > RESOLUTION) expect(stable).toBe(ratio < 1);
        else if (at.beside === 0 && at.anywhere === null) expect(stable).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("takes several eigenvalues at once, and a tolerance", () => {
    const descent = sgd({ learningRate: 0.1 });
    expect(isStable(descent, [0, 3, 20])).toBe(true);
    expect(isStable(descent, Float64Array.of(0, 3, 20.001))).toBe(false);
    expect(isStable(descent, -1e-12)).toBe(false);
    expect(isStable(descent, [-1e-12, 20 + 1e-12], { tolerance: 1e-11 })).toBe(true);
    expect(isStable(descent, [])).toBe(true);
  });
});

describe("stableSpectrum and isStable refuse", () => {
  refusals(ArgumentError, "invalid-argument", [
    [
      "the spectrum of nothing",
      () => stableSpectrum({} as never),
      /stableSpectrum: .*optimizer to have a name/,
    ],
    [
      "the stability of a number",
      () => isStable(3 as never, 1),
      /isStable: .*optimizer to be an object, got 3/,
    ],
    [
      "hyperparameters alone",
      () => stableSpectrum({ name: "sgd" } as never),
      /optimizer\.hyperparameters to be an object/,
    ],
  ]);
});
