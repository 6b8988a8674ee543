import type { ResidualUnit } from "../bounds/facts.js";
import type { DenseLayer } from "../nn/dense/architecture.js";
import { weightsOf } from "../nn/dense/architecture.js";
import type { FinishedPass } from "../nn/dense/forward.js";
import { gemm } from "../tensor/matmul.js";
import { matrixView, type Tensor, transpose, zeros } from "../tensor/view.js";

/**
 * R of one hidden layer, unit by unit: among the weights into and out of a unit it is [[C, Bᵀ], [B, 0]] with
 * C = Σ ω e x̃x̃ᵀ, e = φ″(z) ∘ W2ᵀr, and B = Σ ω φ′(z) r x̃ᵀ; between units it is 0. Undefined at any other depth.
 */
export function residualUnitsOf(finished: FinishedPass): readonly ResidualUnit[] | undefined {
  const { net, theta, batch, pass } = finished;
  if (net.layers.length !== 2) return undefined;
  const [{ units }, output]: readonly DenseLayer[] = net.layers;
  const { inputs, weights, count } = batch;
  const { first, second } = pass.layers[0];
  const residuals = matrixView(pass.residuals, count, net.outputs);
  const returned = zeros([count, units]);
  gemm(returned, residuals, weightsOf(output, theta));

  const width = inputs.shape[1];
  const weighted = zeros([count, width]);
  const block = zeros([width, width]);
  const mixed = zeros([net.outputs, width]);
  return Array.from({ length: units }, (_, m): ResidualUnit => {
    const sum = (out: Tensor, left: Tensor, scale: (i: number) => number) => {
      for (let i = 0, at = 0; i < count; i++) {
        const factor = weights[i] * scale(i);
        for (let c = 0; c < width; c++, at++) weighted.data[at] = factor * inputs.data[at];
      }
      gemm(out, transpose(left), weighted);
      return out.data.reduce((total, entry) => total + entry * entry, 0);
    };
    const at = (i: number) => i * units + m;
    const mixedSquared = sum(mixed, residuals, (i) => first[at(i)]);
    const frobeniusSquared = sum(block, inputs, (i) => second[at(i)] * returned.data[at(i)]);
    let trace = 0;
    for (let c = 0; c < width; c++) trace += block.data[c * width + c];
    return { incoming: { size: width, trace, frobeniusSquared }, mixedSquared };
  });
}
