import {
  ConvergenceError,
  NonFiniteError,
  requireFinite,
  requireInteger,
  requireNumber,
  requireOneOf,
} from "../errors.js";
import { symmetricEigen } from "../linalg/dense/eigh.js";
import { largestRitzPair } from "../linalg/krylov/few-steps.js";
import { lanczos } from "../linalg/krylov/lanczos.js";
import type { LinearOperator } from "../linalg/operator.js";
import type { Complete } from "../options.js";
import { randomStream } from "../random.js";
import type { LossCurvature } from "./curved-loss.js";

/** How λ_max is found: from the dense Hessian, from products H·v, or by the number of parameters. */
export type EigenSolver = "auto" | "dense" | "lanczos";

const solvers: readonly EigenSolver[] = ["auto", "dense", "lanczos"];

/** How the largest eigenvalue and its eigenvector are found. */
export interface EigenSolverOptions {
  /** Default "auto": dense up to 100 parameters, Lanczos above. */
  readonly solver?: EigenSolver | undefined;
  /** Of Lanczos: largest residual ‖Hv − λv‖ relative to ‖H‖, > 0. Default 1e-10. */
  readonly tolerance?: number | undefined;
  /** Of Lanczos: the most products H·v, ≥ 1. Default 10000. */
  readonly maxIterations?: number | undefined;
  /** Seed of Lanczos' start vectors, the same at every theta. Default 0. */
  readonly seed?: number | undefined;
}

export const eigenSolverOptions = ["solver", "tolerance", "maxIterations", "seed"] as const;

/** Up to here all eigenvectors of the dense H cost less than a Lanczos run, about; measured with 30 to 150 samples. */
const DENSE_SIZE = 100;

/** @throws ArgumentError */
export function checkEigenSolver(options: EigenSolverOptions): Complete<EigenSolverOptions> {
  const { solver = "auto", tolerance = 1e-10, maxIterations = 10000, seed = 0 } = options;
  requireOneOf("solver", solver, solvers);
  requireNumber("tolerance", tolerance, { above: 0 });
  requireInteger("maxIterations", maxIterations, 1);
  requireInteger("seed", seed, 0);
  return { solver, tolerance, maxIterations, seed };
}

/** λ_max of the loss Hessian and a unit eigenvector, which is empty where it was not asked for and cost extra. */
export interface Eigenpair {
  readonly value: number;
  readonly vector: Float64Array;
}

/**
 * λ_max of H at a theta, of which it is a function alone: no start is taken over from an earlier theta.
 * @throws ConvergenceError where the residual did not fall to the tolerance, NonFiniteError
 */
export function largestEigenpair(
  curvature: LossCurvature,
  options: Complete<EigenSolverOptions>,
  withVector: boolean,
): Eigenpair {
  const { size } = curvature;
  const dense = options.solver === "dense" || (options.solver === "auto" && size <= DENSE_SIZE);
  if (!dense) return byLanczos(curvature, options);
  const { values, vectors } = symmetricEigen(curvature.matrix(), { vectors: withVector });
  const last = size - 1;
  return {
    value: values[last],
    vector: vectors ? columnOf(vectors.data, size, size, last) : new Float64Array(0),
  };
}

/**
 * What a few products from the vector before, or at first from a random one, find in the place of it: a unit vector with its
 * Rayleigh quotient.
 * @throws NonFiniteError
 */
export function nearbyEigenpair(
  curvature: LossCurvature,
  start: Float64Array | null,
  products: number,
  seed: number,
): Eigenpair {
  const stream = randomStream(seed, "eigenvector");
  const first = start ?? Float64Array.from({ length: curvature.size }, () => stream.normal());
  return largestRitzPair(operatorOf(curvature), first, products);
}

function operatorOf({ size, multiply }: LossCurvature): LinearOperator {
  return {
    size,
    apply(v, out) {
      multiply(v, out);
      requireFinite("H·v", out);
    },
  };
}

function byLanczos(
  curvature: LossCurvature,
  { tolerance, maxIterations, seed }: Complete<EigenSolverOptions>,
): Eigenpair {
  const found = lanczos(operatorOf(curvature), { tolerance, maxIterations, seed, certify: false });
  const count = found.values.length;
  if (found.status === "non-finite") {
    throw new NonFiniteError({ expected: "finite products H·v", got: "one that is not" });
  }
  if (found.status !== "converged" || count === 0) {
    throw new ConvergenceError({
      expected: `λ_max with a residual of at most ${tolerance}·‖H‖`,
      got: `status "${found.status}" after ${found.products} products, residual ${found.residuals[count - 1]} for ‖H‖ = ${found.norm}`,
      next: 'raise maxIterations or tolerance, or take solver: "dense"',
    });
  }
  return {
    value: found.values[count - 1],
    vector: columnOf(found.vectors.data, curvature.size, count, count - 1),
  };
}

/** Column j of a row-major matrix. */
function columnOf(data: Float64Array, rows: number, columns: number, j: number): Float64Array {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = data[i * columns + j];
  return out;
}
