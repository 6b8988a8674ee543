import {
  type Network,
  parameterRange,
  type SpectralBounds,
  type SpectralMoments,
  spectralBounds,
  type Tensor,
  wsEigenvalueBounds,
} from "flatward";
import { matrixBounds, type SpectralBound } from "flatward/bounds";
import type { SpectrumInput } from "./input.js";

/** A bound on λ_max beside λ_max. */
export interface ComparedBound extends SpectralBound {
  /** upper/λ_max, ≥ 1; absent unless λ_max > 0. */
  readonly upperRatio?: number;
  /** lower/λ_max, ≤ 1. */
  readonly lowerRatio?: number;
}

/** Wolkowicz & Styan's bounds on the k-th largest eigenvalue beside that eigenvalue. */
export interface ComparedEigenvalue {
  readonly k: number;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

export interface ComparedBounds extends Omit<SpectralBounds, "bounds"> {
  readonly bounds: readonly ComparedBound[];
  readonly eigenvalues: readonly ComparedEigenvalue[];
}

/**
 * Every bound on λ_max with its ratio to λ_max, and the bounds on the largest few eigenvalues.
 * @param largest the largest eigenvalues, descending
 * @param dense whether H may be formed
 */
export function boundsOf(
  { net, theta, train }: SpectrumInput,
  moments: SpectralMoments,
  largest: readonly number[],
  dense: boolean,
): ComparedBounds {
  return compared(spectralBounds(net, theta, train, { dense }), moments, largest);
}

/** The same from the matrix alone. */
export function matrixBoundsOf(
  matrix: Tensor,
  net: Network,
  moments: SpectralMoments,
  largest: readonly number[],
): ComparedBounds {
  const blocks = net.layout.map(({ name }) => parameterRange(net, name));
  return compared(matrixBounds(matrix, { blocks }), moments, largest);
}

function compared(
  { bounds, ...rest }: SpectralBounds,
  moments: SpectralMoments,
  largest: readonly number[],
): ComparedBounds {
  const [lambdaMax] = largest;
  return {
    ...rest,
    bounds: bounds.map((bound) => ({
      ...bound,
      ...(lambdaMax > 0 ? { upperRatio: bound.upper / lambdaMax } : {}),
      ...(lambdaMax > 0 && bound.lower !== undefined ? { lowerRatio: bound.lower / lambdaMax } : {}),
    })),
    eigenvalues: largest.map((value, i) => ({ k: i + 1, value, ...wsEigenvalueBounds(moments, i + 1) })),
  };
}
