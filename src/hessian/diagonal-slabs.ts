import { addProduct, into, left, right, rightFormed, sized } from "../tensor/product.js";
import { createRowProducts } from "../tensor/row-products.js";
import { uninitialized } from "../tensor/scratch.js";
import type { ParameterRange } from "../tensor/view.js";
import { columnsOf, type EntryRuns, fillProducts, pullBackProducts, runsOf } from "./entry-products.js";
import { type Tap, widthOf } from "./factors.js";
import { type BlockSlab, CHUNK } from "./slabs.js";
import { triangle } from "./triangle.js";

/** Some pairs of ã's entries (a,b), a ≤ b, by all entries (p,q) of X's triangle. */
export interface DiagonalSlab extends BlockSlab {
  readonly runs: EntryRuns;
}

/** All (a,b), a ≤ b, row by row. */
export function upperPairs({ from, to }: ParameterRange): {
  readonly first: Int32Array;
  readonly second: Int32Array;
} {
  const first = new Int32Array(triangle(to - from));
  const second = first.slice();
  for (let a = from, at = 0; a < to; a++) {
    for (let b = a; b < to; b++, at++) {
      first[at] = a;
      second[at] = b;
    }
  }
  return { first, second };
}

/**
 * The slabs of the block of tap l with itself: Σ ω X_pq ã_a ã_b for the entries of X's and of ããᵀ's upper triangles, X's in
 * the order of `Factors`.
 * @param count largest number of samples @param entries of ã that are wanted; default: all
 */
export function diagonalSlabs(
  taps: readonly Tap[],
  l: number,
  count: number,
  entries: ParameterRange = { from: 0, to: widthOf(taps[l]) },
): readonly DiagonalSlab[] {
  const rows = triangle(taps[l].units);
  const { first, second } = upperPairs(entries);
  const width = first.length;
  const rowTimes = uninitialized(rows)
    .fill(2, 0, rows - taps[l].units)
    .fill(1, rows - taps[l].units);
  const times = uninitialized(width);
  for (let at = 0; at < width; at++) times[at] = first[at] === second[at] ? 1 : 2;
  const productsOf = createRowProducts();
  const products = uninitialized(count * Math.min(CHUNK, width));
  return Array.from({ length: Math.ceil(width / CHUNK) }, (_, at) => {
    const start = at * CHUNK;
    const columns = Math.min(CHUNK, width - start);
    const runs = runsOf(first, second, start, start + columns);
    const ofProducts = columnsOf(first, second, start, start + columns, widthOf(taps[l]));
    return {
      rows,
      columns,
      rowTimes,
      columnTimes: times.subarray(start, start + columns),
      runs,
      // Products of ã are formed where they are packed.
      fill() {},
      add(factors, values, beta) {
        const { data, step, places } = factors.curvature[l][l];
        const inputs = factors.rows[l];
        addProduct(
          into(values.data, 0, columns, 1),
          left(data, 0, places, step),
          rightFormed(productsOf(factors.weights, inputs, inputs), ofProducts),
          sized(rows, factors.count, columns),
          1,
          beta,
        );
      },
      pullBack(factors, bars) {
        const { data, adjoint, step, places } = factors.curvature[l][l];
        const inputs = factors.rows[l];
        fillProducts(products, factors.weights, inputs, inputs, runs);
        addProduct(
          into(adjoint, 0, step, places),
          left(products, 0, columns, 1),
          right(bars.data, 0, 1, columns),
          sized(factors.count, columns, rows),
        );
        if (l === 0) return;
        // The products have been used: their memory takes their own adjoint.
        addProduct(
          into(products, 0, columns, 1),
          left(data, 0, step, places),
          right(bars.data, 0, columns, 1),
          sized(factors.count, rows, columns),
          1,
          0,
        );
        pullBackProducts(products, factors.weights, inputs, inputs, runs);
      },
    };
  });
}
