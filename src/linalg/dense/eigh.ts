import { inFunction, requireFinite, requireFlag } from "../../errors.js";
import { optionsOf } from "../../options.js";
import { powerOfTwoNear } from "../../tensor/power-of-two.js";
import { maxAbs } from "../../tensor/reduce.js";
import { type MatrixLike, matrixView, type Tensor } from "../../tensor/view.js";
import { accumulateReflectors, transposeInPlace } from "./accumulate-reflectors.js";
import { applyReflectors } from "./apply-reflectors.js";
import { type Tridiagonal, tridiagonalizeByBand } from "./band/tridiagonalize-by-band.js";
import { divideAndConquer } from "./divide-and-conquer.js";
import { createReduction, type Reduction } from "./reduction.js";
import { rootFreeQL } from "./root-free-ql.js";
import { asSymmetric, type SymmetryOptions, symmetryToleranceOf } from "./symmetric-part.js";
import { tridiagonalQL } from "./tridiagonal-ql.js";
import { tridiagonalize } from "./tridiagonalize.js";

/** Below this size QL is the faster way to eigenvectors; measured. */
const DIVIDED_FROM = 64;

/** From this size on the way over a band is the faster one to eigenvalues; measured. */
const BANDED_FROM = 1400;

/** All eigenvalues of a symmetric matrix, ascending, and on request orthonormal eigenvectors as columns. */
export interface SymmetricEigen {
  /** (n), ascending. */
  readonly values: Float64Array;
  /** (n,n); column j belongs to values[j]. */
  readonly vectors?: Tensor;
}

export interface SymmetricEigenOptions extends SymmetryOptions {
  /** Compute the eigenvectors too (about three times the work). Default false. */
  readonly vectors?: boolean | undefined;
}

/**
 * Full eigendecomposition A = V Λ Vᵀ of a dense symmetric matrix, by Householder tridiagonalisation in panels, or over a band where
 * only values of a large matrix are wanted, and root-free QL, or, for eigenvectors, divide and conquer: backward stable, errors of
 * a few n·ε·‖A‖.
 * @param a (n,n), symmetric to `symmetryTolerance`·max|a_ij|; not changed
 * @returns n values, ascending; with `vectors`, those as the columns of (n,n), in the same order
 * @throws ShapeError when not square, NonFiniteError, SymmetryError, ConvergenceError
 * Golub & Van Loan 2013, §8.3–8.4.
 * @example
 * import { symmetricEigen } from "flatward";
 * const { values, vectors } = symmetricEigen([[2, 1], [1, 2]], { vectors: true });
 * console.log(Array.from(values, (value) => value.toFixed(6)).join(" ")); // → 1.000000 3.000000
 * console.log((vectors.data[1] / vectors.data[3]).toFixed(6)); // → 1.000000
 */
export function symmetricEigen(
  a: MatrixLike,
  options: SymmetricEigenOptions & { vectors: true },
): Required<SymmetricEigen>;
export function symmetricEigen(a: MatrixLike, options?: SymmetricEigenOptions): SymmetricEigen;
export function symmetricEigen(a: MatrixLike, options: SymmetricEigenOptions = {}): SymmetricEigen {
  return inFunction("symmetricEigen", () => {
    const { vectors: wanted = false, symmetryTolerance } = optionsOf(options, [
      "vectors",
      "symmetryTolerance",
    ]);
    requireFlag("vectors", wanted);
    const { matrix, largest } = asSymmetric("a", a, symmetryToleranceOf({ symmetryTolerance }));
    const n = matrix.shape[0];
    const scale = powerOfTwoNear(largest);
    if (!wanted) return { values: eigenvalues(matrix, scale).sort() };
    const reduction = reduced(matrix, scale, true);
    const { diagonal: values } = reduction;
    const { columns, order } = eigenvectors(reduction);
    scaledBack(values, scale);
    return {
      values: Float64Array.from(order, (i) => values[i]),
      vectors: matrixView(orderColumns(columns, order), n, n),
    };
  });
}

/** Overwrites `out` (n) with all eigenvalues, ascending, of a matrix that is symmetric to the bit and finite. @throws ConvergenceError, NonFiniteError */
export function eigenvaluesInto(matrix: Tensor, out: Float64Array): void {
  out.set(eigenvalues(matrix, powerOfTwoNear(maxAbs(matrix.data))));
  out.sort();
}

/** In no order. */
function eigenvalues(matrix: Tensor, scale: number): Float64Array {
  const banded = matrix.shape[0] >= BANDED_FROM;
  const { diagonal, offDiagonal }: Tridiagonal = banded
    ? tridiagonalizeByBand(matrix, scale)
    : reduced(matrix, scale, false);
  rootFreeQL(diagonal, offDiagonal);
  return scaledBack(diagonal, scale);
}

/** A matrix divided by a power of two, in tridiagonal form. @param keeping whether all Householder vectors are kept */
function reduced(matrix: Tensor, scale: number, keeping: boolean): Reduction {
  const reduction = createReduction(matrix, scale, keeping);
  tridiagonalize(reduction);
  return reduction;
}

function scaledBack(values: Float64Array, scale: number): Float64Array {
  for (let i = 0; i < values.length; i++) values[i] *= scale;
  requireFinite("the eigenvalues", values, "divide the matrix by a power of two");
  return values;
}

/** Replaces the diagonal of the reduced matrix by its eigenvalues. */
function eigenvectors({ rows: reflectors, diagonal, offDiagonal, halfNorms }: Reduction): {
  /** n×n: that of each entry of the diagonal. */
  readonly columns: Float64Array;
  /** In which the diagonal ascends. */
  readonly order: Int32Array;
} {
  const n = diagonal.length;
  if (n < DIVIDED_FROM) {
    const columns = accumulateReflectors(reflectors, n, halfNorms);
    tridiagonalQL(diagonal, offDiagonal, columns);
    return { columns, order: Int32Array.from(diagonal.keys()).sort((i, j) => diagonal[i] - diagonal[j]) };
  }
  const rows = new Float64Array(n * n);
  const order = divideAndConquer(diagonal, offDiagonal, rows, new Float64Array(n * (n + 1)));
  applyReflectors(reflectors, n, halfNorms, rows);
  transposeInPlace(rows, n);
  return { columns: rows, order };
}

/** In place. */
function orderColumns(columns: Float64Array, order: Int32Array): Float64Array {
  const n = order.length;
  const row = new Float64Array(n);
  for (let at = 0; at < columns.length; at += n) {
    for (let j = 0; j < n; j++) row[j] = columns[at + order[j]];
    columns.set(row, at);
  }
  return columns;
}
