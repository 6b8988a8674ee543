import { gemm } from "../../tensor/matmul.js";
import { type Tensor, transpose, zeros } from "../../tensor/view.js";
import type { PreparedBatch } from "../batch.js";
import { type Architecture, blockOffset, inputWeights, outputWeights } from "../layout.js";
import { loss as lossOf } from "../losses.js";
import { addBias, type ForwardPass, withoutBias } from "./forward.js";

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
export function forwardTangents(
  net: Architecture,
  theta: Float64Array,
  { count, inputs }: PreparedBatch,
  pass: ForwardPass,
  v: Float64Array,
): Tangents {
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
export function curvatureTimes(
  net: Architecture,
  pass: ForwardPass,
  uDot: Tensor,
  weights: Float64Array,
): Tensor {
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
