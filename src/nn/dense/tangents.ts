import { gemm } from "../../tensor/matmul.js";
import { type Tensor, transpose, zeros } from "../../tensor/view.js";
import { loss as lossOf } from "../losses.js";
import { blockOffset, inputWeights, outputWeights } from "./architecture.js";
import { addBias, type FinishedPass, withoutBias } from "./forward.js";
import { addParameterAdjoints, fillLogitAdjoint } from "./loss-gradient.js";

/**
 * The Hessian H = G + R; its Gauss–Newton part G = Σ ω Jᵀ S J with the Jacobian J of the logits, which is positive
 * semidefinite (Schraudolph 2002, Neural Computation 14); and the residual part R = Σ ω Σ_k r_k ∇²u_k, which vanishes
 * where every prediction is its target.
 */
export type CurvaturePart = "hessian" | "gauss-newton" | "residual";

/** Derivatives of a forward pass along a direction v of theta. */
export interface Tangents {
  /** ż = V1 x̃, N × h. */
  readonly zDot: Tensor;
  /** ȧ = φ′ż, N × h. */
  readonly aDot: Tensor;
  /** u̇ = W2 ȧ + V2 ã, N × K. */
  readonly uDot: Tensor;
}

/** The tangents along v (n) for a finished forward pass. */
export function forwardTangents({ net, theta, batch, pass }: FinishedPass, v: Float64Array): Tangents {
  const { count, inputs } = batch;
  const { hidden: h, outputs: K } = net;
  const zDot = zeros([count, h]);
  gemm(zDot, withoutBias(inputs, net.inputs), transpose(inputWeights(net, v)));
  addBias(zDot, v, blockOffset(net, "b1"));
  const aDot = zeros([count, h]);
  for (let at = 0; at < aDot.data.length; at++) aDot.data[at] = pass.first[at] * zDot.data[at];
  const uDot = zeros([count, K]);
  gemm(uDot, aDot, transpose(outputWeights(net, theta)));
  gemm(uDot, withoutBias(pass.activations, h), transpose(outputWeights(net, v)), 1, 1);
  addBias(uDot, v, blockOffset(net, "b2"));
  return { zDot, aDot, uDot };
}

/** Rows ω_i S_i u̇_i. */
export function curvatureTimes({ net, batch: { weights }, pass }: FinishedPass, uDot: Tensor): Tensor {
  const K = net.outputs;
  const { curvature } = lossOf(net.loss);
  const s = new Float64Array(K * K);
  const out = zeros(uDot.shape);
  for (let i = 0; i < weights.length; i++) {
    curvature(pass.logits.data, pass.means, i * K, K, s);
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let l = 0; l < K; l++) sum += s[k * K + l] * uDot.data[i * K + l];
      out.data[i * K + k] = weights[i] * sum;
    }
  }
  return out;
}

/** Overwrites `out` (n) with H·v, or a part of it, for a finished forward pass. */
export function hessianProduct(
  finished: FinishedPass,
  v: Float64Array,
  out: Float64Array,
  part: CurvaturePart = "hessian",
): void {
  const { net, theta, batch, pass } = finished;
  const { count } = batch;
  const { hidden: h, outputs: K } = net;
  const w2 = outputWeights(net, theta);
  const v2 = outputWeights(net, v);
  const { zDot, aDot, uDot } = forwardTangents(finished, v);

  // Adjoints and their tangents: ū = ω r, u̇̄ = ω S u̇. Without ū the product is G·v, without u̇̄ it is R·v.
  const uBar = pass.logitAdjoint;
  fillLogitAdjoint(finished);
  if (part === "gauss-newton") uBar.data.fill(0);
  const uBarDot = part === "residual" ? zeros([count, K]) : curvatureTimes(finished, uDot);
  const aBar = pass.hiddenAdjoint;
  gemm(aBar, uBar, w2);
  const zBarDot = zeros([count, h]);
  gemm(zBarDot, uBarDot, w2);
  gemm(zBarDot, uBar, v2, 1, 1);
  for (let at = 0; at < zBarDot.data.length; at++) {
    zBarDot.data[at] = pass.first[at] * zBarDot.data[at] + pass.second[at] * zDot.data[at] * aBar.data[at];
  }

  out.fill(0);
  addParameterAdjoints(finished, zBarDot, uBarDot, out);
  gemm(outputWeights(net, out), transpose(uBar), aDot, 1, 1);
}
