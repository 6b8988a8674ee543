import { inFunction, NonFiniteError, requireNumber, SymmetryError } from "../../errors.js";
import { optionsOf } from "../../options.js";
import { asMatrix, type MatrixLike, matrixView, type Tensor } from "../../tensor/view.js";

/** Asymmetry beyond this multiple of max |a_ij| is refused; below it, (A + Aᵀ)/2 is meant. */
const SYMMETRY_TOLERANCE = 1e-12;

/** Of everything that wants a symmetric matrix. */
export interface SymmetryOptions {
  /**
   * How far a_ij and a_ji may differ, relative to max |a_ij|; (A + Aᵀ)/2 is then meant. ≥ 0, default 1e-12, or 1e-5 where the
   * matrix is formed by products. 1e-5 does for matrices that were computed in single precision.
   */
  readonly symmetryTolerance?: number | undefined;
}

/**
 * (A + Aᵀ)/2, in memory of its own and symmetric to the bit, whatever the asymmetry.
 * @param a (n,n), finite @throws ShapeError when not square, NonFiniteError
 * @example
 * import { symmetricEigen, symmetricPart } from "flatward";
 * const single = [[2, Math.fround(0.1)], [0.1, 1]];
 * console.log(symmetricEigen(symmetricPart(single)).values.length); // → 2
 */
export function symmetricPart(a: MatrixLike): Tensor {
  return inFunction("symmetricPart", () => symmetricCopy("a", a, Number.POSITIVE_INFINITY));
}

/** The tolerance among options that have no other. @throws ArgumentError */
export function symmetryToleranceOf(options: SymmetryOptions | undefined): number | undefined {
  const { symmetryTolerance } = optionsOf(options, ["symmetryTolerance"]);
  if (symmetryTolerance !== undefined) requireNumber("symmetryTolerance", symmetryTolerance, { atLeast: 0 });
  return symmetryTolerance;
}

/** A square matrix found symmetric, and its largest |a_ij|. */
interface CheckedSymmetric {
  readonly matrix: Tensor;
  readonly largest: number;
}

/**
 * @param tolerance of the asymmetry, relative to max |a_ij|; default 1e-12
 * @throws ShapeError when not square, NonFiniteError, SymmetryError
 */
export function asSymmetric(
  name: string,
  input: MatrixLike,
  tolerance: number = SYMMETRY_TOLERANCE,
): CheckedSymmetric {
  const a = asMatrix(name, input);
  const n = a.shape[0];
  asMatrix(name, a, [n, n]);
  const { data, offset } = a;
  const [down, across] = a.stride;
  let largest = 0;
  let asymmetry = 0;
  let worst: readonly [number, number] = [0, 0];
  for (let i = 0; i < n; i++) {
    let left = offset + i * down;
    let above = offset + i * across;
    for (let j = 0; j <= i; j++, left += across, above += down) {
      const lower = data[left];
      const upper = data[above];
      const difference = Math.abs(lower - upper);
      // Not finite either where one of the entries is not; finite ones may differ by more than any number.
      if (!(difference <= asymmetry && difference < Number.POSITIVE_INFINITY)) {
        requireFiniteEntry(name, lower, i, j);
        requireFiniteEntry(name, upper, j, i);
        asymmetry = difference;
        worst = [i, j];
      }
      if (Math.abs(lower) > largest) largest = Math.abs(lower);
      if (Math.abs(upper) > largest) largest = Math.abs(upper);
    }
  }
  if (asymmetry > tolerance * largest) {
    const [i, j] = worst;
    throw new SymmetryError({
      expected: `${name} to be symmetric, to ${tolerance} of its largest entry`,
      got: `${name}[${i},${j}] and ${name}[${j},${i}] that differ by ${asymmetry}`,
      next: "pass symmetricPart(A) if (A + Aᵀ)/2 is what you mean, or a symmetryTolerance",
    });
  }
  return { matrix: a, largest };
}

function requireFiniteEntry(name: string, entry: number, row: number, column: number): void {
  if (Number.isFinite(entry)) return;
  throw new NonFiniteError({
    expected: `${name} to be finite`,
    got: `${entry} at [${row},${column}]`,
  });
}

/** The symmetric part of what `asSymmetric` accepts, as a row-major copy. @throws as `asSymmetric` */
export function symmetricCopy(name: string, input: MatrixLike, tolerance?: number): Tensor {
  return symmetricPartOf(asSymmetric(name, input, tolerance).matrix);
}

/** (A + Aᵀ)/2 of a square matrix that is known to be finite. */
export function symmetricPartOf(a: Tensor): Tensor {
  const n = a.shape[0];
  const out = new Float64Array(n * n);
  fillLowerTriangle(out, a, 1);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j];
  }
  return matrixView(out, n, n);
}

/** Writes the lower triangle of the symmetric part of A, divided by `scale`, a power of two, to n×n numbers, row-major. */
export function fillLowerTriangle(out: Float64Array, a: Tensor, scale: number): void {
  const n = a.shape[0];
  const { data, offset } = a;
  const [down, across] = a.stride;
  for (let i = 0; i < n; i++) {
    let left = offset + i * down;
    let above = offset + i * across;
    for (let j = 0; j <= i; j++, left += across, above += down) {
      out[i * n + j] = halfSum(data[left], data[above], scale);
    }
  }
}

/** ½(x + y)/scale for a power of two. Halved apart, so that the largest numbers do not overflow; equal ones keep their last bit. */
export function halfSum(x: number, y: number, scale: number): number {
  return x === y ? x / scale : 0.5 * (x / scale) + 0.5 * (y / scale);
}
