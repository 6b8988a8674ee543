import type { SampleVectors } from "../hessian/factors.js";
import { dot } from "../tensor/reduce.js";
import type { PairSet } from "./pair-set.js";
import type { PairedBlock } from "./pair-terms.js";

// A derivative f̄ = 2Wf of Σ_ij w_ij ⟨f_i, f_j⟩ tells the sum itself, ½⟨f, f̄⟩. Where nothing else needs the products ⟨f_i, f_j⟩
// they are not formed: to the first tap's rows, which are the data, no derivative is passed on.

/**
 * Of a block, after differentiating: its sum as far as products were not formed.
 * @param own ⟨X, X̄⟩ for one of a tap with itself
 */
export function unsummed({ scaled }: PairSet, { m, l, of }: PairedBlock, own: number): number {
  if (l > 0) return 0;
  if (m === 0) return 0.5 * own;
  return m === 1 && of === "all" ? 0.5 * dot(scaled[1].data, scaled[1].adjoint) : 0;
}

/** The same for each of `rows` samples with itself: Σ_i ω_i ⟨A_i, A_i⟩. */
export function ownOfUnsummed(
  { factors, scaled, outer }: PairSet,
  { m, l, of }: PairedBlock,
  from: number,
  rows: number,
): number {
  if (l > 0 || m > 1 || (m === 1 && of !== "all")) return 0;
  const inputs = factors.rows[0];
  let sum = 0;
  for (let i = from; i < from + rows; i++) {
    const square = ownProduct(inputs, inputs, i);
    const own =
      m === 0
        ? square * square * squaredNorm(factors.curvature[0][0], factors.count, i)
        : 4 * square * ownProduct(scaled[1], outer[1], i);
    sum += factors.weights[i] * own;
  }
  return sum;
}

/** ⟨f_i, g_i⟩ of rows that lie alike. */
function ownProduct({ data: f, step, width }: SampleVectors, { data: g }: SampleVectors, i: number): number {
  const start = i * step;
  let sum = 0;
  for (let at = start; at < start + width; at++) sum += f[at] * g[at];
  return sum;
}

/** ‖X_i‖² of symmetric matrices, by their upper triangles. */
function squaredNorm({ data, step: n }: SampleVectors, count: number, i: number): number {
  let [off, on] = [0, 0];
  for (let q = 0; q < n; q++) {
    const diagonal = (q * count + i) * n + q;
    // Columns by themselves, so that no sum waits for another.
    let column = 0;
    for (let at = diagonal - q; at < diagonal; at++) column += data[at] * data[at];
    off += column;
    on += data[diagonal] * data[diagonal];
  }
  return 2 * off + on;
}
