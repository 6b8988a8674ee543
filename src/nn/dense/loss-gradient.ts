import { inFunction, requireFinite } from "../../errors.js";
import { gemm } from "../../tensor/matmul.js";
import { addColumnSums } from "../../tensor/reduce.js";
import { type Tensor, transpose } from "../../tensor/view.js";
import type { Batch, PreparedBatch } from "../batch.js";
import { type Architecture, blockOffset, inputWeights, outputWeights, requireClosedForm } from "../layout.js";
import type { Network } from "../network.js";
import { type ForwardPass, forwardOn, withoutBias } from "./forward.js";

export interface LossAndGradient {
  readonly loss: number;
  /** (n), laid out like theta. */
  readonly gradient: Float64Array;
}

/**
 * The loss Σ ω_i ℓ(x_i, y_i) and its gradient, by backpropagation.
 * @param theta (n) @throws ShapeError, LabelError, NonFiniteError
 */
export function lossAndGradient(network: Network, theta: Float64Array, batch: Batch): LossAndGradient {
  return inFunction("lossAndGradient", () => {
    if (network?.lossOn !== undefined) {
      const { value, gradient } = network.lossOn(batch).valueAndGradient(theta);
      return { loss: value, gradient };
    }
    const net = requireClosedForm(network);
    const { prepared, pass, loss } = forwardOn(net, theta, batch);
    const gradient = new Float64Array(net.size);
    lossGradient(net, theta, prepared, pass, gradient);
    requireFinite("the gradient", gradient);
    return { loss, gradient };
  });
}

/** Overwrites `out` (n) with the loss gradient of a finished forward pass. */
export function lossGradient(
  net: Architecture,
  theta: Float64Array,
  batch: PreparedBatch,
  pass: ForwardPass,
  out: Float64Array,
): void {
  const { hiddenAdjoint, logitAdjoint } = pass;
  fillLogitAdjoint(batch, pass);
  gemm(hiddenAdjoint, logitAdjoint, outputWeights(net, theta));
  for (let at = 0; at < hiddenAdjoint.data.length; at++) hiddenAdjoint.data[at] *= pass.first[at];
  out.fill(0);
  accumulateParameterAdjoints(net, batch.inputs, pass.activations, hiddenAdjoint, logitAdjoint, out);
}

/** The first step of every backward pass: ū = ω r, into the pass's `logitAdjoint`. */
export function fillLogitAdjoint({ count, weights }: PreparedBatch, pass: ForwardPass): void {
  const { data, shape } = pass.logitAdjoint;
  for (let i = 0, at = 0; i < count; i++) {
    for (let k = 0; k < shape[1]; k++, at++) data[at] = weights[i] * pass.residuals[at];
  }
}

/**
 * The last step of every backward pass: from the adjoints of z (N×h) and u (N×K) to those of W1, b1, W2, b2, added to
 * `out` (n), for z = W1 x + b1 and u = W2 a + b2.
 */
export function accumulateParameterAdjoints(
  net: Architecture,
  inputs: Tensor,
  activations: Tensor,
  hiddenAdjoint: Tensor,
  logitAdjoint: Tensor,
  out: Float64Array,
): void {
  gemm(inputWeights(net, out), transpose(hiddenAdjoint), withoutBias(inputs, net.inputs), 1, 1);
  gemm(outputWeights(net, out), transpose(logitAdjoint), withoutBias(activations, net.hidden), 1, 1);
  if (!net.bias) return;
  addColumnSums(out, blockOffset(net, "b1"), hiddenAdjoint);
  addColumnSums(out, blockOffset(net, "b2"), logitAdjoint);
}
