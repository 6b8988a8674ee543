import { inFunction, requireFinite, requireFlag } from "../../errors.js";
import { optionsOf } from "../../options.js";
import { type MatrixLike, matrixView, type Tensor } from "../../tensor/view.js";
import { accumulateReflectors } from "./accumulate-reflectors.js";
import { applyReflectors } from "./apply-reflectors.js";
import { divideAndConquer } from "./divide-and-conquer.js";
import { rootFreeQL } from "./root-free-ql.js";
import {
  asSymmetric,
  powerOfTwoNear,
  type SymmetryOptions,
  scaledSymmetricPart,
  symmetryToleranceOf,
} from "./symmetric-part.js";
import { tridiagonalQL } from "./tridiagonal-ql.js";
import { tridiagonalize } from "./tridiagonalize.js";

/** Below this size QL is the faster way to eigenvectors; measured. */
const DIVIDED_FROM = 96;

/** All eigenvalues of a symmetric matrix, ascending, and on request orthonormal eigenvectors as columns. */
export interface SymmetricEigen {
  /** (n), ascending. */
  readonly values: Float64Array;
  /** (n,n); column j belongs to values[j]. */
  readonly vectors?: Tensor;
}

export interface SymmetricEigenOptions extends SymmetryOptions {
  /** Compute the eigenvectors too (about ten times the work). Default false. */
  readonly vectors?: boolean | undefined;
}

/**
 * Full eigendecomposition A = V Λ Vᵀ of a dense symmetric matrix, by Householder tridiagonalisation in panels, and root-free QL,
 * or, for eigenvectors, divide and conquer: backward stable, errors of a few n·ε·‖A‖.
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
    const work = scaledSymmetricPart(matrix, scale);

    const d = new Float64Array(n);
    const e = new Float64Array(n);
    const halfNorms = new Float64Array(n);
    if (n > 0) tridiagonalize(work, n, d, e, halfNorms);
    const order = wanted ? fillEigenvectors({ reflectors: work, halfNorms, d, e }) : undefined;
    if (!wanted) rootFreeQL(d, e);
    for (let i = 0; i < n; i++) d[i] *= scale;
    requireFinite("the eigenvalues", d, "divide the matrix by a power of two");
    if (!order) return { values: d.sort() };
    return { values: Float64Array.from(order, (i) => d[i]), vectors: matrixView(work, n, n) };
  });
}

/** What `tridiagonalize` made of a matrix. */
interface Tridiagonal {
  readonly reflectors: Float64Array;
  readonly halfNorms: Float64Array;
  readonly d: Float64Array;
  readonly e: Float64Array;
}

/**
 * Replaces the reflectors by the eigenvectors as columns, ascending, and d by the eigenvalues.
 * @returns the order in which d ascends
 */
function fillEigenvectors({ reflectors, halfNorms, d, e }: Tridiagonal): ArrayLike<number> {
  const n = d.length;
  if (n < DIVIDED_FROM) {
    const columns = accumulateReflectors(reflectors, n, halfNorms);
    tridiagonalQL(d, e, columns);
    const order = Int32Array.from(d.keys()).sort((i, j) => d[i] - d[j]);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) reflectors[i * n + j] = columns[i * n + order[j]];
    }
    return order;
  }
  const rows = new Float64Array(n * n);
  const order = divideAndConquer(d, e, rows, new Float64Array(n * (n + 1)));
  applyReflectors(reflectors, n, halfNorms, rows);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) reflectors[i * n + j] = rows[order[j] * n + i];
  }
  return order;
}
