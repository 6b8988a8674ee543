import { type Factors, type SampleVectors, type Tap, widthOf } from "../../hessian/factors.js";
import { fillNeighbours, pullBackNeighbours } from "../../hessian/neighbours.js";
import { keptTranspose, keptView } from "../../tensor/kept-view.js";
import { gemm } from "../../tensor/matmul.js";
import { uninitialized } from "../../tensor/scratch.js";
import type { Tensor } from "../../tensor/view.js";
import type { FormedSlab } from "./formed-slab.js";

/** Numbers of a slab, and of what it is the product of. */
const SLAB = 1 << 17;

/**
 * What the block between neighbouring taps has beside ‖Σ ω X ⊗ a ⊗ ã‖²: with T_P = Σ ω P ⊗ ã and T_F = Σ ω F ⊗ ã it is
 * 2⟨T_P, T_F⟩ + ‖T_F‖². Rows are those of P, then those of F, for columns q of X in turn.
 * @param count largest number of samples
 */
export function restSlabs(taps: readonly Tap[], m: number, count: number): readonly FormedSlab[] {
  const l = m - 1;
  const { units } = taps[m];
  const columns = taps[l].units;
  const width = widthOf(taps[l]);
  const atOnce = Math.max(1, Math.min(columns, Math.floor(SLAB / (2 * units * Math.max(count, width)))));
  const buffer = uninitialized(count * atOnce * 2 * units);
  const inputs = ({ rows: all, count: samples }: Factors) => keptView(all[l].data, samples, width);
  return Array.from({ length: Math.ceil(columns / atOnce) }, (_, at): FormedSlab => {
    const range = [at * atOnce, Math.min((at + 1) * atOnce, columns)] as const;
    const half = (range[1] - range[0]) * units;
    const rows = 2 * half;
    const products = ({ count: samples }: Factors) => keptView(buffer, samples, rows);
    // The memory of P and F takes their adjoints.
    const part = (from: number): SampleVectors => ({
      data: buffer.subarray(from),
      adjoint: buffer.subarray(from),
      step: rows,
      places: 1,
      width: half,
    });
    const [p, f] = [part(0), part(half)];
    return {
      rows,
      columns: width,
      fill: (factors) => fillNeighbours(factors, m, range, p, f, factors.weights),
      add: (factors, values, beta) =>
        gemm(values, keptTranspose(products(factors)), inputs(factors), 1, beta),
      pullBack(factors, bars) {
        if (l > 0)
          gemm(keptView(factors.rows[l].adjoint, factors.count, width), products(factors), bars, 1, 1);
        gemm(products(factors), inputs(factors), keptTranspose(bars));
        pullBackNeighbours(factors, m, range, p, f, factors.weights);
      },
      inner: (a, b) => innerOf(a, b, half * width),
      toAdjoint: (a, scale) => toAdjoint(a, scale, half * width),
    };
  });
}

/** ⟨A_P, B_F⟩ + ⟨A_F, B_P⟩ + ⟨A_F, B_F⟩. */
function innerOf({ data: a }: Tensor, { data: b }: Tensor, half: number): number {
  let sum = 0;
  for (let p = 0, f = half; p < half; p++, f++) sum += a[p] * b[f] + a[f] * (b[p] + b[f]);
  return sum;
}

function toAdjoint({ data: a }: Tensor, scale: number, half: number): void {
  for (let p = 0, f = half; p < half; p++, f++) {
    const both = a[p] + a[f];
    a[p] = 2 * scale * a[f];
    a[f] = 2 * scale * both;
  }
}
