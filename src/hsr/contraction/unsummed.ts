import type { SampleVectors } from "../../hessian/factors.js";
import { place } from "../../tensor/indexed-matrix.js";
import { dot } from "../../tensor/reduce.js";
import type { PairVectors } from "./pair-set.js";
import type { PairedBlock } from "./pair-terms.js";

// A derivative f̄ = 2Wf of Σ_ij w_ij ⟨f_i, f_j⟩ tells the sum itself, ½⟨f, f̄⟩: nobody has to add it up. Where nothing else needs
// the products ⟨f_i, f_j⟩ they are not even formed: to the first tap's rows, which are the data, no derivative is passed on.

/**
 * Of a block, after differentiating: its sum as far as that was not added up.
 * @param own ⟨X, X̄⟩ for one of a tap with itself
 */
export function unsummed({ curvature, scaled }: PairVectors, { m, l, of }: PairedBlock, own: number): number {
  if (m === l) return 0.5 * own;
  // The block stands in H twice, and so does what was differentiated.
  if (of === "inputs") return 0.25 * dot(curvature[m][l].data, curvature[m][l].adjoint);
  return m === 1 ? 0.5 * dot(scaled[1].data, scaled[1].adjoint) : 0;
}

/** As `unsummed`, for each of `rows` samples with itself, as often as the block stands in H: Σ_i ω_i ⟨A_i, A_i⟩. */
export function selfOfUnsummed(
  { taps, weights, curvature, scaled, outer, rows: all }: PairVectors,
  { m, l, of }: PairedBlock,
  from: number,
  rows: number,
): number {
  if (l < m && of !== "inputs" && m > 1) return 0;
  let sum = 0;
  for (let i = from; i < from + rows; i++) {
    const lower = ownProduct(all[l], all[l], i);
    let own = 0;
    if (m === l) own = lower * lower * squaredNorm(curvature[l][l], taps[l].units, i);
    else if (of === "inputs") {
      const x = curvature[m][l];
      own = 2 * lower * ownProduct(all[m], all[m], i) * sumOfSquares(x, i, 0, x.width);
    } else own = 4 * lower * ownProduct(scaled[1], outer[1], i);
    sum += weights[i] * own;
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

/** ‖X_i‖² of symmetric n × n matrices, by their upper triangles. */
function squaredNorm(x: SampleVectors, n: number, i: number): number {
  const off = x.width - n;
  return 2 * sumOfSquares(x, i, 0, off) + sumOfSquares(x, i, off, x.width);
}

function sumOfSquares({ data, step, places }: SampleVectors, i: number, from: number, end: number): number {
  let sum = 0;
  for (let e = from; e < end; e++) {
    const entry = data[i * step + place(places, e)];
    sum += entry * entry;
  }
  return sum;
}
