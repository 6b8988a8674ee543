import type { FinishedHiddenPass } from "../nn/dense/one-hidden-layer.js";
import { type OneHiddenLayer, outputWeights } from "../nn/dense/one-hidden-layer.js";
import type { CurvaturePart } from "../nn/dense/tangents.js";
import { loss as lossOf } from "../nn/losses.js";
import { packSymmetric, triangle } from "./packed.js";

/** Rows of equal length, one per sample, packed one after the other. */
export interface SampleRows {
  readonly width: number;
  readonly data: Float64Array;
}

/**
 * The per-sample matrices that the loss Hessian is made of. In the notation of the closed form, for each sample:
 *
 * - `output` S = ∇²ψ(u), K×K symmetric, packed: H on [W2 b2] is Σ ω S ⊗ ã ãᵀ
 * - `hidden` M = D W2ᵀ S W2 D + diag e, h×h symmetric, packed: H on [W1 b1] is Σ ω M ⊗ x̃ x̃ᵀ
 * - `mixed` Q = S W2 D, K×h, and `residual` E = r dᵀ, K×h: the block between them has the entries
 *   Σ ω [Q_km ã_j + E_km δ_jm] x̃_c
 *
 * with d = φ′(z), D = diag d, e = φ″(z) ∘ W2ᵀr. Packed symmetric rows hold the upper triangle row by row, off-diagonal
 * entries times `offDiagonal`: 1, or √2 to make the dot product of two rows the inner product of the matrices.
 */
export interface CurvatureFactors {
  readonly output: SampleRows;
  readonly hidden: SampleRows;
  readonly mixed: SampleRows;
  readonly residual: SampleRows;
  readonly offDiagonal: number;
}

export function createFactors(net: OneHiddenLayer, count: number, offDiagonal: number): CurvatureFactors {
  const rows = (width: number): SampleRows => ({ width, data: new Float64Array(count * width) });
  return {
    output: rows(triangle(net.outputs)),
    hidden: rows(triangle(net.hidden)),
    mixed: rows(net.outputs * net.hidden),
    residual: rows(net.outputs * net.hidden),
    offDiagonal,
  };
}

/** Fills the factors from a finished forward pass: G has no e and no E, R has nothing else. */
export function curvatureFactors(
  { net, theta, batch: { count }, pass }: FinishedHiddenPass,
  factors: CurvatureFactors,
  part: CurvaturePart = "hessian",
): void {
  const { hidden: h, outputs: K } = net;
  const withCurvature = part !== "residual";
  const withResiduals = part !== "gauss-newton";
  const { offDiagonal, output, hidden, mixed, residual } = factors;
  const { curvature } = lossOf(net.loss);
  const w2 = outputWeights(net, theta);
  const w = w2.data.subarray(w2.offset, w2.offset + K * h);
  const s = new Float64Array(K * K);

  for (let i = 0; i < count; i++) {
    const slope = i * h;
    if (withCurvature) curvature(pass.logits.data, pass.means, i * K, K, s);
    packSymmetric(s, K, offDiagonal, output.data, i * output.width);

    const q = i * mixed.width;
    for (let k = 0; k < K; k++) {
      const r = withResiduals ? pass.residuals[i * K + k] : 0;
      const row = q + k * h;
      mixed.data.fill(0, row, row + h);
      for (let l = 0; l < K; l++) {
        const skl = s[k * K + l];
        if (skl === 0) continue;
        for (let m = 0; m < h; m++) mixed.data[row + m] += skl * w[l * h + m];
      }
      for (let m = 0; m < h; m++) {
        const d = pass.first[slope + m];
        mixed.data[row + m] *= d;
        residual.data[row + m] = r * d;
      }
    }

    // M = D W2ᵀ Q + diag(φ″ ∘ W2ᵀ r), upper triangle.
    let at = i * hidden.width;
    for (let m = 0; m < h; m++) {
      const d = pass.first[slope + m];
      const start = at;
      hidden.data.fill(0, start, start + h - m);
      let backpropagated = 0;
      for (let k = 0; k < K; k++) {
        const wkm = w[k * h + m];
        backpropagated += wkm * pass.residuals[i * K + k];
        const factor = d * wkm;
        const row = q + k * h + m;
        for (let c = 0; c < h - m; c++) hidden.data[start + c] += factor * mixed.data[row + c];
      }
      if (withResiduals) hidden.data[start] += pass.second[slope + m] * backpropagated;
      at += h - m;
      for (let c = start + 1; c < at; c++) hidden.data[c] *= offDiagonal;
    }
  }
}
