import { inFunction, NonFiniteError } from "../errors.js";
import type { SymmetryOptions } from "../linalg/dense/symmetric-part.js";
import { optionsOf } from "../options.js";
import type { MatrixLike, ParameterRange } from "../tensor/view.js";
import { checkPartition } from "./block-norms.js";
import { centralMomentsOf } from "./central-moments.js";
import type { Facts } from "./facts.js";
import { checkedMatrix } from "./matrix.js";
import { checkRank } from "./rank.js";
import { type BoundCost, type BoundName, boundNames, table } from "./table.js";
import type { Interval } from "./wolkowicz-styan.js";

/** One bound on λ_max. */
export interface SpectralBound {
  readonly name: BoundName;
  readonly upper: number;
  /** Where the same argument bounds λ_max from below. */
  readonly lower?: number;
  readonly source: string;
  readonly cost: BoundCost;
}

/** All bounds on λ_max, and the tightest of them. For λ_min, take those of −A. */
export interface SpectralBounds {
  readonly bounds: readonly SpectralBound[];
  /** The least upper and the greatest lower bound. */
  readonly largest: Interval;
  /** Which bounds these are; the first of equal ones. */
  readonly tightest: { readonly upper: BoundName; readonly lower: BoundName };
}

export interface MatrixBoundsOptions extends SymmetryOptions {
  /** At most so many eigenvalues are not 0. Default: not known. */
  readonly rank?: number | undefined;
  /** Consecutive ranges of rows that cover the matrix, for the bound by block norms. Default: none. */
  readonly blocks?: readonly ParameterRange[] | undefined;
}

/**
 * Every bound on λ_max of a given symmetric matrix.
 * @param a (n,n), symmetric to `symmetryTolerance`·max|a_ij|
 * @throws ShapeError, NonFiniteError, SymmetryError, ArgumentError for a rank or blocks that do not fit
 * @example
 * import { matrixBounds } from "flatward/bounds";
 * const A = [[2, 1, 0], [1, 2, 1], [0, 1, 2]]; // its eigenvalues: 2 − √2, 2, 2 + √2
 * const { bounds, tightest } = matrixBounds(A);
 * console.log(bounds.length, tightest.upper); // → 6 four moments
 */
export function matrixBounds(a: MatrixLike, options: MatrixBoundsOptions = {}): SpectralBounds {
  return inFunction("matrixBounds", () => {
    const { rank, blocks, symmetryTolerance } = optionsOf(options, ["rank", "blocks", "symmetryTolerance"]);
    const entries = checkedMatrix(a, { symmetryTolerance });
    const size = entries.shape[0];
    if (rank !== undefined) checkRank(rank, size);
    if (blocks !== undefined) checkPartition(blocks, size);
    const central = centralMomentsOf(entries);
    return boundsFrom({
      size,
      spread: central,
      matrix: { entries, central },
      ...(rank === undefined ? {} : { rank }),
      ...(blocks === undefined ? {} : { blocks }),
    });
  });
}

/** Relative to ‖H‖_F: by how much bounds may exclude each other through rounding. */
const CONTRADICTION = 1e-6;

/** Every bound that these facts suffice for. @throws NonFiniteError where one over- or underflowed */
export function boundsFrom(facts: Facts): SpectralBounds {
  const bounds: SpectralBound[] = [];
  for (const name of boundNames) {
    const found = table[name].bound(facts);
    if (found === undefined) continue;
    const { upper, lower } = found;
    if (!Number.isFinite(upper) || !Number.isFinite(lower ?? 0)) {
      throw new NonFiniteError({
        expected: `finite bounds by ${name}`,
        got: `${lower ?? "none"} … ${upper}`,
        next: "divide the matrix, or the targets, by a power of two",
      });
    }
    const { source, cost } = table[name];
    bounds.push({ name, upper, ...(lower === undefined ? {} : { lower }), source, cost });
  }
  const below = bounds.filter(
    (bound): bound is SpectralBound & { lower: number } => bound.lower !== undefined,
  );
  const top = bounds.reduce((best, bound) => (bound.upper < best.upper ? bound : best));
  const bottom = below.reduce((best, bound) => (bound.lower > best.lower ? bound : best));
  const norm = Math.sqrt(facts.size) * Math.hypot(facts.spread.mean, facts.spread.deviation);
  if (bottom.lower - top.upper > CONTRADICTION * norm) {
    throw new NonFiniteError({
      expected: "moments that have not vanished",
      got: `bounds that exclude each other, ${bottom.lower} ≤ λ_max ≤ ${top.upper}: tr H² has underflowed`,
      next: "multiply the matrix, or the weights, by a power of two",
    });
  }
  return {
    bounds,
    largest: { lower: bottom.lower, upper: top.upper },
    tightest: { upper: top.name, lower: bottom.name },
  };
}
