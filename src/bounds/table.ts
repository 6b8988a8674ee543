import { blockNormsOf, combine } from "./block-norms.js";
import type { Facts, SplitMoments } from "./facts.js";
import { fourMomentLargest, fourthCentralUpper, schattenUpper } from "./four-moments.js";
import { gershgorinOf } from "./gershgorin.js";
import { rankLargest } from "./rank.js";
import { largestOf, spreadOfMoments } from "./wolkowicz-styan.js";

/** The bounds on λ_max that `spectralBounds` and `matrixBounds` compare. */
export type BoundName =
  | "Frobenius"
  | "Wolkowicz-Styan"
  | "rank-aware Wolkowicz-Styan"
  | "layers"
  | "Gauss-Newton + residual"
  | "Gershgorin"
  | "block norms"
  | "Schatten-4"
  | "fourth central moment"
  | "four moments";

/** Whether a bound needs tr H and tr H² alone, or the matrix itself (n² memory, one n³ product for moments). */
export type BoundCost = "closed form" | "needs H";

interface Row {
  readonly source: string;
  readonly cost: BoundCost;
  bound(facts: Facts): { readonly upper: number; readonly lower?: number } | undefined;
}

/** Every bound on λ_max, one a row. */
export const table: { readonly [Name in BoundName]: Row } = {
  // √(m² + s²) = ‖H‖_F/√n.
  Frobenius: {
    source: "|λ| ≤ ‖H‖₂ ≤ ‖H‖_F (Horn & Johnson, Section 5.6)",
    cost: "closed form",
    bound: ({ size, spread: { mean, deviation } }) => ({
      upper: Math.sqrt(size) * Math.hypot(mean, deviation),
    }),
  },
  "Wolkowicz-Styan": {
    source: "Wolkowicz & Styan 1980, Theorem 2.1",
    cost: "closed form",
    bound: ({ size, spread }) => largestOf(size, spread),
  },
  "rank-aware Wolkowicz-Styan": {
    source: "Wolkowicz & Styan 1980, Theorem 2.1, on the eigenvalues that may differ from 0",
    cost: "closed form",
    bound: ({ size, spread, rank }) => (rank === undefined ? undefined : rankLargest(size, spread, rank)),
  },
  layers: {
    source: "norms of the blocks of layers, Wolkowicz & Styan's bound on the diagonal",
    cost: "closed form",
    bound({ network }) {
      if (network === undefined) return undefined;
      const { layers, ranks } = network;
      const { betweenSquared } = layers;
      const own = betweenSquared.map((_, l) => {
        const name = `layer${l + 1}` as const;
        return rankLargest(layers[name].size, spreadOfMoments(layers[name]), ranks[name]);
      });
      const between = betweenSquared.map((_, l) => betweenSquared.map((row) => Math.sqrt(row[l] ?? 0)));
      return combine(own, between);
    },
  },
  "Gauss-Newton + residual": {
    source: "Weyl 1912, λ_max(G) + λ_max(R); R of one hidden layer unit by unit, by norms of blocks",
    cost: "closed form",
    bound({ size, network }) {
      if (network === undefined) return undefined;
      const { split, ranks } = network;
      const g = rankLargest(size, spreadOfMoments(split.gaussNewton), ranks.gaussNewton);
      return {
        upper: g.upper + residualUpper(split, ranks.residual, 1),
        lower: g.lower - residualUpper(split, ranks.residual, -1),
      };
    },
  },
  Gershgorin: {
    source: "Gershgorin 1931; from below, the largest diagonal entry",
    cost: "needs H",
    bound: ({ matrix }) => matrix && gershgorinOf(matrix.entries).largest,
  },
  "block norms": {
    source: "norms of blocks (Ostrowski 1961), Wolkowicz & Styan's bound on the diagonal",
    cost: "needs H",
    bound: ({ matrix, blocks }) => matrix && blocks && blockNormsOf(matrix.entries, blocks).largest,
  },
  "Schatten-4": {
    source: "|λ| ≤ (tr H⁴)^¼",
    cost: "needs H",
    bound: ({ matrix }) => matrix && { upper: schattenUpper(matrix.central) },
  },
  "fourth central moment": {
    source: "Wolkowicz & Styan 1980, Theorem 2.1, on (H − mI)²",
    cost: "needs H",
    bound: ({ matrix }) => matrix && { upper: fourthCentralUpper(matrix.central) },
  },
  "four moments": {
    source: "Christoffel function of degree 2 (Akhiezer 1965); from below, two-point Gauss quadrature",
    cost: "needs H",
    bound: ({ matrix }) => matrix && fourMomentLargest(matrix.central),
  },
};

/** An upper bound on λ_max(sign·R): unit by unit the largest, ≥ 0, for each has a zero block on its diagonal. */
function residualUpper({ residual, residualUnits }: SplitMoments, rank: number, sign: 1 | -1): number {
  if (residualUnits === undefined) {
    const { mean, deviation } = spreadOfMoments(residual);
    return rankLargest(residual.size, { mean: sign * mean, deviation }, rank).upper;
  }
  let upper = 0;
  for (const { incoming, mixedSquared } of residualUnits) {
    const { mean, deviation } = spreadOfMoments(incoming);
    const own = [largestOf(incoming.size, { mean: sign * mean, deviation }), { lower: 0, upper: 0 }];
    upper = Math.max(upper, combine(own, [[0, Math.sqrt(mixedSquared)]]).upper);
  }
  return upper;
}

/** The order of a report. */
export const boundNames = Object.keys(table) as readonly BoundName[];
