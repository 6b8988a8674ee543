import { inMaker } from "../errors.js";
import type { MatrixLike } from "../tensor/view.js";
import { requireVectors } from "./check-operator.js";
import { asSymmetric, scaledSymmetricPart } from "./dense/symmetric-part.js";
import type { LinearOperator } from "./operator.js";

/**
 * A dense symmetric matrix as an operator. It is copied: later changes are not seen.
 * @param a (n,n), symmetric to 1e-12·max|a_ij|, of which the symmetric part is taken
 * @throws ShapeError when not square, NonFiniteError, SymmetryError
 */
export function matrixOperator(a: MatrixLike): LinearOperator {
  return inMaker("matrixOperator", () => {
    const { matrix } = asSymmetric("a", a);
    const size = matrix.shape[0];
    const entries = scaledSymmetricPart(matrix, 1);
    return {
      size,
      apply(v, out) {
        requireVectors(size, v, out);
        multiply(entries, size, v, out);
      },
    };
  });
}

/** Four rows at a time hide the latency of each other's sums. */
function multiply(a: Float64Array, n: number, v: Float64Array, out: Float64Array): void {
  let row = 0;
  for (; row + 3 < n; row += 4) {
    const at0 = row * n;
    const at1 = at0 + n;
    const at2 = at1 + n;
    const at3 = at2 + n;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let k = 0; k < n; k++) {
      const vk = v[k];
      sum0 += a[at0 + k] * vk;
      sum1 += a[at1 + k] * vk;
      sum2 += a[at2 + k] * vk;
      sum3 += a[at3 + k] * vk;
    }
    out[row] = sum0;
    out[row + 1] = sum1;
    out[row + 2] = sum2;
    out[row + 3] = sum3;
  }
  for (; row < n; row++) {
    const at = row * n;
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[at + k] * v[k];
    out[row] = sum;
  }
}
