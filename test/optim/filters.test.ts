// Independent: the iteration's Jacobian is made of steps of the optimizer itself, its spectral radius of powers of it.
// Neither knows a filter, a root or an effective curvature.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  adam,
  adamw,
  asam,
  constantSchedule,
  heavyBall,
  hessianUsam,
  isStable,
  minimize,
  nesterov,
  type Optimizer,
  penaltySam,
  rmsprop,
  type StableInterval,
  sam,
  scheduled,
  sgd,
  stableSpectrum,
  twoStepUsam,
  usam,
} from "../../src/index.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { iterationRadius, quadraticForm, rotated } from "./iteration.js";

interface Settings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly radius: number;
  readonly weightDecay: number;
  readonly decoupledDecay: boolean;
}

/** Evenly spread, where fc.double crowds around 0. */
const uniform = (min: number, max: number) =>
  fc.integer({ min: 0, max: 1_000_000 }).map((part) => min + ((max - min) * part) / 1_000_000);
const powerOfTen = (min: number, max: number) => uniform(min, max).map((exponent) => 10 ** exponent);

const settings: fc.Arbitrary<Settings> = fc.record({
  learningRate: powerOfTen(-2.5, 1),
  momentum: uniform(0.01, 0.95),
  dampening: uniform(0, 0.9),
  radius: powerOfTen(-3, 0),
  weightDecay: fc.oneof(fc.constant(0), uniform(0.001, 0.3)),
  decoupledDecay: fc.boolean(),
});

/** Without the options of momentum, or with them. */
const bare = ({ momentum: _, dampening: __, ...rest }: Settings) => rest;
const ball = ({ dampening: _, ...rest }: Settings) => rest;
const accelerated = (s: Settings) => ({ ...ball(s), nesterov: true });
/** So near 1 that second moments stand still. */
const frozen = 1 - 2 ** -53;

const families: Readonly<Record<string, (s: Settings) => Optimizer>> = {
  "gradient descent": (s) => sgd(bare(s)),
  "sgd with momentum": (s) => sgd(ball(s)),
  "sgd with dampening": (s) => sgd(s),
  "sgd with nesterov": (s) => sgd(accelerated(s)),
  "heavy ball": (s) => heavyBall(ball(s)),
  nesterov: (s) => nesterov(ball(s)),
  usam: (s) => usam(bare(s)),
  "usam with heavy ball": (s) => usam(ball(s)),
  "usam with nesterov": (s) => usam(accelerated(s)),
  "two-step usam": (s) => twoStepUsam(bare(s)),
  "two-step usam with dampening": (s) => twoStepUsam(s),
  "hessian usam": (s) => hessianUsam(bare(s)),
  "hessian usam with nesterov": (s) => hessianUsam(accelerated(s)),
  "penalty sam": (s) => penaltySam(bare(s)),
  "penalty sam with heavy ball": (s) => penaltySam(ball(s)),
  adam: ({ decoupledDecay: _, ...s }) => adam({ ...s, beta1: s.momentum, beta2: frozen }),
  adamw: ({ decoupledDecay: _, ...s }) => adamw({ ...s, beta1: s.momentum, beta2: frozen }),
  rmsprop: (s) => rmsprop({ ...bare(s), smoothing: frozen }),
  "rmsprop with momentum": (s) => rmsprop({ ...ball(s), smoothing: frozen }),
};
const adaptive = (optimizer: Optimizer) => ["adam", "adamw", "rmsprop"].includes(optimizer.name);

/** Where to put an eigenvalue: at an edge, or beside it by a part of the whole, or anywhere around. */
interface Place {
  readonly edge: number;
  readonly beside: number;
  readonly anywhere: number | null;
}
const edge = fc.nat({ max: 3 });
const place: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ edge, beside: fc.constant(0), anywhere: fc.constant(null) }),
  fc.record({ edge, beside: fc.constantFrom(1e-6, -1e-6, 1e-3, -1e-3), anywhere: fc.constant(null) }),
  fc.record({ edge, beside: fc.constant(0), anywhere: uniform(-1.3, 1.3) }),
);

function eigenvalueAt({ edge, beside, anywhere }: Place, spectrum: readonly StableInterval[]): number {
  const edges = spectrum.flatMap(({ lower, upper }) => [lower, upper]);
  if (edges.length === 0) return anywhere ?? edge;
  const size = Math.max(...edges.map(Math.abs));
  return anywhere === null ? edges[edge % edges.length] + beside * size : anywhere * size;
}

const stableCase = fc.record({
  family: fc.constantFrom(...Object.keys(families)),
  settings,
  places: fc.array(place, { minLength: 1, maxLength: 3 }),
  angles: fc.tuple(uniform(0, 3), uniform(0, 3)),
  isDiagonal: fc.boolean(),
  roots: fc.tuple(...[0, 1, 2].map(() => uniform(0.3, 3))),
});
type StableCase = typeof stableCase extends fc.Arbitrary<infer T> ? T : never;

