import type { FinishedPass } from "../../nn/dense/forward.js";
import { gemm } from "../../tensor/matmul.js";
import { scratch } from "../../tensor/scratch.js";
import { columnRange, matrixView, rowRange, type Tensor, transpose } from "../../tensor/view.js";
import { createLogitJacobians, jacobianNumbers, type LogitJacobians } from "./logit-jacobians.js";
import { fillGram, type PairSummation, pairWeight, pullBackGram } from "./pair-summation.js";

/** Rows of a tile's tables: samples times logits. */
const ROWS = 512;

/**
 * With N_ij = J_i J_jᵀ (K × K), the neural tangent kernel (Jacot et al. 2018), of a chain Σ_l ⟨ã_i, ã_j⟩ Vˡ_i Vˡ_jᵀ,
 *
 *   tr G = Σ_i ω_i tr(S_i N_ii),   tr G² = Σ_ij ω_i ω_j tr(S_i N_ij S_j N_ijᵀ).
 */
export function createKernelPairs(
  finished: FinishedPass,
  differentiable: boolean,
): PairSummation<LogitJacobians> {
  const { net, batch } = finished;
  const { layers, outputs: K } = net;
  const side = Math.min(batch.count, Math.max(1, Math.floor(ROWS / K)));
  const table = (length: number, needed = true) => scratch(needed ? length : 0);
  const entries = side * K * side * K;
  const [kernels, lefts, rights] = [table(entries), table(entries), table(entries)];
  const kernelBars = table(entries, differentiable);
  /** ⟨ã_i, ã_j⟩ and Vˡ_i Vˡ_jᵀ, layer by layer where both are needed again. */
  const kept = differentiable ? layers.length : 1;
  const grams = Array.from({ length: kept }, () => table(side * side));
  const products = Array.from({ length: kept }, () => table(entries));
  const gramBar = table(side * side, differentiable);

  /** N, S_I N and N S_J of all pairs. */
  const fill = (a: LogitJacobians, b: LogitJacobians): readonly [N: Tensor, left: Tensor, right: Tensor] => {
    const [height, width] = [a.count * K, b.count * K];
    const [N, left, right] = [kernels, lefts, rights].map((data) => matrixView(data, height, width));
    N.data.fill(0, 0, height * width);
    layers.forEach((_, l) => {
      const gram = grams[l % kept];
      const product = products[l % kept];
      fillGram(gram, finished, l, a, b);
      gemm(matrixView(product, height, width), a.jacobians[l], transpose(b.jacobians[l]));
      for (let row = 0, at = 0; row < height; row++)
        for (let j = 0, pair = Math.floor(row / K) * b.count; j < b.count; j++, pair++)
          for (let k = 0; k < K; k++, at++) N.data[at] += gram[pair] * product[at];
    });
    for (let i = 0; i < a.count; i++) gemm(sample(left, i), sample(a.curvature, i), sample(N, i));
    for (let j = 0; j < b.count; j++) gemm(columns(right, j), columns(N, j), sample(b.curvature, j));
    return [N, left, right];
  };

  /** Rows, or columns, of one sample. */
  const sample = (rows: Tensor, i: number): Tensor => rowRange(rows, i * K, (i + 1) * K);
  const columns = (rows: Tensor, j: number): Tensor => columnRange(rows, j * K, (j + 1) * K);

  return {
    side,
    numbers: jacobianNumbers(net),
    create: (count) => createLogitJacobians(finished, count, differentiable),
    contract(a, b, sums) {
      const [N, left, right] = fill(a, b);
      for (let row = 0, at = 0; row < N.shape[0]; row++) {
        const i = Math.floor(row / K);
        for (let j = 0; j < b.count; j++) {
          let product = 0;
          for (let k = 0; k < K; k++, at++) product += left.data[at] * right.data[at];
          sums.square += pairWeight(finished, a, b, i, j) * product;
        }
      }
      if (a !== b) return;
      for (let i = 0; i < a.count; i++)
        for (let k = 0; k < K; k++)
          for (let l = 0; l < K; l++)
            sums.trace +=
              batch.weights[a.from + i] *
              a.curvature.data[(i * K + k) * K + l] *
              N.data[(i * K + k) * N.shape[1] + i * K + l];
    },

    differentiate(a, b, { byTrace, bySquare }, rowBars) {
      const [N, left, right] = fill(a, b);
      const [height, width] = N.shape;
      for (let row = 0, at = 0; row < height; row++) {
        for (let j = 0; j < b.count; j++) {
          const scale = bySquare * pairWeight(finished, a, b, Math.floor(row / K), j);
          for (let k = 0; k < K; k++, at++) {
            left.data[at] *= scale;
            right.data[at] *= scale;
          }
        }
      }
      const bars = matrixView(kernelBars, height, width);
      for (let j = 0; j < b.count; j++) {
        gemm(columns(bars, j), columns(left, j), sample(b.curvature, j), 2);
        gemm(sample(b.curvatureBar, j), transpose(columns(N, j)), columns(left, j), 1, 1);
      }
      for (let i = 0; i < a.count; i++)
        gemm(sample(a.curvatureBar, i), sample(right, i), transpose(sample(N, i)), 1, 1);
      if (a === b) addTraceBars(a, N, byTrace);

      layers.forEach((_, l) => {
        fillGramBar(a, b, l);
        pullBackGram(gramBar, finished, l, a, b, rowBars[l]);
        for (let row = 0, at = 0; row < height; row++)
          for (let j = 0, pair = Math.floor(row / K) * b.count; j < b.count; j++, pair++)
            for (let k = 0; k < K; k++, at++) left.data[at] = grams[l][pair] * bars.data[at];
        gemm(a.jacobianBars[l], left, b.jacobians[l], 1, 1);
        gemm(b.jacobianBars[l], transpose(left), a.jacobians[l], 1, 1);
      });
    },
  };

  /** Those of byTrace · Σ ω_i tr(S_i N_ii). */
  function addTraceBars(a: LogitJacobians, N: Tensor, byTrace: number): void {
    for (let i = 0; i < a.count; i++) {
      const scale = byTrace * batch.weights[a.from + i];
      for (let k = 0; k < K; k++) {
        for (let l = 0; l < K; l++) {
          const own = (i * K + k) * K + l;
          const at = (i * K + k) * N.shape[1] + i * K + l;
          kernelBars[at] += scale * a.curvature.data[own];
          a.curvatureBar.data[own] += scale * N.data[at];
        }
      }
    }
  }

  /** ⟨ã_i, ã_j⟩'s, from that of N. */
  function fillGramBar(a: LogitJacobians, b: LogitJacobians, l: number): void {
    gramBar.fill(0, 0, a.count * b.count);
    for (let row = 0, at = 0; row < a.count * K; row++)
      for (let j = 0, pair = Math.floor(row / K) * b.count; j < b.count; j++, pair++)
        for (let k = 0; k < K; k++, at++) gramBar[pair] += kernelBars[at] * products[l][at];
  }
}
