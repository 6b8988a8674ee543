import { addProduct } from "../../tensor/product.js";
import { multiplyRows, subtractCombination, symmetricProduct } from "./panel-kernels.js";
import { correctProduct, reflectRow } from "./reflector.js";
import { tridiagonalizeByRows } from "./tridiagonalize-by-rows.js";

/** Below this size a step has too little work for blocks to pay; measured. */
const BLOCKED_FROM = 160;

/** Reflectors that are gathered before the matrix is updated. */
const PANEL = 16;

/** Rows of the lower triangle that are updated at once. */
const UPDATED_ROWS = 128;

/**
 * Householder reduction QᵀAQ = T of a symmetric matrix to tridiagonal form, from the last row up (Martin, Reinsch
 * & Wilkinson 1968), in panels (Dongarra, Sorensen & Hammarling 1989): half of the work is a product of matrices.
 *
 * @param a n×n row-major; the lower triangle is read and overwritten: row i then holds the i-th Householder vector
 * @param diagonal receives T's diagonal @param offDiagonal receives T's subdiagonal in 1 … n − 1, 0 in 0
 * @param halfNorms receives ½‖u_i‖² of the i-th Householder vector, 0 where there is none
 */
export function tridiagonalize(
  a: Float64Array,
  n: number,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  halfNorms: Float64Array,
): void {
  let size = n;
  if (size >= BLOCKED_FROM) {
    const panel = createPanel(n);
    for (; size >= BLOCKED_FROM; size -= PANEL) {
      reducePanel(a, n, size, panel, diagonal, offDiagonal, halfNorms);
      updateTriangle(a, n, size - PANEL, panel);
    }
  }
  tridiagonalizeByRows(a, n, size, diagonal, offDiagonal, halfNorms);
}

/** The pending update A − Σ (u qᵀ + q uᵀ). */
interface Panel {
  /** 2·PANEL rows of n: u and q of each reflector in turn. */
  readonly data: Float64Array;
  readonly rows: readonly Float64Array[];
  /** What each row of `data` is multiplied with. */
  readonly coefficients: Float64Array;
  /** Where the partner of each row begins: q of u, u of q. */
  readonly partners: Int32Array;
}

function createPanel(n: number): Panel {
  const data = new Float64Array(2 * PANEL * n);
  return {
    data,
    rows: Array.from({ length: 2 * PANEL }, (_, r) => data.subarray(r * n, (r + 1) * n)),
    coefficients: new Float64Array(2 * PANEL),
    partners: Int32Array.from({ length: 2 * PANEL }, (_, r) => (r ^ 1) * n),
  };
}

/** The reflectors of the last rows of the leading size×size block, which itself stays as it is. */
function reducePanel(
  a: Float64Array,
  n: number,
  size: number,
  panel: Panel,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  halfNorms: Float64Array,
): void {
  const { data, rows, coefficients } = panel;
  for (let step = 0; step < PANEL; step++) {
    const i = size - 1 - step;
    const row = i * n;
    const pending = 2 * step;
    for (let r = 0; r < pending; r++) coefficients[r] = rows[r ^ 1][i];
    subtractCombination(a, row, i + 1, data, n, pending, coefficients);
    diagonal[i] = a[row + i];
    const u = rows[pending];
    const q = rows[pending + 1];
    const halfNorm = reflectRow(a, row, i, u, offDiagonal);
    halfNorms[i] = halfNorm;
    if (halfNorm === 0) {
      q.fill(0, 0, i);
      continue;
    }
    symmetricProduct(a, n, i, u, q);
    multiplyRows(data, n, pending, u, i, coefficients);
    swapPairs(coefficients, pending);
    subtractCombination(q, 0, i, data, n, pending, coefficients);
    correctProduct(u, q, i, halfNorm);
  }
}

function swapPairs(values: Float64Array, count: number): void {
  for (let r = 0; r < count; r += 2) {
    const first = values[r];
    values[r] = values[r + 1];
    values[r + 1] = first;
  }
}

/** Applies the pending update to the lower triangle of the leading size×size block. */
function updateTriangle(a: Float64Array, n: number, size: number, { data, partners }: Panel): void {
  const across = { data, offset: 0, down: partners, across: 1 };
  for (let row = 0; row < size; row += UPDATED_ROWS) {
    const end = Math.min(row + UPDATED_ROWS, size);
    addProduct(
      { data: a, offset: row * n, down: n, across: 1 },
      { data, offset: row, down: 1, across: n },
      across,
      [end - row, 2 * PANEL, end],
      -1,
    );
  }
}