/** What powers of the Jacobian and the filter say; they must not contradict each other. */
function judge({ family, settings, places, angles, isDiagonal, roots }: StableCase, fault = 1) {
  const optimizer = families[family](settings);
  const preconditioned = adaptive(optimizer);
  const spectrum = stableSpectrum(optimizer, { preconditioned });
  const eigenvalues = places.map((at) => eigenvalueAt(at, spectrum));
  const A = rotated(eigenvalues, isDiagonal ? [0, 0] : angles);
  let radius: number;
  if (preconditioned) {
    // P⁻¹(H + λI) is similar to A for H = √P·A·√P − λI, P = diag(roots).
    const coupled = optimizer.name === "adamw" || settings.decoupledDecay ? 0 : settings.weightDecay;
    const shift = optimizer.name === "adam" ? settings.weightDecay : coupled;
    const H = A.map((row, i) =>
      row.map((entry, j) => Math.sqrt(roots[i] * roots[j]) * entry - (i === j ? shift : 0)),
    );
    const squares = Float64Array.from(places, (_, i) => (roots[i] - 1e-8) ** 2);
    const prepare = (state: object) => ({
      ...state,
      ...("second" in state ? { second: squares, beta1Power: 0, beta2Power: 0 } : { square: squares }),
    });
    radius = iterationRadius(optimizer, quadraticForm(H), prepare, 1e-12);
  } else radius = iterationRadius(optimizer, quadraticForm(A));
  const claimed = {
    ...optimizer,
    hyperparameters: {
      ...optimizer.hyperparameters,
      learningRate: fault * Number(optimizer.hyperparameters.learningRate),
    },
  };
  const stable = isStable(claimed, eigenvalues, { preconditioned });
  const isOnEdges =
    spectrum.length > 0 && places.every(({ anywhere, beside }) => anywhere === null && beside === 0);
  const isExact = places.every(({ beside }) => beside === 0);
  return { radius, stable, isOnEdges, isExact };
}

/** What powers of a matrix can tell from 1. */
const RESOLUTION = 1e-11;

function agrees({ radius, stable, isExact }: ReturnType<typeof judge>): boolean {
  if (radius > 1 + RESOLUTION) return !stable;
  if (radius < 1 - RESOLUTION) return stable;
  return stable || !isExact;
}

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
  ["gradient descent, 20", sgd(alpha), [[0, 20]]],
  ["heavy ball, 38", heavyBall(beta), [[0, 38]]],
  ["Nesterov, 13.57", nesterov(beta), [[0, 95 / 7]]],
  [
    "USAM, 12.36 and from −32.36 to −20",
    usam(rho),
    [
      [-10 - 10 * golden, -20],
      [0, -10 + 10 * golden],
    ],
  ],
  [
    "two-step USAM, 9.31 and −20",
    twoStepUsam(rho),
    [
      [-20, -20],
      [0, twoStepEdge],
    ],
  ],
  ["Hessian USAM, 6.46", hessianUsam(rho), [[0, hessianEdge]]],
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
    expect(Math.trunc(100 * stableSpectrum(usam(rho))[0].lower) / 100).toBe(-32.36);
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
      expectNear(stableSpectrum(sam(rho), { gradientNorm }).at(-1)!.upper, edge, 1e-14);
    }
  });

  it("is for Adam what Cohen et al. found, in preconditioned eigenvalues: 38/α at β₁ = 0.9", () => {
    const [interval] = stableSpectrum(adam(alpha), { preconditioned: true });
    expectClose([interval.lower, interval.upper], [0, 380], 1e-15);
  });

  it("joins what a shift makes touch, and is empty where nothing is stable", () => {
    // p(−1/3)/ρ = −80/27: below, the two pieces are one.
    expect(stableSpectrum(twoStepUsam({ ...rho, weightDecay: 2.9 }))).toHaveLength(2);
    expect(stableSpectrum(twoStepUsam({ ...rho, weightDecay: 3 }))).toHaveLength(1);
    const decayed = sgd({ ...beta, weightDecay: 30, decoupledDecay: true });
    expect(stableSpectrum(decayed)).toEqual([]);
    expect(isStable(decayed, 0)).toBe(false);
  });

  it("refuses what has no filter, or lacks something, by name", () => {
    const refuses = (optimizer: Optimizer, says: RegExp, options = {}) => {
      expect(() => stableSpectrum(optimizer, options)).toThrow(ArgumentError);
      expect(() => stableSpectrum(optimizer, options)).toThrow(says);
    };
    refuses(asam(rho), /"asam"; what ASAM does at a point depends on theta/);
    refuses(
      scheduled((learningRate) => sgd({ learningRate }), constantSchedule(0.1)),
      /"scheduled sgd"; .*optimizer\.at\(step\)/,
    );
    refuses({ ...figures[0][1], name: "mine" }, /got "mine"; filters are known/);
    refuses({ ...figures[0][1], name: "toString" }, /got "toString"/);
    refuses({ ...figures[0][1], hyperparameters: {} }, /sgd's learningRate.*undefined/);
    refuses(sam(rho), /gradientNorm for sam/);
    refuses(sam(rho), /gradientNorm.*> 0/, { gradientNorm: 0 });
    for (const make of [adam, adamw, rmsprop]) refuses(make(alpha), /preconditioned/);
    expect(() => stableSpectrum(null as never)).toThrow(/optimizer to be an object/);
    expect(() => isStable(figures[0][1], Number.NaN)).toThrow(/isStable: .*finite/);
    expect(() => isStable(figures[0][1], "1" as never)).toThrow(/number or a list/);
    expect(() => isStable(figures[0][1], 1, { tolerance: -1 })).toThrow(/tolerance.*≥ 0/);
  });

  it("takes the optimizer of one step of a schedule", () => {
    const run = scheduled(
      (learningRate) => sgd({ learningRate }),
      (step) => 0.1 / (1 + step),
    );
    expect(stableSpectrum(run.at(1))).toEqual([{ lower: 0, upper: 40 }]);
  });
});
