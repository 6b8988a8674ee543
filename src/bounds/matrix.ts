import { inFunction, NonFiniteError, ShapeError } from "../errors.js";
import { type SymmetryOptions, symmetricCopy, symmetryToleranceOf } from "../linalg/dense/symmetric-part.js";
import { asMatrix, formatShape, type MatrixLike, type Tensor } from "../tensor/view.js";
import type { SpectralMoments } from "./wolkowicz-styan.js";

/**
 * The matrix that a bound was asked for: one that has eigenvalues, as a row-major copy.
 * @throws ShapeError unless it is (n,n) with n ≥ 1, NonFiniteError, SymmetryError
 */
export function checkedMatrix(input: MatrixLike, options?: SymmetryOptions): Tensor {
  const a = asMatrix("a", input);
  if (a.shape[0] > 0 && a.shape[0] === a.shape[1]) return symmetricCopy("a", a, symmetryToleranceOf(options));
  throw new ShapeError({ expected: "a to be square and not empty", got: formatShape(a.shape) });
}

/**
 * n, tr A and tr A² of a dense symmetric matrix, as `wsBounds` takes them.
 * @param a (n,n), symmetric to `symmetryTolerance`·max|a_ij| @throws ShapeError, NonFiniteError, also when a sum overflows, SymmetryError
 * @example
 * import { matrixMoments } from "flatward/bounds";
 * console.log(matrixMoments([[2, 1], [1, 2]])); // → { size: 2, trace: 4, frobeniusSquared: 10 }
 */
export function matrixMoments(a: MatrixLike, options: SymmetryOptions = {}): SpectralMoments {
  return inFunction("matrixMoments", () => {
    const { data, shape } = checkedMatrix(a, options);
    const size = shape[0];
    let trace = 0;
    for (let i = 0; i < size; i++) trace += data[i * size + i];
    let frobeniusSquared = 0;
    for (let at = 0; at < data.length; at++) frobeniusSquared += data[at] * data[at];
    if (!Number.isFinite(trace) || !Number.isFinite(frobeniusSquared)) {
      throw new NonFiniteError({
        expected: "finite moments",
        got: `tr A = ${trace}, tr A² = ${frobeniusSquared}`,
        next: "divide the matrix by a power of two",
      });
    }
    return { size, trace, frobeniusSquared };
  });
}
