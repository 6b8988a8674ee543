import { inFunction, requireInteger, requireNumber, requireOneOf } from "../../errors.js";
import { optionsOf } from "../../options.js";
import { type RandomStream, randomStream } from "../../random.js";
import { matrixView, type Tensor } from "../../tensor/view.js";
import { type LinearOperator, requireOperator } from "../operator.js";
import type { IterationReport, IterationStatus } from "../result.js";
import { createKrylov, ROUNDING } from "./krylov.js";
import { type Goal, search } from "./lanczos-search.js";
import { type KnownPairs, measurePairs, mergeRitzPairs, type Wanted } from "./pairs.js";
import { type Products, productsOf } from "./products.js";

/** Which eigenvalues `lanczos` looks for, how accurately, and with how much memory. */
export interface LanczosOptions {
  /** Pairs wanted, 1 ≤ k ≤ n; with `which: "both"`, at either end. Default 1. */
  readonly k?: number | undefined;
  /** The k largest eigenvalues (default), the k smallest, or k at either end, in all at most n. */
  readonly which?: "largest" | "smallest" | "both" | undefined;
  /** Largest residual ‖Av − λv‖ relative to ‖A‖. ≥ 0, default 1e-10. */
  readonly tolerance?: number | undefined;
  /** The most Lanczos steps, ≥ 1. Default 10000. */
  readonly maxIterations?: number | undefined;
  /** The most basis vectors kept in memory; at least the pairs wanted and 2. Default twice the pairs and 40. */
  readonly basisSize?: number | undefined;
  /** Seed of the start vectors. Default 0. */
  readonly seed?: number | undefined;
  /**
   * Whether to go on, once all pairs are there, until the complement is found to have nothing beyond them: about 0.6 to 1
   * times the products again. Default true. Without, a repeated eigenvalue is mostly found once.
   */
  readonly certify?: boolean | undefined;
}

const lanczosOptions = ["k", "which", "tolerance", "maxIterations", "basisSize", "seed", "certify"] as const;

export interface LanczosResult extends IterationReport {
  /** Eigenvalues, ascending, the repeated ones repeated: Rayleigh quotients of `vectors`. */
  readonly values: Float64Array;
  /** (n, values.length): orthonormal columns, column j belongs to values[j]. */
  readonly vectors: Tensor;
  /** ‖Av − λv‖ of each pair, from a product of its own. */
  readonly residuals: Float64Array;
  /** Whether the complement was found to have nothing beyond the pairs: repeated eigenvalues are all there. */
  readonly certified: boolean;
  /** The largest ‖Av‖ over the unit vectors met, for which `tolerance` is relative: a lower bound of ‖A‖₂. */
  readonly norm: number;
}

/**
 * The largest or smallest eigenvalues of a symmetric operator and their vectors, by Lanczos with partial
 * reorthogonalisation and thick restarts. A Krylov space sees one vector of a repeated eigenvalue, so the search begins
 * again from random vectors in the complement of what is known, until the complement is found to have nothing beyond.
 * With `certify`, multiplicities are therefore right with probability 1 (up to 1e-8), for eigenvalues further apart than the tolerance.
 *
 * Values err by at most the residual, and by about its square over the gap. With status "max-iterations" there may be
 * fewer pairs than asked for, pairs that did not converge, or a repeated eigenvalue that was missed.
 * @throws ArgumentError; NonFiniteError where no pair was found before a product was not finite
 * Simon 1984; Wu & Simon 2000; Parlett 1998, ch. 13.
 * @example
 * import { lanczos, productOperator } from "flatward";
 * // The diagonal matrix of 1, 2, 3, …, 1000.
 * const operator = productOperator(1000, (v) => v.map((entry, i) => (i + 1) * entry));
 * const { values, products, status } = lanczos(operator, { k: 3 });
 * console.log(status, Array.from(values, Math.round)); // → converged [ 998, 999, 1000 ]
 * console.log(products < 1000); // → true
 */
