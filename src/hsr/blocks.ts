import { type Feature, type Slab, streamKhatriRao } from "../hessian/khatri-rao.js";
import { gemm } from "../tensor/matmul.js";
import { matrixView, type Tensor, transpose } from "../tensor/view.js";
import type { Contraction } from "./terms.js";

/** By streaming H's blocks, T = Σ ω_i f_i ⊗ g_i, and adding up their squares. H is never stored. */
export const blocksContraction: Contraction = (list, { batch, pass }, terms, differentiate) => {
  const { count, weights } = batch;
  let total = 0;
  for (const { coefficient, f, feature } of list) {
    const rows = matrixView(f.data, count, f.width);
    const adjoint = matrixView(f.adjoint, count, f.width);
    streamKhatriRao(f, feature, weights, (slab) => {
      total += coefficient * sumOfSquares(slab.values);
      if (!differentiate) return;
      gemm(adjoint, slab.chunk, transpose(slab.values), 2 * coefficient, 1);
      if (feature.u === pass.activations) {
        // The chunk has been used: its memory takes its own adjoint.
        gemm(slab.chunk, rows, slab.values, 2 * coefficient);
        pullBackFeature(slab, feature, weights, terms.activationAdjoint);
      }
    });
  }
  return total;
};

function sumOfSquares({ data, shape }: Tensor): number {
  const size = shape[0] * shape[1];
  let sum = 0;
  for (let at = 0; at < size; at++) sum += data[at] * data[at];
  return sum;
}

/** From the adjoint of ω_i g_i to that of the activations, for g = ã⊗ã or ã⊗x̃. */
function pullBackFeature(
  { from, chunk, columns }: Slab,
  { u, v }: Feature,
  weights: Float64Array,
  out: Float64Array,
): void {
  const [count, size] = chunk.shape;
  const { ofU, ofV, scale } = columns;
  for (let i = 0; i < count; i++) {
    const uRow = u.offset + i * u.stride[0];
    for (let c = 0; c < size; c++) {
      const bar = weights[i] * scale[from + c] * chunk.data[i * size + c];
      const a = ofU[from + c];
      const b = ofV[from + c];
      if (v === undefined) out[uRow + a] += bar;
      else out[uRow + a] += bar * v.data[v.offset + i * v.stride[0] + b];
      if (v === u) out[uRow + b] += bar * u.data[uRow + a];
    }
  }
}
