import type { PreparedBatch } from "../nn/batch.js";
import type { ForwardPass } from "../nn/dense/forward.js";
import type { NetworkShape } from "../nn/layout.js";
import { loss as lossOf } from "../nn/losses.js";

/** What a loss makes of the outputs of N samples, N × K each. */
type Outputs = Pick<ForwardPass, "means" | "residuals"> & {
  readonly logits: { readonly data: Float64Array };
};

/**
 * ω_i (tr S_i + ½ Σ_k |r_ik|), about how much sample i adds to H = Σ ω_i (JᵀS J + Σ_k r_k ∇²u_k) (N). For one class of softmax
 * cross-entropy: Σ_k p_k (1 − p_k) + 1 − p_y.
 */
export function outputSizes(
  { outputs: K, loss }: Pick<NetworkShape, "outputs" | "loss">,
  { logits, means, residuals }: Outputs,
  weights: Float64Array,
): Float64Array {
  const { curvature } = lossOf(loss);
  const s = new Float64Array(K * K);
  return weights.map((weight, i) => {
    curvature(logits.data, means, i * K, K, s);
    let size = 0;
    for (let k = 0; k < K; k++) size += s[k * K + k] + 0.5 * Math.abs(residuals[i * K + k]);
    return weight * size;
  });
}

/** Mean and residual for logits (N × K). */
export function outputsOf(
  { outputs: K, loss }: Pick<NetworkShape, "outputs" | "loss">,
  logits: Float64Array,
  { targets, count }: PreparedBatch,
): Outputs {
  const { evaluate } = lossOf(loss);
  const means = new Float64Array(count * K);
  const residuals = new Float64Array(count * K);
  for (let i = 0; i < count; i++) evaluate(logits, targets, i * K, K, means, residuals);
  return { logits: { data: logits }, means, residuals };
}
