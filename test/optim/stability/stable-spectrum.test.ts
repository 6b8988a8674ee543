// Independent: the edges are written out, or roots by Newton's method; runs say whether they are edges.

import { describe, expect, it } from "vitest";
import * as engine from "../../../src/index.js";
import { ArgumentError, isStable, minimize, type Optimizer, stableSpectrum } from "../../../src/index.js";
import { constantSchedule, scheduled } from "../../../src/optim/index.js";
import { expectClose, expectNear } from "../../oracles/compare.js";
import { quadraticForm } from "../iteration.js";

const alpha = { learningRate: 0.1 };
const beta = { ...alpha, momentum: 0.9 };
const rho = { ...alpha, radius: 0.05 };
/** Two-step USAM's edge, t(1 + t)² = 1 with t = λ/20, by Newton's method; the cubic of Hessian USAM likewise. */
const newton = (f: (x: number) => number, slope: (x: number) => number, start: number): number => {
  let x = start;
  for (let i = 0; i < 50; i++) x -= f(x) / slope(x);
  return x;
};
const twoStepEdge = newton(
  (x) => x * (1 + 0.05 * x) ** 2 - 20,
  (x) => (1 + 0.05 * x) * (1 + 0.15 * x),
  9,
);
const hessianEdge = newton(
  (x) => x * (1 + 0.05 * x * x) - 20,
  (x) => 1 + 0.15 * x * x,
  6,
);
const golden = Math.sqrt(5);

const figures: readonly (readonly [name: string, optimizer: Optimizer, intervals: number[][]])[] = [
  ["gradient descent, 20", engine.sgd(alpha), [[0, 20]]],
  ["heavy ball, 38", engine.heavyBall(beta), [[0, 38]]],
  ["Nesterov, 13.57", engine.nesterov(beta), [[0, 95 / 7]]],
  [
    "USAM, 12.36 and from −32.36 to −20",
    engine.usam(rho),
    [
      [-10 - 10 * golden, -20],
      [0, -10 + 10 * golden],
    ],
  ],
  [
    "two-step USAM, 9.31 and −20",
    engine.twoStepUsam(rho),
    [
      [-20, -20],
      [0, twoStepEdge],
    ],
  ],
  ["Hessian USAM, 6.46", engine.hessianUsam(rho), [[0, hessianEdge]]],
];

describe("stableSpectrum at α = 0.1, β = 0.9, ρ = 0.05", () => {
  it.each(figures)("%s", (_, optimizer, intervals) => {
    const found = stableSpectrum(optimizer).map(({ lower, upper }) => [lower, upper]);
    expect(found.length).toBe(intervals.length);
    expectClose(found.flat(), intervals.flat(), 4e-16);
  });

  it("gives the figures of the paper", () => {
    const upper = figures.map(([, optimizer]) => stableSpectrum(optimizer).at(-1)!.upper);
    const wanted = [20, 38, 13.57, 12.36, 9.31, 6.46];
    expect(upper.map((edge) => Math.floor(100 * edge + 1e-9) / 100)).toEqual(wanted);
    expect(Math.trunc(100 * stableSpectrum(engine.usam(rho))[0].lower) / 100).toBe(-32.36);
  });

  it.each(figures)("a run shrinks within it and grows outside: %s", (_, optimizer, intervals) => {
    const grown = (eigenvalue: number): number => {
      const { theta } = minimize(
        quadraticForm([Float64Array.of(eigenvalue)]),
        Float64Array.of(1e-3),
        optimizer,
        { steps: 3000 },
      );
      return Math.abs(theta[0]) / 1e-3;
    };
    for (const [lower, upper] of intervals) {
      const margin = 0.01 * Math.max(Math.abs(lower), Math.abs(upper));
      for (const [edge, outward] of [
        [lower, -1],
        [upper, 1],
      ]) {
        if (upper > lower) expect(grown(edge - outward * margin)).toBeLessThan(1);
        expect(grown(edge + outward * margin)).toBeGreaterThan(1);
      }
    }
  });
});

describe("stableSpectrum", () => {
  it("is for SAM what Long & Bartlett found: ‖g‖/(2ρ)·(√(1 + 8ρ/(α‖g‖)) − 1)", () => {
    for (const gradientNorm of [1e-3, 0.1, 1, 30]) {
      const edge = (gradientNorm / 0.1) * (Math.sqrt(1 + 0.4 / (0.1 * gradientNorm)) - 1);
      expectNear(stableSpectrum(engine.sam(rho), { gradientNorm }).at(-1)!.upper, edge, 1e-14);
    }
  });

  it("is for Adam what Cohen et al. found, in preconditioned eigenvalues: 38/α at β₁ = 0.9", () => {
    const [interval] = stableSpectrum(engine.adam(alpha), { preconditioned: true });
    expectClose([interval.lower, interval.upper], [0, 380], 1e-15);
  });

  it("joins what a shift makes touch, and is empty where nothing is stable", () => {
    // p(−1/3)/ρ = −80/27: below, the two pieces are one.
    expect(stableSpectrum(engine.twoStepUsam({ ...rho, weightDecay: 2.9 }))).toHaveLength(2);
    expect(stableSpectrum(engine.twoStepUsam({ ...rho, weightDecay: 3 }))).toHaveLength(1);
    const decayed = engine.sgd({ ...beta, weightDecay: 30, decoupledDecay: true });
    expect(stableSpectrum(decayed)).toEqual([]);
    expect(isStable(decayed, 0)).toBe(false);
  });

  it("refuses what has no filter, or lacks something, by name", () => {
    const refuses = (optimizer: Optimizer, says: RegExp, options = {}) => {
      expect(() => stableSpectrum(optimizer, options)).toThrow(ArgumentError);
      expect(() => stableSpectrum(optimizer, options)).toThrow(says);
    };
    refuses(engine.asam(rho), /"asam"; what ASAM does at a point depends on theta/);
    refuses(
      scheduled((learningRate) => engine.sgd({ learningRate }), constantSchedule(0.1)),
      /"scheduled sgd"; .*optimizer\.at\(step\)/,
    );
    refuses({ ...figures[0][1], name: "mine" }, /got "mine"; filters are known/);
    refuses({ ...figures[0][1], name: "toString" }, /got "toString"/);
    refuses({ ...figures[0][1], hyperparameters: {} }, /sgd's learningRate.*undefined/);
    refuses(engine.sam(rho), /gradientNorm for sam/);
    refuses(engine.sam(rho), /gradientNorm.*> 0/, { gradientNorm: 0 });
    for (const make of [engine.adam, engine.adamw, engine.rmsprop]) refuses(make(alpha), /preconditioned/);
    expect(() => stableSpectrum(null as never)).toThrow(/optimizer to be an object/);
    expect(() => isStable(figures[0][1], Number.NaN)).toThrow(/isStable: .*finite/);
    expect(() => isStable(figures[0][1], "1" as never)).toThrow(/number or a list/);
    expect(() => isStable(figures[0][1], 1, { tolerance: -1 })).toThrow(/tolerance.*≥ 0/);
  });

  it("takes the optimizer of one step of a schedule", () => {
    const run = scheduled(
      (learningRate) => engine.sgd({ learningRate }),
      (step) => 0.1 / (1 + step),
    );
    expect(stableSpectrum(run.at(1))).toEqual([{ lower: 0, upper: 40 }]);
  });
});
