import type { LanczosQuadrature } from "flatward";
import { spectralDensity } from "flatward/linalg";

/** Points of the grid. */
const POINTS = 401;

/** The distribution of the eigenvalues, smoothed by a Gaussian; it integrates to 1. */
export interface Density {
  /** Standard deviation of the Gaussian. */
  readonly width: number;
  readonly grid: readonly number[];
  /** By stochastic Lanczos quadrature. */
  readonly density: readonly number[];
  readonly standardErrors: readonly number[];
  /** Of all eigenvalues, smoothed alike, where they are known. */
  readonly exact?: readonly number[];
  /** Ritz values and weights of all probes, one after another. */
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
  readonly offsets: readonly number[];
}

export function densityOf(quadrature: LanczosQuadrature, eigenvalues: Float64Array | undefined): Density {
  const { grid, density, standardErrors, width } = spectralDensity(quadrature, { points: POINTS });
  return {
    width,
    grid: Array.from(grid),
    density: Array.from(density),
    standardErrors: Array.from(standardErrors),
    ...(eigenvalues ? { exact: Array.from(grid, (t) => smoothed(eigenvalues, t, width)) } : {}),
    nodes: Array.from(quadrature.nodes),
    weights: Array.from(quadrature.weights),
    offsets: Array.from(quadrature.offsets),
  };
}

function smoothed(eigenvalues: Float64Array, t: number, width: number): number {
  let sum = 0;
  for (const eigenvalue of eigenvalues) {
    const x = (t - eigenvalue) / width;
    sum += Math.exp(-0.5 * x * x);
  }
  return sum / (eigenvalues.length * width * Math.sqrt(2 * Math.PI));
}
