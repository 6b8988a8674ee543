import { inFunction, requireFinite, requireFlag } from "../../errors.js";
import { optionsOf } from "../../options.js";
import { type MatrixLike, matrixView, type Tensor } from "../../tensor/view.js";
import {
  asSymmetric,
  powerOfTwoNear,
  type SymmetryOptions,
  scaledSymmetricPart,
  symmetryToleranceOf,
} from "./symmetric-part.js";
import { tridiagonalQL } from "./tridiagonal-ql.js";
import { accumulateReflectors, tridiagonalize } from "./tridiagonalize.js";

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
 * Full eigendecomposition A = V Λ Vᵀ of a dense symmetric matrix, by Householder tridiagonalisation and implicit QL:
 * backward stable, errors of a few n·ε·‖A‖.
 * @param a (n,n), symmetric to `symmetryTolerance`·max|a_ij|; not changed
 * @returns n values, ascending; with `vectors`, those as the columns of (n,n), in the same order
 * @throws ShapeError when not square, NonFiniteError, SymmetryError, ConvergenceError
 * Golub & Van Loan 2013, §8.3.
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
    const unordered = wanted ? accumulateReflectors(work, n, halfNorms) : undefined;
    if (n > 0) tridiagonalQL(d, e, unordered);
    for (let i = 0; i < n; i++) d[i] *= scale;
    requireFinite("the eigenvalues", d, "divide the matrix by a power of two");

    if (!unordered) return { values: d.sort() };
    const order = Array.from(d.keys()).sort((i, j) => d[i] - d[j]);
    const vectors = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) vectors[i * n + j] = unordered[i * n + order[j]];
    }
    return { values: Float64Array.from(order, (i) => d[i]), vectors: matrixView(vectors, n, n) };
  });
}
