import { diagonalPosition, packedTrace, unpackAdjoint } from "../hessian/packed.js";
import { addLayerAdjoint } from "../nn/dense/loss-gradient.js";
import type { FinishedHiddenPass } from "../nn/dense/one-hidden-layer.js";
import { outputWeights } from "../nn/dense/one-hidden-layer.js";
import { loss as lossOf } from "../nn/losses.js";
import type { Slopes } from "./bound-slopes.js";
import { squaredRowNorm } from "./moments.js";
import type { MomentTerms } from "./terms.js";

/**
 * From the adjoints of the per-sample factors to the parameters: `out` (n) is overwritten with
 * byTrace·∇tr H + bySquare·∇tr H². The adjoints in `terms` are those of tr H², as `contract` leaves them.
 *
 * The chain of one sample, backwards (bars are adjoints):
 *   M = D W2ᵀ S W2 D + diag(φ″ ∘ W2ᵀr),  Q = S W2 D,  P = Q diag a,  F = P + r dᵀ,  S = S(p),  r = p − y,
 *   p = ∇ψ(u),  u = W2 ã,  a = φ(z),  d = φ′(z),  z = W1 x̃
 */
export function pullBackMoments(
  finished: FinishedHiddenPass,
  terms: MomentTerms,
  { byTrace, bySquare }: Slopes,
  out: Float64Array,
): void {
  const { net, theta, batch, pass } = finished;
  const { hidden: h, outputs: K } = net;
  const { curvature, curvatureAdjoint } = lossOf(net.loss);
  const { factors, output, hidden, mixed, scaled, withResidual, activationAdjoint } = terms;
  const width = pass.activations.stride[0];
  const activations = pass.activations.data;
  const w2 = outputWeights(net, theta);
  const w = w2.data.subarray(w2.offset, w2.offset + K * h);
  out.fill(0);
  const w2Bar = outputWeights(net, out);
  const wBar = w2Bar.data.subarray(w2Bar.offset, w2Bar.offset + K * h);

  const S = new Float64Array(K * K);
  const sBar = new Float64Array(K * K);
  const pBar = new Float64Array(K);
  const T = new Float64Array(K * h); // S W2
  const B = new Float64Array(K * h); // W2 D
  const Y = new Float64Array(K * h); // W2 D M̄
  const qBar = new Float64Array(K * h);
  const eBar = new Float64Array(h);
  const dBar = new Float64Array(h);
  const toS = new Float64Array(h);
  const toW = new Float64Array(h);
  const aBar = pass.hiddenAdjoint.data;
  const uBar = pass.logitAdjoint.data;

  for (let i = 0; i < batch.count; i++) {
    const weight = batch.weights[i];
    const z = i * h; // row of d, φ″, φ‴ and ā
    const a = i * width;
    const u = i * K;
    const q = i * K * h;
    const outputNorm = squaredRowNorm(pass.activations, i);
    const inputNorm = squaredRowNorm(batch.inputs, i);

    curvature(pass.logits.data, pass.means, u, K, S);
    T.fill(0);
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        const s = S[k * K + l];
        if (s === 0) continue;
        for (let m = 0; m < h; m++) T[k * h + m] += s * w[l * h + m];
      }
      for (let m = 0; m < h; m++) B[k * h + m] = w[k * h + m] * pass.first[z + m];
    }

    hiddenProduct(
      hidden.adjoint,
      i * hidden.width,
      factors.offDiagonal,
      bySquare,
      byTrace * weight * inputNorm,
      K,
      h,
      B,
      Y,
      eBar,
    );

    // P, F and Q; d̄ collects from M, Q and r dᵀ; r̄ starts p̄, because r = p − y.
    dBar.fill(0);
    pBar.fill(0);
    const traceOfS = packedTrace(output.data, i * output.width, K);
    for (let m = 0; m < h; m++) {
      aBar[z + m] =
        bySquare * activationAdjoint[a + m] + 2 * byTrace * weight * traceOfS * activations[a + m];
    }
    for (let k = 0; k < K; k++) {
      const r = pass.residuals[u + k];
      let rBar = 0;
      for (let m = 0; m < h; m++) {
        const at = k * h + m;
        const fBar = bySquare * withResidual.adjoint[q + at];
        const pBarScaled = fBar + bySquare * scaled.adjoint[q + at];
        aBar[z + m] += pBarScaled * mixed.data[q + at];
        qBar[at] = bySquare * mixed.adjoint[q + at] + pBarScaled * activations[a + m];
        dBar[m] += fBar * r + T[at] * (2 * Y[at] + qBar[at]);
        rBar += fBar * pass.first[z + m] + eBar[m] * pass.second[z + m] * w[at];
      }
      pBar[k] = rBar;
    }

    // S and W2, from M = D W2ᵀ S W2 D (through Y D) and Q = S W2 D (through Q̄ D).
    unpackAdjoint(output.adjoint, i * output.width, K, factors.offDiagonal, sBar);
    for (let at = 0; at < K * K; at++) sBar[at] *= bySquare;
    for (let k = 0; k < K; k++) {
      sBar[k * K + k] += byTrace * weight * outputNorm;
      const r = pass.residuals[u + k];
      for (let m = 0; m < h; m++) {
        const at = k * h + m;
        const d = pass.first[z + m];
        wBar[at] += r * eBar[m] * pass.second[z + m];
        toS[m] = (Y[at] + qBar[at]) * d;
        toW[m] = (2 * Y[at] + qBar[at]) * d;
      }
      for (let l = 0; l < K; l++) {
        const s = S[l * K + k];
        let share = 0;
        for (let m = 0; m < h; m++) {
          share += toS[m] * w[l * h + m];
          wBar[l * h + m] += s * toW[m];
        }
        sBar[k * K + l] += 0.5 * share;
        sBar[l * K + k] += 0.5 * share;
      }
    }

    // p and u: dp = S du.
    curvatureAdjoint(pass.means, u, K, sBar, pBar);
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let l = 0; l < K; l++) sum += S[k * K + l] * pBar[l];
      uBar[u + k] = sum;
    }

    // z, but for what u sends to a; the diagonal of M adds φ‴.
    for (let m = 0; m < h; m++) {
      let backpropagated = 0;
      for (let k = 0; k < K; k++) {
        backpropagated += w[k * h + m] * pass.residuals[u + k];
        aBar[z + m] += w[k * h + m] * uBar[u + k];
      }
      aBar[z + m] =
        aBar[z + m] * pass.first[z + m] +
        dBar[m] * pass.second[z + m] +
        eBar[m] * backpropagated * pass.third[z + m];
    }
  }
  for (const [l, layer] of net.layers.entries()) {
    const { rows, adjoint } = pass.layers[l];
    addLayerAdjoint(layer, rows, adjoint, out);
  }
}

/** Y = B M̄ and the diagonal of M̄, for M̄ = bySquare·(unpacked adjoint) + onDiagonal·I. */
function hiddenProduct(
  packed: Float64Array,
  at: number,
  offDiagonal: number,
  bySquare: number,
  onDiagonal: number,
  K: number,
  h: number,
  B: Float64Array,
  Y: Float64Array,
  diagonal: Float64Array,
): void {
  const share = 0.5 * offDiagonal * bySquare;
  Y.fill(0);
  for (let m = 0; m < h; m++) {
    const row = at + diagonalPosition(m, h) - m;
    diagonal[m] = bySquare * packed[row + m] + onDiagonal;
    for (let k = 0; k < K; k++) {
      if (share === 0) {
        Y[k * h + m] = B[k * h + m] * diagonal[m];
        continue;
      }
      const b = share * B[k * h + m];
      let sum = 0;
      for (let c = m + 1; c < h; c++) {
        Y[k * h + c] += b * packed[row + c];
        sum += B[k * h + c] * packed[row + c];
      }
      Y[k * h + m] += share * sum + B[k * h + m] * diagonal[m];
    }
  }
}