export function lanczos(operator: LinearOperator, options: LanczosOptions = {}): LanczosResult {
  return inFunction("lanczos", () => {
    requireOperator("operator", operator);
    const { size } = operator;
    const given = optionsOf(options, lanczosOptions);
    const {
      k = 1,
      which = "largest",
      tolerance = 1e-10,
      maxIterations = 10000,
      seed = 0,
      certify = true,
    } = given;
    requireInteger("k", k, 1);
    requireNumber("k", k, { atMost: size });
    requireOneOf("which", which, ["largest", "smallest", "both"]);
    requireNumber("tolerance", tolerance, { atLeast: 0 });
    requireInteger("maxIterations", maxIterations, 1);
    requireInteger("seed", seed, 0);
    const wanted = wantedEnds(which, k, size);
    const count = wanted.low + wanted.high;
    const { basisSize = 2 * count + 40 } = given;
    requireInteger("basisSize", basisSize, Math.min(count + 2, size));

    const products = productsOf(operator);
    // Below the tolerance by so much that the residuals of all pairs together stay below it.
    const inner = Math.max(tolerance / (2 * Math.sqrt(count)), ROUNDING);
    const { pairs, status, certified } = findPairs(
      products,
      wanted,
      Math.min(basisSize, size),
      inner,
      maxIterations,
      randomStream(seed, "lanczos"),
      certify,
    );
    const iterations = products.count;
    const measured = measurePairs(products, pairs.vectors);
    const found = measured.values.length;
    if (found === 0 && products.failure) throw products.failure;
    return {
      values: measured.values,
      vectors: asColumns(measured.vectors, size),
      residuals: measured.residuals,
      certified,
      norm: products.largest,
      iterations,
      products: products.count,
      status: products.failure
        ? "non-finite"
        : status === "converged" && measured.residuals.some((r) => !(r <= tolerance * products.largest))
          ? "invariant-subspace"
          : status,
    };
  });
}

function wantedEnds(which: "largest" | "smallest" | "both", k: number, size: number): Wanted {
  if (which === "smallest") return { low: k, high: 0 };
  if (which === "largest") return { low: 0, high: k };
  return 2 * k >= size ? { low: 0, high: size } : { low: k, high: k };
}

/** Of the tolerance: an error of the projected matrix that residuals do not notice. */
const NEGLIGIBLE = 0.01;

interface FoundPairs {
  readonly pairs: KnownPairs;
  readonly status: IterationStatus;
  readonly certified: boolean;
}

/** Searches until all pairs are there and, to certify them, a search in their complement finds nothing beyond them. */
function findPairs(
  products: Products,
  wanted: Wanted,
  capacity: number,
  tolerance: number,
  limit: number,
  stream: RandomStream,
  certify: boolean,
): FoundPairs {
  const { size } = products;
  const krylov = createKrylov(size, capacity, NEGLIGIBLE * tolerance);
  let pairs: KnownPairs = { values: [], vectors: [] };
  for (;;) {
    const goal = nextGoal(pairs, wanted);
    if (goal.beyond && !certify) return { pairs, status: "converged", certified: false };
    const { end, ritz } = search(krylov, products, pairs.vectors, goal, stream, tolerance, limit);
    if (end === "nothing-beyond") return { pairs, status: "converged", certified: true };
    const small = tolerance * products.largest;
    const interrupted = end === "capped" || end === "non-finite";
    if (ritz) {
      const accepted = end === "converged" ? small : Number.POSITIVE_INFINITY;
      const before = pairs;
      pairs = mergeRitzPairs(pairs, krylov, ritz, wanted, accepted);
      if (!interrupted && goal.beyond && !movedOutwards(before, pairs, wanted, small)) {
        return { pairs: before, status: "converged", certified: true };
      }
    }
    if (end === "complete") return { pairs, status: "converged", certified: true };
    if (interrupted) {
      return { pairs, status: end === "capped" ? "max-iterations" : "non-finite", certified: false };
    }
    if (pairs.values.length === size) return { pairs, status: "converged", certified: true };
  }
}

/** The pairs still missing; or, when there are enough, whether there is one beyond the innermost of either end. */
function nextGoal({ values }: KnownPairs, { low, high }: Wanted): Goal {
  const missing = low + high - values.length;
  if (missing > 0) return { low: Math.min(low, missing), high: Math.min(high, missing), beyond: undefined };
  return {
    low: Math.min(low, 1),
    high: Math.min(high, 1),
    beyond: innermost(values, { low, high }),
  };
}

/** The innermost values of both ends, of as many ascending values as are wanted. */
function innermost(values: readonly number[], { low }: Wanted): { lower: number; upper: number } {
  return {
    lower: values[low - 1] ?? Number.NEGATIVE_INFINITY,
    upper: values[low] ?? Number.POSITIVE_INFINITY,
  };
}

/** Whether a value of either end moved outwards by more than rounding and tolerance allow. */
function movedOutwards(before: KnownPairs, after: KnownPairs, { low }: Wanted, small: number): boolean {
  return after.values.some((value, i) =>
    i < low ? value < before.values[i] - small : value > before.values[i] + small,
  );
}

/** Vectors as the columns of an n×k matrix. */
function asColumns(vectors: readonly Float64Array[], size: number): Tensor {
  const count = vectors.length;
  const data = new Float64Array(size * count);
  vectors.forEach((vector, j) => {
    for (let i = 0; i < size; i++) data[i * count + j] = vector[i];
  });
  return matrixView(data, size, count);
}
