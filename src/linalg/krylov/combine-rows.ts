import { gemm } from "../../tensor/matmul.js";
import { matrixView, type Tensor } from "../../tensor/view.js";

/** Columns that are combined at a time: so many fit into the cache beside the basis, and need little memory. */
const PANEL = 512;

/**
 * Combinations of the first rows of `data`, in the place of those from the `first` on.
 * @param data rows of `size` @param coefficients (k,m), for k combinations of m rows
 */
export function combineRows(data: Float64Array, size: number, first: number, coefficients: Tensor): void {
  const [count, m] = coefficients.shape;
  const panel = new Float64Array(count * Math.min(PANEL, size));
  for (let from = 0; from < size; from += PANEL) {
    const width = Math.min(PANEL, size - from);
    gemm(matrixView(panel, count, width), coefficients, matrixView(data, m, width, from, size));
    for (let i = 0; i < count; i++)
      data.set(panel.subarray(i * width, (i + 1) * width), (first + i) * size + from);
  }
}
