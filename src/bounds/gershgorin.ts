import { inFunction } from "../errors.js";
import type { SymmetryOptions } from "../linalg/dense/symmetric-part.js";
import type { MatrixLike, Tensor } from "../tensor/view.js";
import { checkedMatrix } from "./matrix.js";
import { type ExtremeBounds, finiteBounds } from "./wolkowicz-styan.js";

/**
 * Gershgorin's discs: every eigenvalue is within Σ_{j≠i} |a_ij| of some a_ii (Gershgorin 1931; Horn & Johnson, Matrix
 * Analysis, Theorem 6.1.1), so λ_max ≤ max_i (a_ii + Σ_{j≠i} |a_ij|). And λ_max ≥ max a_ii, the Rayleigh quotients of the
 * unit vectors (Theorem 4.2.2). Likewise for λ_min. All are attained by diagonal matrices.
 * @param a (n,n), symmetric to `symmetryTolerance`·max|a_ij| @throws ShapeError, NonFiniteError, also
 * where a sum overflows, SymmetryError
 * @example
 * import { gershgorinBounds } from "flatward/bounds";
 * console.log(gershgorinBounds([[2, 1, 0], [1, 2, 1], [0, 1, 2]]).largest); // → { lower: 2, upper: 4 }
 */
export function gershgorinBounds(a: MatrixLike, options: SymmetryOptions = {}): ExtremeBounds {
  return inFunction("gershgorinBounds", () => finiteBounds(gershgorinOf(checkedMatrix(a, options))));
}

/** `gershgorinBounds` of a checked row-major matrix. */
export function gershgorinOf({ data, shape }: Tensor): ExtremeBounds {
  const n = shape[0];
  const largest = { lower: Number.NEGATIVE_INFINITY, upper: Number.NEGATIVE_INFINITY };
  const smallest = { lower: Number.POSITIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  for (let i = 0; i < n; i++) {
    const centre = data[i * n + i];
    let radius = 0;
    for (let j = 0; j < n; j++) if (j !== i) radius += Math.abs(data[i * n + j]);
    largest.lower = Math.max(largest.lower, centre);
    largest.upper = Math.max(largest.upper, centre + radius);
    smallest.lower = Math.min(smallest.lower, centre - radius);
    smallest.upper = Math.min(smallest.upper, centre);
  }
  return { largest, smallest };
}
