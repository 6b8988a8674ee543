import { inFunction, requireFiniteValue } from "../errors.js";
import type { SymmetryOptions } from "../linalg/dense/symmetric-part.js";
import { gemm } from "../tensor/matmul.js";
import { powerOfTwoNear } from "../tensor/power-of-two.js";
import { dot, maxAbs } from "../tensor/reduce.js";
import { columnRange, type MatrixLike, matrixView, rowRange, type Tensor } from "../tensor/view.js";
import { checkedMatrix } from "./matrix.js";
import type { SpectralSpread } from "./wolkowicz-styan.js";

/** Rows of C² at a time. */
const PANEL = 128;

/** The eigenvalues of a symmetric matrix as n numbers of equal weight 1/n: their mean and central moments. */
export interface CentralMoments extends SpectralSpread {
  /** n. */
  readonly size: number;
  /** Third central moment over deviation³; 0 where the deviation is 0. */
  readonly skewness: number;
  /** Fourth central moment over deviation⁴, ≥ 1 + skewness²; 1 where the deviation is 0. */
  readonly kurtosis: number;
}

/**
 * Mean, standard deviation, skewness and kurtosis of the eigenvalues of a symmetric matrix, without an
 * eigendecomposition: with C = A − (tr A/n) I, from tr C² = ‖C‖_F², tr C³ = ⟨C, C²⟩ and tr C⁴ = ‖C²‖_F², for half a
 * matrix product. C keeps the deviation accurate to rounding of ‖A‖ where tr A² − (tr A)²/n would cancel.
 * @param a (n,n), symmetric to `symmetryTolerance`·max|a_ij|; memory 16n² bytes @throws ShapeError, NonFiniteError, also
 * where the deviation overflows, SymmetryError
 * @example
 * import { centralMoments } from "flatward/bounds";
 * const { mean, deviation, skewness, kurtosis } = centralMoments([[1, 0], [0, 3]]);
 * console.log(mean, deviation, skewness, kurtosis); // → 2 1 0 1
 */
export function centralMoments(a: MatrixLike, options: SymmetryOptions = {}): CentralMoments {
  return inFunction("centralMoments", () => centralMomentsOf(checkedMatrix(a, options)));
}

/** The central moments of a checked row-major matrix, which is not changed. */
export function centralMomentsOf(a: Tensor): CentralMoments {
  const n = a.shape[0];
  const { mean, deviation, second, matrix } = scaledDeviation(a);
  if (second === 0) return { size: n, mean, deviation: 0, skewness: 0, kurtosis: 1 };
  const root = Math.sqrt(second);
  const { third, fourth } = higherTraces(matrix);
  const skewness = third / n / (second * root);
  const kurtosis = fourth / n / (second * second);
  // No numbers have less: Pearson 1916.
  return {
    size: n,
    mean,
    deviation,
    skewness,
    kurtosis: Math.max(kurtosis, 1 + skewness * skewness),
  };
}

/** tr C³ = ⟨C, C²⟩ and tr C⁴ = ‖C²‖_F² from the upper triangle of C², a panel of rows at a time. */
function higherTraces(matrix: Tensor): { third: number; fourth: number } {
  const n = matrix.shape[0];
  const buffer = new Float64Array(Math.min(PANEL, n) * n);
  let third = 0;
  let fourth = 0;
  for (let from = 0; from < n; from += PANEL) {
    const rows = Math.min(PANEL, n - from);
    const width = n - from;
    gemm(matrixView(buffer, rows, width), rowRange(matrix, from, from + rows), columnRange(matrix, from, n));
    for (let i = 0; i < rows; i++) {
      const row = (from + i) * n + from;
      for (let j = 0; j < width; j++) {
        const entry = buffer[i * width + j];
        // Right of the panel's square, an entry stands for its mirror image too.
        const share = j < rows ? entry : 2 * entry;
        third += share * matrix.data[row + j];
        fourth += share * entry;
      }
    }
  }
  return { third, fourth };
}

/** Mean and standard deviation of the eigenvalues of a checked row-major matrix: the root of ‖A − mI‖_F²/n. */
export function spreadOf(a: Tensor): SpectralSpread {
  const { mean, deviation } = scaledDeviation(a);
  return { mean, deviation };
}

/** What a matrix A is about its mean eigenvalue m. */
interface ScaledDeviation extends SpectralSpread {
  /** C = A − mI divided by a power of two near its largest entry, so that no power of it overflows or vanishes. */
  readonly matrix: Tensor;
  /** tr C²/n. */
  readonly second: number;
}

/** @throws NonFiniteError where the deviation overflows */
function scaledDeviation(a: Tensor): ScaledDeviation {
  const n = a.shape[0];
  // A − mI of the entries as they are could overflow.
  const unit = powerOfTwoNear(maxAbs(a.data));
  const data = a.data.map((entry) => entry / unit);
  let mean = 0;
  // Twice: what rounding left in the mean may be much beside small deviations.
  for (let round = 0; round < 2; round++) {
    let shift = 0;
    for (let i = 0; i < n; i++) shift += data[i * n + i] / n;
    for (let i = 0; i < n; i++) data[i * n + i] -= shift;
    mean += shift;
  }
  const scale = powerOfTwoNear(maxAbs(data));
  for (let at = 0; at < data.length; at++) data[at] /= scale;
  const second = dot(data, data) / n;
  const deviation = Math.sqrt(second) * scale * unit;
  requireFiniteValue("the standard deviation", deviation, "divide the matrix by a power of two");
  return { mean: mean * unit, deviation, second, matrix: { ...a, data } };
}
