import { inFunction, requireFew, requireInteger, requireNumber } from "../../errors.js";
import { optionsOf } from "../../options.js";
import { meanOverProbes, requireQuadrature } from "./quadrature.js";
import type { LanczosQuadrature } from "./slq.js";

/** The grid of `spectralDensity`, and the width by which eigenvalues are smoothed. */
export interface SpectralDensityOptions {
  /** Points of the grid, ≥ 2. Default 201. */
  readonly points?: number | undefined;
  /** Of the Gaussians, > 0. Default 1/100 of the range of the nodes; of |λ| where that is 0; 1 where λ is 0 too. */
  readonly width?: number | undefined;
  /** First point. Default: 4 widths below the lowest node. */
  readonly from?: number | undefined;
  /** Last point, > from. Default: 4 widths above the highest node. */
  readonly to?: number | undefined;
}

/** A density of eigenvalues that integrates to 1 over the line. */
export interface SpectralDensity {
  /** (points), ascending and evenly spaced. */
  readonly grid: Float64Array;
  /** (points). */
  readonly density: Float64Array;
  /** (points), of the mean over probes; smoothing adds a bias. */
  readonly standardErrors: Float64Array;
  readonly width: number;
}

/**
 * (1/n) Σ_i δ(t − λ_i), smoothed: Σ_j w_j g(t − θ_j), g Gaussian, the mean over probes. Eigenvalues nearer than the width
 * are seen as one.
 * @throws ArgumentError, ShapeError, NonFiniteError where the density is beyond the largest number
 * Lin, Saad & Yang 2016; Ghorbani, Krishnan & Xiao 2019.
 * @example
 * import { productOperator, spectralDensity, stochasticLanczosQuadrature } from "flatward";
 * const operator = productOperator(3, (v) => v.map((entry, i) => (i + 1) * entry));
 * const { grid, density } = spectralDensity(stochasticLanczosQuadrature(operator), { width: 0.1 });
 * const area = density.reduce((sum, height) => sum + height, 0) * (grid[1] - grid[0]);
 * console.log(area.toFixed(3)); // → 1.000
 */
export function spectralDensity(
  quadrature: LanczosQuadrature,
  options: SpectralDensityOptions = {},
): SpectralDensity {
  return inFunction("spectralDensity", () => {
    requireQuadrature(quadrature);
    const { nodes } = quadrature;
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (const node of nodes) {
      lowest = Math.min(lowest, node);
      highest = Math.max(highest, node);
    }
    const given = optionsOf(options, ["points", "width", "from", "to"]);
    const { points = 201, width = defaultWidth(lowest, highest) } = given;
    requireFew("points", requireInteger("points", points, 2));
    requireNumber("width", width, { above: 0 });
    const { from = lowest - 4 * width, to = highest + 4 * width } = given;
    requireNumber("from", from);
    requireNumber("to", to, { above: from });

    const grid = new Float64Array(points);
    const density = new Float64Array(points);
    const standardErrors = new Float64Array(points);
    const bumps = new Float64Array(nodes.length);
    const height = 1 / (width * Math.sqrt(2 * Math.PI));
    for (let i = 0; i < points; i++) {
      const share = i / (points - 1);
      const t = (1 - share) * from + share * to;
      for (let j = 0; j < nodes.length; j++) {
        const x = (t - nodes[j]) / width;
        bumps[j] = height * Math.exp(-0.5 * x * x);
      }
      const { value, standardError } = meanOverProbes(quadrature, bumps);
      grid[i] = t;
      density[i] = value;
      standardErrors[i] = standardError;
    }
    return { grid, density, standardErrors, width };
  });
}

function defaultWidth(lowest: number, highest: number): number {
  // Halved apart, so that the range does not overflow.
  const range = highest / 100 - lowest / 100;
  return range || Math.abs(highest) / 100 || 1;
}
