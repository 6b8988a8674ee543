import type { Tensor } from "../../tensor/view.js";
import { packedLength, packTriangle } from "./packed-triangle.js";
import { plainKernels } from "./plain-kernels.js";
import { fillLowerTriangle } from "./symmetric-part.js";
import type { TridiagonalKernels } from "./tridiagonal-kernels.js";
import { wasmKernels } from "./wasm-kernels.js";

/** Below this size a step has too little work for blocks to pay; measured. */
export const BLOCKED_FROM = 64;

/** Reflectors that are gathered before the matrix is updated. */
export const PANEL = 16;

/** A matrix to be reduced, and what that takes. */
export interface Reduction {
  /** A small matrix, or room for the leading rows of a large one, row-major: in the end row i holds the i-th Householder vector. */
  readonly rows: Float64Array;
  /** From row to row: n where all Householder vectors are kept. */
  readonly step: number;
  readonly diagonal: Float64Array;
  /** In 1 … n − 1. */
  readonly offDiagonal: Float64Array;
  /** ½‖u_i‖² of the i-th Householder vector, 0 where there is none. */
  readonly halfNorms: Float64Array;
  /** None where the matrix is small. */
  readonly panel: Panel | undefined;
}

/** A large matrix, and the pending update A − Σ (u qᵀ + q uᵀ). */
export interface Panel {
  /** As `packTriangle` packs it. */
  readonly triangle: Float64Array;
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

/**
 * The symmetric part of A/scale, in memory that holds until the next one is asked for.
 * @param keeping whether all Householder vectors are kept
 */
export function createReduction(a: Tensor, scale: number, keeping: boolean): Reduction {
  const n = a.shape[0];
  const step = keeping ? n : Math.min(n, BLOCKED_FROM - 1);
  const reduction = {
    rows: new Float64Array(step * step),
    step,
    diagonal: new Float64Array(n),
    offDiagonal: new Float64Array(n),
    halfNorms: new Float64Array(n),
  };
  if (n < BLOCKED_FROM) {
    fillLowerTriangle(reduction.rows, a, scale);
    return { ...reduction, panel: undefined };
  }
  const panel = createPanel(n);
  packTriangle(panel.triangle, a, scale);
  return { ...reduction, panel };
}

function createPanel(n: number): Panel {
  // An odd number of cache lines, so that the rows do not crowd into one set of the cache.
  const step = 8 * (Math.ceil(n / 8) | 1);
  const lengths = [packedLength(n), 2 * PANEL * step, 2 * PANEL, 3 * PANEL * n];
  const kernels = wasmKernels(lengths) ?? plainKernels(lengths);
  const [triangle, data, coefficients, packed] = kernels.arrays;
  return {
    triangle,
    data,
    step,
    rows: Array.from({ length: 2 * PANEL }, (_, r) => data.subarray(r * step, r * step + n)),
    coefficients,
    packed,
    kernels,
  };
}
