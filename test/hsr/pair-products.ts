import type { Contraction } from "../../src/hsr/contraction/contraction.js";

/** ⟨H_i, H_j⟩ of all pairs of `count` samples, N × N. @param contraction one that differentiates */
export function pairProducts(contraction: Contraction, count: number): Float64Array {
  const data = new Float64Array(count * count);
  contraction.adjoints("blocks", {
    factors: () => {},
    pairs: ({ products, i, j, rows, columns, onDiagonal }) => {
      for (let r = 0; r < rows; r++) {
        for (let c = onDiagonal ? r : 0; c < columns; c++) {
          const product = products[r * columns + c];
          data[(i + r) * count + j + c] = product;
          data[(j + c) * count + i + r] = product;
        }
      }
    },
  });
  return data;
}
