import { inFunction, ShapeError } from "../errors.js";
import type { Packed } from "./indexed-matrix.js";
import { addProduct, into, left, right, sized } from "./product.js";
import { asMatrix, formatShape, type MatrixLike, sizeOf, type Tensor, zeros } from "./view.js";

/**
 * The matrix product A·B.
 * @param a (m,k) @param b (k,n), any strides @returns (m,n), row-major
 * @throws ShapeError when the inner extents differ
 * @example
 * import { matmul } from "flatward/tensor";
 * const { shape, data } = matmul([[1, 2], [3, 4]], [[5], [6]]);
 * console.log(shape, Array.from(data)); // → [ 2, 1 ] [ 17, 39 ]
 */
export function matmul(a: MatrixLike, b: MatrixLike): Tensor {
  return inFunction("matmul", () => {
    const left = asMatrix("a", a);
    const right = asMatrix("b", b, [left.shape[1], undefined]);
    const out = zeros([left.shape[0], right.shape[1]]);
    gemm(out, left, right);
    return out;
  });
}

/** A factor of products; one that stays as it is may keep what they pack it into. */
export interface Factor extends Tensor {
  readonly packed?: Packed;
}

/** Numbers in a factor up to which it keeps that: 16 MB. */
const KEPT = 1 << 21;

/** The same matrix, which is not to change from now on; for products with α = 1, and always on the same side. */
export function fixed(a: Tensor): Factor {
  return sizeOf(a.shape) <= KEPT ? { ...a, packed: { products: 0, blocks: [] } } : a;
}

/**
 * C ← β·C + α·A·B, the one product under everything else.
 * @param c (m,n) with unit column stride, not overlapping A or B @param a (m,k) @param b (k,n), any strides:
 * a transposed factor is a transposed view
 * @throws ShapeError when the extents do not fit
 */
export function gemm(c: Tensor, a: Factor, b: Factor, alpha = 1, beta = 0): void {
  const m = c.shape[0];
  const n = c.shape[1];
  const k = a.shape[1];
  if (a.shape[0] !== m || b.shape[0] !== k || b.shape[1] !== n || (c.stride[1] !== 1 && n > 1)) {
    throw new ShapeError({
      where: "gemm",
      expected: `(m,n) = (m,k)·(k,n) with rows of C contiguous`,
      got: `${formatShape(c.shape)} = ${formatShape(a.shape)}·${formatShape(b.shape)}, stride of C ${formatShape(c.stride)}`,
    });
  }
  addProduct(
    into(c.data, c.offset, c.stride[0], c.stride[1]),
    left(a.data, a.offset, a.stride[0], a.stride[1], a.packed),
    right(b.data, b.offset, b.stride[0], b.stride[1], b.packed),
    sized(m, k, n),
    alpha,
    beta,
  );
}
