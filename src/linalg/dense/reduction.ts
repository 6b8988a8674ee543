import { plainKernels } from "./plain-kernels.js";
import type { TridiagonalKernels } from "./tridiagonal-kernels.js";
import { wasmKernels } from "./wasm-kernels.js";

/** Below this size a step has too little work for blocks to pay; measured. */
export const BLOCKED_FROM = 64;

/** Reflectors that are gathered before the matrix is updated. */
export const PANEL = 16;

/** A matrix to be reduced, and what that takes. */
export interface Reduction {
  /** n×n row-major, to be filled: of the lower triangle row i then holds the i-th Householder vector. */
  readonly matrix: Float64Array;
  readonly diagonal: Float64Array;
  /** In 1 … n − 1. */
  readonly offDiagonal: Float64Array;
  /** ½‖u_i‖² of the i-th Householder vector, 0 where there is none. */
  readonly halfNorms: Float64Array;
  /** None where the matrix is small. */
  readonly panel: Panel | undefined;
}

/** The pending update A − Σ (u qᵀ + q uᵀ). */
export interface Panel {
  /** 2·PANEL rows, u and q of each reflector in turn. */
  readonly data: Float64Array;
  /** From row to row. */
  readonly step: number;
  readonly rows: readonly Float64Array[];
  /** What each row of `data` is multiplied with. */
  readonly coefficients: Float64Array;
  /** What the update of the matrix packs the rows into. */
  readonly packed: Float64Array;
  readonly kernels: TridiagonalKernels;
}

/** Room for an n×n matrix, which holds until the next one is asked for. */
export function createReduction(n: number): Reduction {
  const vectors = {
    diagonal: new Float64Array(n),
    offDiagonal: new Float64Array(n),
    halfNorms: new Float64Array(n),
  };
  if (n < BLOCKED_FROM) return { matrix: new Float64Array(n * n), ...vectors, panel: undefined };
  // An odd number of cache lines, so that the rows do not crowd into one set of the cache.
  const step = 8 * (Math.ceil(n / 8) | 1);
  const lengths = [n * n, 2 * PANEL * step, 2 * PANEL, 3 * PANEL * n];
  const kernels = wasmKernels(lengths) ?? plainKernels(lengths);
  const [matrix, data, coefficients, packed] = kernels.arrays;
  const panel = {
    data,
    step,
    rows: Array.from({ length: 2 * PANEL }, (_, r) => data.subarray(r * step, r * step + n)),
    coefficients,
    packed,
    kernels,
  };
  return { matrix, ...vectors, panel };
}
