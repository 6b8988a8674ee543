import { hessianOperator, powerIteration, spectralMoments, wsBounds } from "flatward";
import {
  adaptiveSharpness,
  type BallSharpness,
  epsilonSharpness,
  expectedSharpness,
  normalizedSharpness,
  relativeFlatness,
} from "flatward/landscape";
import { hasMoments } from "../network/make.js";
import { largestOf, topOf } from "./extremes.js";
import { type Estimate, exact, perNetwork } from "./measured-network.js";
import { spectralSumsOf } from "./spectral-sums.js";

// Random vectors are those of seed 0, the same for every network.

/** Start vectors of power iteration. */
export const POWER_STARTS = 3;
/** Of power iteration: residual over ‖H‖. */
const POWER_TOLERANCE = 1e-2;
const POWER_ITERATIONS = 200;
/** ε of ε-sharpness. */
export const RADIUS = 0.05;
/** ρ of adaptive sharpness, relative to every parameter. */
export const RELATIVE_RADIUS = 0.5;
/** σ of expected sharpness, and its pairs of evaluations. */
export const DEVIATION = 0.01;
const PAIRS = 30;
/** Of the search for the highest point: how much less than what is left to gain, to first order, it has gained. */
const ASCENT = { restarts: 0, tolerance: 1e-2, maxIterations: 20 };
/** A layer of so few products has its part of relative flatness computed exactly; others take so many samples. */
const FLATNESS = { productLimit: 60, samples: 20 };

/** The eigenvalue of largest magnitude, from several starts. */
export interface Power {
  /** Of the start with the largest |value|. */
  readonly value: number;
  readonly residual: number;
  /** Largest less smallest |value| over the starts, over the largest. */
  readonly spread: number;
  /** Products H·v, over all starts. */
  readonly products: number;
}

export const powerOf = perNetwork(({ hessian }): Power => {
  const runs = Array.from({ length: POWER_STARTS }, (_, seed) =>
    powerIteration(hessian, { tolerance: POWER_TOLERANCE, maxIterations: POWER_ITERATIONS, seed }),
  );
  const sizes = runs.map(({ value }) => Math.abs(value));
  const largest = Math.max(...sizes);
  const best = runs[sizes.indexOf(largest)];
  return {
    value: best.value,
    residual: best.residual,
    spread: largest > 0 ? (largest - Math.min(...sizes)) / largest : 0,
    products: runs.reduce((sum, { products }) => sum + products, 0),
  };
});

/** λ_max of the loss as it is trained, where batch normalisation takes part in what is differentiated. */
export const trainingLambdaOf = perNetwork(({ training, theta, sample, extremes }): number =>
  training === undefined
    ? extremes.largest.value
    : largestOf(topOf(hessianOperator(training, theta, sample), 1)).value,
);

export const sumsOf = perNetwork(spectralSumsOf);

/** The Wolkowicz–Styan bound on λ_max; without a closed form an estimate of it, which is no bound. */
export const upperBoundOf = perNetwork((network): Estimate => {
  const { net, theta, sample } = network;
  if (!hasMoments(net)) return sumsOf(network).upperBound;
  return exact(wsBounds(spectralMoments(net, theta, sample)).largest.upper);
});

export const epsilonSharpnessOf = perNetwork(
  ({ objective, theta }): BallSharpness => epsilonSharpness(objective, theta, { radius: RADIUS, ...ASCENT }),
);

export const adaptiveSharpnessOf = perNetwork(
  ({ objective, theta }): BallSharpness =>
    adaptiveSharpness(objective, theta, { radius: RELATIVE_RADIUS, ...ASCENT }),
);

export const expectedSharpnessOf = perNetwork(({ objective, theta }): Estimate => {
  const { value, standardError } = expectedSharpness(objective, theta, {
    deviation: DEVIATION,
    pairs: PAIRS,
  });
  return { value, error: standardError };
});

export const normalizedSharpnessOf = perNetwork(({ net, objective, theta }): Estimate => {
  const units = { normalization: "filter", layout: net.layout } as const;
  const { value, residual } = normalizedSharpness(objective, theta, { ...units, tolerance: 1e-4 });
  return { value, error: residual };
});

export const relativeFlatnessOf = perNetwork(({ net, objective, theta }): Estimate => {
  const { value, standardError } = relativeFlatness(objective, theta, { layout: net.layout, ...FLATNESS });
  return { value, error: standardError };
});
