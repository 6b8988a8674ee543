// Where numbers are as small, and steps as many, as floating point has them.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asam, isStable, minimize, objectiveOf, sam, sgd, stableSpectrum, usam } from "../../src/index.js";
import { oneMinusPower } from "../../src/optim/adam.js";
import { scheduled, stepSchedule } from "../../src/optim/index.js";
import { gradientNormObjective } from "../../src/regularizers/index.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { optimizersByRate } from "./optimizers.js";
import { smooth } from "./smooth.js";

/** Steps of gradients this small have no ‖g‖ to divide a radius by. */
const denormal = 1e-310;

describe("of denormal gradients", () => {
  /** The points at which a linear function with this slope is asked for its gradient. */
  function visited(optimizer: ReturnType<typeof sam>, theta: number[], slope: number[]): number[] {
    let at: Float64Array = new Float64Array(0);
    const gradient = Float64Array.from(slope);
    const line = objectiveOf(theta.length, (point) => {
      at = point;
      return { value: 0, gradient };
    });
    optimizer.step(line, Float64Array.from(theta), optimizer.initialState(theta.length));
    return Array.from(at);
  }

  it("sam goes as far uphill as of any others", () => {
    const optimizer = sam({ learningRate: 0.1, radius: 0.05 });
    const wanted = [1 + 0.05 * 0.6, -2 - 0.05 * 0.8];
    for (const size of [1, 1e-200, 1e-310, 1e-320, 1e300])
      expectClose(visited(optimizer, [1, -2], [3 * size, -4 * size]), wanted, size < 1e-315 ? 1e-3 : 1e-15);
  });

  it("asam too, by the sizes of its parameters, also where Tg underflows", () => {
    const optimizer = asam({ learningRate: 0.1, radius: 0.05, offset: 0 });
    const usual = visited(optimizer, [1e-20, 2e-20], [3, -4]);
    expectClose(visited(optimizer, [1e-20, 2e-20], [3e-310, -4e-310]), usual, 1e-12);
    // Along T²g/‖Tg‖ = (3, −16)·1e-20/√73.
    expectClose(usual, [1e-20 * (1 + 0.15 / Math.sqrt(73)), 1e-20 * (2 - 0.8 / Math.sqrt(73))], 1e-14);
  });

  it("the gradient norm's penalty has the unit vector that it is the product of", () => {
    const flat = objectiveOf(1, ([x]) => ({ value: 0, gradient: Float64Array.of(denormal * x) }), {
      hessianVectorProduct: (_, [v]) => Float64Array.of(2 * v),
    });
    const penalised = gradientNormObjective(flat, { strength: 0.5 });
    expect(penalised.gradient(Float64Array.of(-3))[0]).toBe(-1);
  });
});

describe("stableSpectrum", () => {
  const descent = { learningRate: 0.1 };

  it("is finite for radii and gradients of any size, and where both ratios overflow the root that there is", () => {
    const positive = fc.double({ min: 5e-324, max: 1e308, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, (learningRate, radius, gradientNorm) => {
        for (const intervals of [
          stableSpectrum(usam({ learningRate, radius })),
          stableSpectrum(sam({ learningRate, radius }), { gradientNorm }),
        ]) {
          expect(intervals.length).toBeGreaterThan(0);
          for (const { lower, upper } of intervals) {
            expect(Number.isFinite(lower) && Number.isFinite(upper) && lower <= upper).toBe(true);
          }
        }
      }),
    );
    // ρλ²/‖g‖ = 2/α, where λ is negligible beside it: λ = √(2‖g‖/(αρ)).
    const [, interval] = stableSpectrum(sam({ ...descent, radius: 0.05 }), { gradientNorm: denormal });
    expectNear(interval.upper, Math.sqrt((2 * 1e-160) / (0.1 * 0.05)) * 1e-75, 1e-12);
  });

  it("of radii too small to matter is that of gradient descent", () => {
    for (const radius of [1e-300, 1e-309, 1e-322])
      expect(stableSpectrum(usam({ ...descent, radius })).at(-1)).toEqual({ lower: 0, upper: 20 });
    expect(isStable(usam({ ...descent, radius: 1e-309 }), [0, 20])).toBe(true);
  });
});

describe("1 − βᵗ", () => {
  /** β is m/2ᵉ exactly: the digits of 1 − βᵗ by whole numbers of any length. */
  function exactly(beta: number, t: number): number {
    let [mantissa, exponent] = [beta, 0];
    while (!Number.isInteger(mantissa)) {
      mantissa *= 2;
      exponent++;
    }
    const whole = 1n << BigInt(exponent * t);
    const left = whole - BigInt(mantissa) ** BigInt(t);
    const digits = left.toString(2).length - whole.toString(2).length;
    const shift = 80 - digits;
    return Number((left << BigInt(shift)) / whole) / 2 ** shift;
  }

  it("agrees with whole numbers of any length to 4 units in the last place, β near 1 included", () => {
    for (const beta of [0, 0.1, 0.5, 0.9, 0.999, 0.999999, 1 - 2 ** -52])
      for (const t of [1, 2, 3, 10, 63, 64, 1000, 4097])
        expectNear(oneMinusPower(beta, t), exactly(beta, t), 4 * 2 ** -52);
    expect(oneMinusPower(0.9, 0)).toBe(0);
    expect(oneMinusPower(0.999, 2 ** 40)).toBe(1);
  });

  it("is not what a running product gives: that is 1e-12 off where β is near 1", () => {
    let product = 1;
    for (let t = 0; t < 64; t++) product *= 0.999999;
    expect(Math.abs((1 - product) / exactly(0.999999, 64) - 1)).toBeGreaterThan(1e-12);
  });
});

describe("a learning rate of 0", () => {
  const start = Float64Array.of(0, -2, 0.75);

  it.each(optimizersByRate)("leaves theta as it is, zeros included: %s", (_, make) => {
    for (const optimizer of [make(0), scheduled(make, () => 0)])
      expect(minimize(smooth(), start, optimizer, { steps: 1 }).theta).toEqual(start);
  });

  it("in the end of a schedule lets sgd stand, and its velocity go on", () => {
    const ended = scheduled(
      (learningRate) => sgd({ learningRate, momentum: 0.9 }),
      (step) => (step < 3 ? 0.1 : 0),
    );
    const moving = minimize(smooth(), start, ended, { steps: 3 });
    const standing = minimize(smooth(), moving.theta, ended, { steps: 4, from: moving });
    expect(standing.theta).toEqual(moving.theta);
    expect(standing.state.inner.velocity).not.toEqual(moving.state.inner.velocity);
  });
});

describe("schedules", () => {
  it("end at once for steps that are none", () => {
    const schedule = stepSchedule({ learningRate: 1, every: 2 });
    for (const step of [Number.POSITIVE_INFINITY, Number.NaN, -1, 0.5, undefined as never])
      expect(() => schedule(step)).toThrow(/^stepSchedule: expected step to be an integer ≥ 0, got/);
    expect(schedule(2 ** 52)).toBe(0);
  });
});
