import { inFunction, requireInteger, requireNumber, requireOneOf } from "../../errors.js";
import { optionsOf } from "../../options.js";
import { randomStream } from "../../random.js";
import { dot, norm } from "../../tensor/reduce.js";
import { type LinearOperator, requireOperator } from "../operator.js";
import type { IterationReport, IterationStatus } from "../result.js";
import { fillNormal, normalize } from "../vectors.js";
import { ROUNDING } from "./krylov.js";
import { type Products, productsOf } from "./products.js";

/** Which eigenvalue `powerIteration` looks for, and how accurately. */
export interface PowerIterationOptions {
  /** Which eigenvalue: the largest in magnitude (default), or the largest or smallest with its sign, through a shift. */
  readonly which?: "magnitude" | "largest" | "smallest" | undefined;
  /** Stop where ‖Av − λv‖ ≤ tolerance·‖A‖. ≥ 0, default 1e-8. */
  readonly tolerance?: number | undefined;
  /** The most products, ≥ 1. Default 1000. */
  readonly maxIterations?: number | undefined;
  /** Seed of the start vector. Default 0. */
  readonly seed?: number | undefined;
}

/** An approximate eigenpair; all of it belongs to one vector and one product with it. */
export interface PowerIterationResult extends IterationReport {
  /** The Rayleigh quotient of `vector`. */
  readonly value: number;
  /** (n), of length 1. */
  readonly vector: Float64Array;
  /** ‖A·vector − value·vector‖: some eigenvalue is this near to `value`. */
  readonly residual: number;
  /** The largest ‖Av‖ met, for which `tolerance` is relative: a lower bound of ‖A‖₂. */
  readonly norm: number;
}

/** The margin by which a shift exceeds the estimate of ‖A‖, which comes from below. */
const SHIFT_MARGIN = 1.01;

/**
 * One extreme eigenvalue and its vector by power iteration from a random vector. Each Rayleigh quotient and residual is
 * of the iterate that was just multiplied by A. Converges as (|λ₂|/|λ₁|)^k: `lanczos` needs far fewer products. A small
 * residual shows *an* eigenvalue; that it is the extreme one holds with probability 1, but for others nearer to it than
 * the tolerance can tell apart.
 *
 * The signed extremes iterate A + σI, once a first run, in at most half of the iterations, has found |σ| ≈ ‖A‖.
 * @throws ArgumentError; NonFiniteError where the first product is not finite
 * Golub & Van Loan 2013, §8.2.1.
 * @example
 * import { powerIteration, productOperator } from "flatward";
 * const diagonal = [-5, 1, 4];
 * const operator = productOperator(3, (v) => v.map((entry, i) => diagonal[i] * entry));
 * console.log(powerIteration(operator).value.toFixed(6)); // → -5.000000
 * console.log(powerIteration(operator, { which: "largest" }).value.toFixed(6)); // → 4.000000
 */
export function powerIteration(
  operator: LinearOperator,
  options: PowerIterationOptions = {},
): PowerIterationResult {
  return inFunction("powerIteration", () => {
    requireOperator("operator", operator);
    const given = optionsOf(options, ["which", "tolerance", "maxIterations", "seed"]);
    const { which = "magnitude", tolerance = 1e-8, maxIterations = 1000, seed = 0 } = given;
    requireOneOf("which", which, ["magnitude", "largest", "smallest"]);
    requireNumber("tolerance", tolerance, { atLeast: 0 });
    requireInteger("maxIterations", maxIterations, 1);
    requireInteger("seed", seed, 0);

    const products = productsOf(operator);
    const stream = randomStream(seed, "powerIteration");
    const start = (): Float64Array => {
      const v = new Float64Array(operator.size);
      fillNormal(v, stream);
      normalize(v);
      return v;
    };
    const signed = which !== "magnitude";
    const sign = which === "smallest" ? -1 : 1;
    const reserve = signed ? Math.floor(maxIterations / 2) : 0;
    let run = iterate(products, start(), 0, tolerance, maxIterations - reserve);
    // Of the wanted sign, the largest in magnitude is the extreme one already.
    const found = run.status === "converged" && sign * run.value >= 0;
    if (signed && !found && run.status !== "non-finite") {
      run = iterateShifted(products, start, sign, tolerance, maxIterations, run);
    }
    if (products.failure && run.residual === Number.POSITIVE_INFINITY) throw products.failure;
    return { ...run, norm: products.largest, iterations: products.count, products: products.count };
  });
}

interface Run {
  readonly value: number;
  readonly vector: Float64Array;
  readonly residual: number;
  readonly status: IterationStatus;
}

/** The extreme of the given sign, from an estimate of ‖A‖ that is products.largest; `first` is what is known without. */
function iterateShifted(
  products: Products,
  start: () => Float64Array,
  sign: number,
  tolerance: number,
  maxIterations: number,
  first: Run,
): Run {
  let best: Run = { ...first, status: "max-iterations" };
  while (products.count < maxIterations) {
    const shift = sign * SHIFT_MARGIN * products.largest;
    const run = iterate(products, start(), shift, tolerance, maxIterations - products.count);
    if (run.residual === Number.POSITIVE_INFINITY) return { ...best, status: "non-finite" };
    // Beyond the shift it is the other end: ‖A‖ was estimated too low, and is known better now.
    if (run.status !== "converged" || sign * (run.value + shift) >= 0) return run;
    best = { ...run, status: "max-iterations" };
  }
  return best;
}

/** v ← (A + σI)v, normalised, from the unit vector `start`. The residual is infinite where no product was finite. */
function iterate(
  products: Products,
  start: Float64Array,
  shift: number,
  tolerance: number,
  limit: number,
): Run {
  let v = start;
  let w: Float64Array = new Float64Array(v.length);
  let before: Float64Array = new Float64Array(v.length);
  let value = 0;
  let residual = Number.POSITIVE_INFINITY;
  for (let step = 1; ; step++) {
    if (Number.isNaN(products.multiply(v, w))) {
      // The pair found with the vector before stands.
      return { value, vector: step > 1 ? before : v, residual, status: "non-finite" };
    }
    value = dot(v, w);
    residual = distance(w, value, v);
    const status = (reached: IterationStatus): Run => ({ value, vector: v, residual, status: reached });
    if (residual <= tolerance * products.largest) return status("converged");
    for (let i = 0; i < w.length; i++) w[i] += shift * v[i];
    const length = norm(w);
    if (length === 0) return status("invariant-subspace");
    normalize(w, length);
    // Two steps change the iterate by (1 − |λ₂/λ₁|)·residual/‖A‖, about: less than this, and no cap would do.
    const still = (Math.max(tolerance, ROUNDING) * residual) / products.largest;
    if (step > 1 && distance(w, 1, before) <= still) return status("invariant-subspace");
    if (step >= limit) return status("max-iterations");
    const free = before;
    before = v;
    v = w;
    w = free;
  }
}

/** ‖x − c·y‖, by scaled squares so that no magnitude is lost. */
function distance(x: Float64Array, c: number, y: Float64Array): number {
  let scale = 0;
  for (let i = 0; i < x.length; i++) scale = Math.max(scale, Math.abs(x[i] - c * y[i]));
  if (scale === 0 || !Number.isFinite(scale)) return scale;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const t = (x[i] - c * y[i]) / scale;
    sum += t * t;
  }
  return scale * Math.sqrt(sum);
}
