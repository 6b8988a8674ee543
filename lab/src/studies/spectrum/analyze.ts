import {
  exactHessian,
  hessianOperator,
  type SpectralMoments,
  spectralMoments,
  stochasticLanczosQuadrature,
  symmetricEigen,
} from "flatward";
import { hessianRankBound } from "flatward/hessian";
import { NEGATIVE_THRESHOLD } from "../../experiment/measures/curvature-measures.js";
import { hasMoments } from "../../experiment/network/make.js";
import { requireRoom } from "../../sizes.js";
import { blocksOf, type HessianBlockSpectrum } from "./blocks.js";
import { boundsOf, type ComparedBounds, matrixBoundsOf } from "./bounds.js";
import { type Counts, countsOf } from "./counts.js";
import { type Density, densityOf } from "./density.js";
import { type Extremes, extremesOf } from "./extremes.js";
import type { SpectrumInput, SpectrumOptions } from "./input.js";
import { type HessianParts, partsOf } from "./parts.js";
import { fitOf, type Point, pointOf } from "./point.js";
import { type Traces, tracesOf } from "./traces.js";

/** What is known of the spectrum of a training loss Hessian: plain numbers, the same bits for the same input and options. */
export interface SpectrumResult {
  /** n. */
  readonly parameters: number;
  readonly point: Point;
  /** By Lanczos. */
  readonly extremes: Extremes;
  /** Of the dense H; absent where n is beyond the limit. */
  readonly dense?: { readonly eigenvalues: readonly number[] } & Counts;
  /** The dense spectrum's ends where there is one, Lanczos's otherwise: what bounds are compared with. */
  readonly lambdaMax: number;
  readonly lambdaMin: number;
  /** Eigenvalues known to be below −threshold · max |λ|: all of them with the dense spectrum, else of those found. */
  readonly negative: number;
  readonly threshold: number;
  /** tr H²/max λ²: how many eigenvalues of the largest size would have this norm. */
  readonly stableRank: number;
  /** H cannot have more, whatever the parameters; known from a closed form. */
  readonly rankBound?: number;
  readonly traces: Traces;
  /** From closed forms, or from the dense H; absent where there is neither. */
  readonly bounds?: ComparedBounds;
  /** By closed forms. */
  readonly parts?: HessianParts;
  readonly blocks?: readonly HessianBlockSpectrum[];
  readonly density: Density;
}

/** @throws LabError "usage" for options that are beyond memory with n parameters */
function checkRoom(
  n: number,
  isDense: boolean,
  { top, samples, probes, lanczosSteps }: SpectrumOptions,
): void {
  if (isDense) requireRoom(`the Hessian's ${n}×${n} entries`, n * n, "give a smaller --dense-limit");
  requireRoom(`${top} eigenvectors`, Math.min(top, n) * n, "give a smaller --top");
  requireRoom(`${samples} random vectors`, samples * n, "give fewer --samples");
  const steps = Math.min(lanczosSteps, n);
  requireRoom(`${steps} Lanczos vectors`, steps * n, "give fewer --lanczos-steps");
  requireRoom(`${probes} densities`, probes * steps, "give fewer --probes, or fewer --lanczos-steps");
}

/**
 * Measures the spectrum of the training loss Hessian in every way there is.
 * @param onPhase called before each phase
 * @throws FlatwardError, LabError
 */
export function analyzeSpectrum(
  input: SpectrumInput,
  options: SpectrumOptions,
  onPhase: (phase: string) => void = () => {},
): SpectrumResult {
  const { net, theta } = input;
  const train = input.sample ?? input.train;
  const at = { ...input, train };
  const { top, seed, probes, lanczosSteps } = options;
  const isDense = net.size <= options.denseLimit;
  checkRoom(net.size, isDense, options);

  onPhase(hasMoments(net) ? "loss, gradient, tr H and tr H² in closed form" : "loss and gradient");
  const fit = fitOf(input);
  const closed = hasMoments(net) ? spectralMoments(net, theta, train) : undefined;
  const operator = hessianOperator(net, theta, train);

  onPhase(`Lanczos: ${Math.min(top, net.size)} eigenvalues at either end of ${net.size}`);
  const extremes = extremesOf(operator, top, seed);
  onPhase(`stochastic Lanczos quadrature: ${probes} probes of ${lanczosSteps} steps`);
  const quadrature = stochasticLanczosQuadrature(operator, { probes, steps: lanczosSteps, seed });
  if (isDense) onPhase(`all ${net.size} eigenvalues of the dense H`);
  const matrix = isDense ? exactHessian(net, theta, train) : undefined;
  const eigenvalues = matrix && symmetricEigen(matrix).values;
  const moments = closed ?? (eigenvalues && momentsOf(eigenvalues));
  onPhase("trace estimates");
  const traces = tracesOf(operator, moments, quadrature, options);

  const largest = eigenvalues
    ? Array.from(eigenvalues.slice(-Math.min(top, net.size))).reverse()
    : extremes.largest.map(({ value }) => value);
  const lambdaMax = largest[0];
  const lambdaMin = eigenvalues ? eigenvalues[0] : extremes.smallest[0].value;
  const norm = Math.max(Math.abs(lambdaMax), Math.abs(lambdaMin));
  const counts = eigenvalues && countsOf(eigenvalues);
  const negative =
    counts?.negative ?? extremes.smallest.filter(({ value }) => value < -NEGATIVE_THRESHOLD * norm).length;

  if (moments) onPhase(isDense ? "bounds" : "bounds in closed form");
  const bounds = closed
    ? boundsOf(at, closed, largest, isDense)
    : matrix && moments && matrixBoundsOf(matrix, net, moments, largest);
  if (closed) onPhase("the parts G and R, and blocks");
  const inClosedForm = closed && {
    rankBound: hessianRankBound(net, train).hessian,
    parts: partsOf(at, closed.frobeniusSquared, seed),
    blocks: blocksOf(at, closed.frobeniusSquared, seed),
  };
  onPhase("spectral density");
  const density = densityOf(quadrature, eigenvalues);

  return {
    parameters: net.size,
    point: pointOf(fit, norm, negative),
    extremes,
    ...(eigenvalues && counts ? { dense: { eigenvalues: Array.from(eigenvalues), ...counts } } : {}),
    lambdaMax,
    lambdaMin,
    negative,
    threshold: NEGATIVE_THRESHOLD,
    stableRank: norm > 0 ? traces.frobeniusSquared / (norm * norm) : 0,
    traces,
    ...(bounds ? { bounds } : {}),
    ...inClosedForm,
    density,
  };
}

function momentsOf(eigenvalues: Float64Array): SpectralMoments {
  return {
    size: eigenvalues.length,
    trace: eigenvalues.reduce((sum, value) => sum + value, 0),
    frobeniusSquared: eigenvalues.reduce((sum, value) => sum + value * value, 0),
  };
}
