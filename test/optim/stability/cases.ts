import fc from "fast-check";
import {
  adam,
  adamw,
  heavyBall,
  hessianUsam,
  isStable,
  nesterov,
  type Optimizer,
  penaltySam,
  rmsprop,
  type StableInterval,
  sgd,
  stableSpectrum,
  twoStepUsam,
  usam,
} from "../../../src/index.js";
import { iterationRadius, quadraticForm, rotated } from "../iteration.js";

interface Settings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly radius: number;
  readonly weightDecay: number;
  readonly decoupledDecay: boolean;
}

/** Evenly spread, where fc.double crowds around 0. */
export const uniform = (min: number, max: number) =>
  fc.integer({ min: 0, max: 1_000_000 }).map((part) => min + ((max - min) * part) / 1_000_000);
const powerOfTen = (min: number, max: number) => uniform(min, max).map((exponent) => 10 ** exponent);

export const settings: fc.Arbitrary<Settings> = fc.record({
  learningRate: powerOfTen(-2.5, 1),
  momentum: uniform(0.01, 0.95),
  dampening: uniform(0, 0.9),
  radius: powerOfTen(-3, 0),
  weightDecay: fc.oneof(fc.constant(0), uniform(0.001, 0.3)),
  decoupledDecay: fc.boolean(),
});

/** Without the options of momentum, or with them. */
export const bare = ({ momentum: _, dampening: __, ...rest }: Settings) => rest;
const ball = ({ dampening: _, ...rest }: Settings) => rest;
/** Without the radius, for what is not of the SAM family. */
const plain = <S extends { readonly radius: number }>({ radius: _, ...rest }: S) => rest;
const accelerated = (s: Settings) => ({ ...ball(s), nesterov: true });
/** So near 1 that second moments stand still. */
const frozen = 1 - 2 ** -53;

export const families: Readonly<Record<string, (s: Settings) => Optimizer>> = {
  "gradient descent": (s) => sgd(plain(bare(s))),
  "sgd with momentum": (s) => sgd(plain(ball(s))),
  "sgd with dampening": (s) => sgd(plain(s)),
  "sgd with nesterov": (s) => sgd(plain(accelerated(s))),
  "heavy ball": (s) => heavyBall(plain(ball(s))),
  nesterov: (s) => nesterov(plain(ball(s))),
  usam: (s) => usam(bare(s)),
  "usam with heavy ball": (s) => usam(ball(s)),
  "usam with nesterov": (s) => usam(accelerated(s)),
  "two-step usam": (s) => twoStepUsam(bare(s)),
  "two-step usam with dampening": (s) => twoStepUsam(s),
  "hessian usam": (s) => hessianUsam(bare(s)),
  "hessian usam with nesterov": (s) => hessianUsam(accelerated(s)),
  "penalty sam": (s) => penaltySam(bare(s)),
  "penalty sam with heavy ball": (s) => penaltySam(ball(s)),
  adam: ({ learningRate, weightDecay, momentum }) =>
    adam({ learningRate, weightDecay, beta1: momentum, beta2: frozen }),
  adamw: ({ learningRate, weightDecay, momentum }) =>
    adamw({ learningRate, weightDecay, beta1: momentum, beta2: frozen }),
  rmsprop: (s) => rmsprop({ ...plain(bare(s)), smoothing: frozen }),
  "rmsprop with momentum": (s) => rmsprop({ ...plain(ball(s)), smoothing: frozen }),
};
const adaptive = (optimizer: Optimizer) => ["adam", "adamw", "rmsprop"].includes(optimizer.name);

/** Where to put an eigenvalue: at an edge, or beside it by a part of the whole, or anywhere around. */
export interface Place {
  readonly edge: number;
  readonly beside: number;
  readonly anywhere: number | null;
}
const edge = fc.nat({ max: 3 });
export const place: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ edge, beside: fc.constant(0), anywhere: fc.constant(null) }),
  fc.record({ edge, beside: fc.constantFrom(1e-6, -1e-6, 1e-3, -1e-3), anywhere: fc.constant(null) }),
  fc.record({ edge, beside: fc.constant(0), anywhere: uniform(-1.3, 1.3) }),
);

export function eigenvalueAt({ edge, beside, anywhere }: Place, spectrum: readonly StableInterval[]): number {
  const edges = spectrum.flatMap(({ lower, upper }) => [lower, upper]);
  if (edges.length === 0) return anywhere ?? edge;
  const size = Math.max(...edges.map(Math.abs));
  return anywhere === null ? edges[edge % edges.length] + beside * size : anywhere * size;
}

export const stableCase = fc.record({
  family: fc.constantFrom(...Object.keys(families)),
  settings,
  places: fc.array(place, { minLength: 1, maxLength: 3 }),
  angles: fc.tuple(uniform(0, 3), uniform(0, 3)),
  isDiagonal: fc.boolean(),
  roots: fc.tuple(...[0, 1, 2].map(() => uniform(0.3, 3))),
});
type StableCase = typeof stableCase extends fc.Arbitrary<infer T> ? T : never;

/** What powers of the Jacobian and the filter say; they must not contradict each other. */
export function judge({ family, settings, places, angles, isDiagonal, roots }: StableCase, fault = 1) {
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
      // After so many steps no bias is left to correct.
      ...("second" in state ? { second: squares, steps: 1e300 } : { square: squares }),
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
export const RESOLUTION = 1e-11;

export function agrees({ radius, stable, isExact }: ReturnType<typeof judge>): boolean {
  if (radius > 1 + RESOLUTION) return !stable;
  if (radius < 1 - RESOLUTION) return stable;
  return stable || !isExact;
}
