import { NonFiniteError, requireFinite, SymmetryError } from "../errors.js";
import { asMatrix, type MatrixLike, matrixView, type Tensor } from "../tensor/view.js";
import { tridiagonalQL } from "./tridiagonal-ql.js";
import { accumulateReflectors, tridiagonalize } from "./tridiagonalize.js";

/** Asymmetry beyond this multiple of max |a_ij| is refused; below it, (A + Aᵀ)/2 is decomposed. */
const SYMMETRY_TOLERANCE = 1e-12;

/** All eigenvalues of a symmetric matrix, ascending, and on request orthonormal eigenvectors as columns. */
export interface SymmetricEigen {
  /** (n), ascending. */
  readonly values: Float64Array;
  /** (n,n); column j belongs to values[j]. */
  readonly vectors?: Tensor;
}

export interface SymmetricEigenOptions {
  /** Compute the eigenvectors too (about ten times the work). Default false. */
  readonly vectors?: boolean;
}

/**
 * Full eigendecomposition A = V Λ Vᵀ of a dense symmetric matrix, by Householder tridiagonalisation and implicit QL:
 * backward stable, errors of a few n·ε·‖A‖.
 * @param a (n,n), symmetric to 1e-12·max|a_ij|; not changed
 * @throws ShapeError when not square, NonFiniteError, SymmetryError, ConvergenceError
 */
export function symmetricEigen(
  a: MatrixLike,
  options: SymmetricEigenOptions & { vectors: true },
): Required<SymmetricEigen>;
export function symmetricEigen(a: MatrixLike, options?: SymmetricEigenOptions): SymmetricEigen;
export function symmetricEigen(a: MatrixLike, options: SymmetricEigenOptions = {}): SymmetricEigen {
  const matrix = asMatrix("symmetricEigen", "a", a);
  const n = matrix.shape[0];
  asMatrix("symmetricEigen", "a", matrix, [n, n]);
  const { work, scale } = scaledCopy(matrix, n);

  const d = new Float64Array(n);
  const e = new Float64Array(n);
  const halfNorms = new Float64Array(n);
  if (n > 0) tridiagonalize(work, n, d, e, halfNorms);
  const unordered = options.vectors ? accumulateReflectors(work, n, halfNorms) : undefined;
  if (n > 0) tridiagonalQL("symmetricEigen", d, e, unordered);
  for (let i = 0; i < n; i++) d[i] *= scale;
  requireFinite("symmetricEigen", "the eigenvalues", d, "divide the matrix by a power of two");

  if (!unordered) return { values: d.sort() };
  const order = Array.from(d.keys()).sort((i, j) => d[i] - d[j]);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) vectors[i * n + j] = unordered[i * n + order[j]];
  }
  return { values: Float64Array.from(order, (i) => d[i]), vectors: matrixView(vectors, n, n) };
}

/** The symmetric part of A, scaled by a power of two to entries of about 1, with checks on the way. */
function scaledCopy(a: Tensor, n: number): { work: Float64Array; scale: number } {
  const [down, across] = a.stride;
  let largest = 0;
  let asymmetry = 0;
  let worst: readonly [number, number] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const lower = a.data[a.offset + i * down + j * across];
      const upper = a.data[a.offset + j * down + i * across];
      if (!Number.isFinite(lower) || !Number.isFinite(upper)) {
        const [row, column, value] = Number.isFinite(lower) ? [j, i, upper] : [i, j, lower];
        throw new NonFiniteError({
          where: "symmetricEigen",
          expected: "a finite matrix",
          got: `${value} at [${row},${column}]`,
        });
      }
      largest = Math.max(largest, Math.abs(lower), Math.abs(upper));
      if (Math.abs(lower - upper) > asymmetry) {
        asymmetry = Math.abs(lower - upper);
        worst = [i, j];
      }
    }
  }
  if (asymmetry > SYMMETRY_TOLERANCE * largest) {
    const [i, j] = worst;
    throw new SymmetryError({
      where: "symmetricEigen",
      expected: `a symmetric matrix, to ${SYMMETRY_TOLERANCE} of its largest entry`,
      got: `a[${i},${j}] and a[${j},${i}] that differ by ${asymmetry}`,
      next: "decompose (A + Aᵀ)/2 if that is what you mean",
    });
  }
  const scale = powerOfTwoNear(largest);
  const work = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const lower = a.data[a.offset + i * down + j * across] / scale;
      const upper = a.data[a.offset + j * down + i * across] / scale;
      work[i * n + j] = 0.5 * (lower + upper);
    }
  }
  return { work, scale };
}

/** The largest power of two ≤ x; 1 for 0. Exact to divide by. */
function powerOfTwoNear(x: number): number {
  if (x === 0) return 1;
  let power = 1;
  while (power > x) power /= 2;
  while (power <= x / 2) power *= 2;
  return power;
}
