import { describe, inFunction, NonFiniteError, ShapeError, SymmetryError } from "../errors.js";
import { asMatrix, formatShape, type MatrixLike, type Tensor, zeros } from "../tensor/view.js";
import type { SpectralMoments } from "./wolkowicz-styan.js";

/** Asymmetry beyond this multiple of max |a_ij| is refused; below it, (A + Aᵀ)/2 is meant: as `symmetricEigen` has it. */
const SYMMETRY_TOLERANCE = 1e-12;

/**
 * The symmetric part of a finite matrix that is symmetric to rounding, as a row-major copy.
 * @throws ShapeError unless it is (n,n) with n ≥ 1, NonFiniteError, SymmetryError
 */
export function symmetricCopy(name: string, input: MatrixLike): Tensor {
  const a = asMatrix(name, input);
  const n = a.shape[0];
  if (n === 0 || a.shape[1] !== n) {
    throw new ShapeError({
      expected: `${name} to be square and not empty`,
      got: formatShape(a.shape),
    });
  }
  const [down, across] = a.stride;
  const copy = zeros([n, n]);
  let largest = 0;
  let asymmetry = 0;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const lower = a.data[a.offset + i * down + j * across];
      const upper = a.data[a.offset + j * down + i * across];
      if (!Number.isFinite(lower) || !Number.isFinite(upper)) {
        const [row, column] = Number.isFinite(lower) ? [j, i] : [i, j];
        const got = `${Number.isFinite(lower) ? upper : lower} at [${row},${column}]`;
        throw new NonFiniteError({ expected: `${name} to be finite`, got });
      }
      largest = Math.max(largest, Math.abs(lower), Math.abs(upper));
      if (Math.abs(lower - upper) > asymmetry) {
        asymmetry = Math.abs(lower - upper);
        worst = i * n + j;
      }
      // Halves first: the sum could overflow.
      const entry = lower === upper ? lower : 0.5 * lower + 0.5 * upper;
      copy.data[i * n + j] = entry;
      copy.data[j * n + i] = entry;
    }
  }
  if (asymmetry > SYMMETRY_TOLERANCE * largest) {
    const [i, j] = [Math.floor(worst / n), worst % n];
    throw new SymmetryError({
      expected: `${name} to be symmetric, to ${SYMMETRY_TOLERANCE} of its largest entry`,
      got: `${name}[${i},${j}] and ${name}[${j},${i}] that differ by ${describe(asymmetry)}`,
      next: "pass (A + Aᵀ)/2 if that is what you mean",
    });
  }
  return copy;
}

/**
 * n, tr A and tr A² of a dense symmetric matrix, as `wsBounds` takes them.
 * @param a (n,n), symmetric to 1e-12·max|a_ij| @throws ShapeError, NonFiniteError, also when a sum overflows, SymmetryError
 */
export function matrixMoments(a: MatrixLike): SpectralMoments {
  return inFunction("matrixMoments", () => {
    const { data, shape } = symmetricCopy("a", a);
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
