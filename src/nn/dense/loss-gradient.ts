import { multiplyBy } from "../../tensor/elementwise.js";
import { keptTranspose } from "../../tensor/kept-view.js";
import { gemm } from "../../tensor/matmul.js";
import { addColumnSums } from "../../tensor/reduce.js";
import type { Tensor } from "../../tensor/view.js";
import { type DenseLayer, weightsOf } from "./architecture.js";
import type { FinishedPass, LayerPass } from "./forward.js";

/** Overwrites `out` (n) with the loss gradient of a finished forward pass. */
export function lossGradient(finished: FinishedPass, out: Float64Array): void {
  const { net, theta, pass } = finished;
  fillLogitAdjoint(finished);
  out.fill(0);
  for (let l = net.layers.length - 1; l >= 0; l--) {
    const layer = net.layers[l];
    const { adjoint } = pass.layers[l];
    addLayerAdjoint(layer, pass.layers[l], adjoint, out);
    if (l === 0) continue;
    const below = pass.layers[l - 1];
    gemm(below.adjoint, adjoint, weightsOf(layer, theta));
    multiplyBy(below.adjoint.data, below.first);
  }
}

/** The first step of every backward pass: ū = ω r, into the last layer's `adjoint`. */
export function fillLogitAdjoint({ batch: { count, weights }, pass }: FinishedPass): Tensor {
  const { adjoint } = pass.layers[pass.layers.length - 1];
  const { data, shape } = adjoint;
  for (let i = 0, at = 0; i < count; i++) {
    for (let k = 0; k < shape[1]; k++, at++) data[at] = weights[i] * pass.residuals[at];
  }
  return adjoint;
}

/** From the adjoint of z = W a + b (N×h) to those of W and b, added to `out` (n). */
export function addLayerAdjoint(
  layer: DenseLayer,
  { after }: Pick<LayerPass, "after">,
  adjoint: Tensor,
  out: Float64Array,
): void {
  gemm(weightsOf(layer, out), keptTranspose(adjoint), after, 1, 1);
  if (layer.bias) addColumnSums(out, layer.biases, adjoint);
}
