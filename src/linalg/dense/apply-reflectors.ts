import { addProduct, addSymmetricProduct } from "../../tensor/product.js";
import { fillReflectorTriangle } from "./reflector.js";

/** Reflectors that are applied at once: more of them are better products, but more work for T. */
const blockOf = (n: number): number => Math.min(96, 32 * Math.ceil(n / 256));

/**
 * x ← Q·x for every row x, Q being the orthogonal matrix of `tridiagonalize`, from the vectors it left in `a`. A block of
 * reflectors is I − UᵀTU with a triangular T, so that nearly all of it is products of matrices.
 *
 * @param rows n×n row-major
 */
export function applyReflectors(
  a: Float64Array,
  n: number,
  halfNorms: Float64Array,
  rows: Float64Array,
): void {
  const block = blockOf(n);
  const u = new Float64Array(block * n);
  const triangle = new Float64Array(block * block);
  const projections = new Float64Array(n * block);
  const products = new Float64Array(n * block);
  for (let first = 1; first < n; first += block) {
    const count = Math.min(block, n - first);
    const length = first + count - 1;
    for (let r = 0; r < count; r++) {
      const i = first + r;
      u.set(a.subarray(i * n, i * n + i), r * length);
      u.fill(0, r * length + i, (r + 1) * length);
    }
    fillTriangle(triangle, u, count, length, halfNorms, first);
    addProduct(
      { data: projections, offset: 0, down: count, across: 1 },
      { data: rows, offset: 0, down: n, across: 1 },
      { data: u, offset: 0, down: 1, across: length },
      [n, length, count],
      1,
      0,
    );
    addProduct(
      { data: products, offset: 0, down: count, across: 1 },
      { data: projections, offset: 0, down: count, across: 1 },
      { data: triangle, offset: 0, down: count, across: 1 },
      [n, count, count],
      1,
      0,
    );
    addProduct(
      { data: rows, offset: 0, down: n, across: 1 },
      { data: products, offset: 0, down: count, across: 1 },
      { data: u, offset: 0, down: length, across: 1 },
      [n, count, length],
      -1,
    );
  }
}

/** T, upper triangular, of P_first P_first+1 … = I − UᵀTU, with P_i = I − u uᵀ/halfNorms[i]. */
function fillTriangle(
  triangle: Float64Array,
  u: Float64Array,
  count: number,
  length: number,
  halfNorms: Float64Array,
  first: number,
): void {
  addSymmetricProduct(
    { data: triangle, offset: 0, down: count, across: 1 },
    { data: u, offset: 0, down: length, across: 1 },
    { data: u, offset: 0, down: 1, across: length },
    [count, length],
    1,
    0,
  );
  const inverses = halfNorms.subarray(first, first + count).map((half) => (half === 0 ? 0 : 1 / half));
  fillReflectorTriangle(triangle, 0, 0, count, inverses);
}
