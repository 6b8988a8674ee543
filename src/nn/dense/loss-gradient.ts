import { gemm } from "../../tensor/matmul.js";
import { addColumnSums } from "../../tensor/reduce.js";
import { type Tensor, transpose } from "../../tensor/view.js";
import { blockOffset, inputWeights, outputWeights } from "./architecture.js";
import { type FinishedPass, withoutBias } from "./forward.js";

/** Overwrites `out` (n) with the loss gradient of a finished forward pass. */
export function lossGradient(finished: FinishedPass, out: Float64Array): void {
  const { net, theta, pass } = finished;
  const { hiddenAdjoint, logitAdjoint } = pass;
  fillLogitAdjoint(finished);
  gemm(hiddenAdjoint, logitAdjoint, outputWeights(net, theta));
  for (let at = 0; at < hiddenAdjoint.data.length; at++) hiddenAdjoint.data[at] *= pass.first[at];
  out.fill(0);
  addParameterAdjoints(finished, hiddenAdjoint, logitAdjoint, out);
}

/** The first step of every backward pass: ū = ω r, into the pass's `logitAdjoint`. */
export function fillLogitAdjoint({ batch: { count, weights }, pass }: FinishedPass): void {
  const { data, shape } = pass.logitAdjoint;
  for (let i = 0, at = 0; i < count; i++) {
    for (let k = 0; k < shape[1]; k++, at++) data[at] = weights[i] * pass.residuals[at];
  }
}

/**
 * The last step of every backward pass: from the adjoints of z (N×h) and u (N×K) to those of W1, b1, W2, b2, added to
 * `out` (n), for z = W1 x + b1 and u = W2 a + b2.
 */
export function addParameterAdjoints(
  { net, batch, pass }: FinishedPass,
  hiddenAdjoint: Tensor,
  logitAdjoint: Tensor,
  out: Float64Array,
): void {
  const a = withoutBias(pass.activations, net.hidden);
  gemm(inputWeights(net, out), transpose(hiddenAdjoint), withoutBias(batch.inputs, net.inputs), 1, 1);
  gemm(outputWeights(net, out), transpose(logitAdjoint), a, 1, 1);
  if (!net.bias) return;
  addColumnSums(out, blockOffset(net, "b1"), hiddenAdjoint);
  addColumnSums(out, blockOffset(net, "b2"), logitAdjoint);
}
