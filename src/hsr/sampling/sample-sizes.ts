import type { FactoredLoss } from "../../hessian/factored.js";
import { outputSizes } from "../../hessian/output-sizes.js";
import type { Tensor } from "../../tensor/view.js";

/**
 * About how much each sample adds to H where the loss was evaluated last (N): ω_i (tr S_i + ½ Σ_k |r_ik|), of a chain times
 * Σ_l ‖ãˡ_i‖², at no more than a look at what the forward pass left.
 */
export function sampleSizes({
  finished,
  outputSizes: ofOutputs,
  weights,
}: Pick<FactoredLoss, "finished" | "outputSizes" | "weights">): Float64Array {
  if (!finished) return (ofOutputs as () => Float64Array)();
  const { net, pass } = finished;
  const sizes = outputSizes(net, pass, weights);
  const squares = new Float64Array(sizes.length);
  for (const { rows } of pass.layers) addSquares(squares, rows);
  return sizes.map((size, i) => size * squares[i]);
}

/** Adds ‖·‖² of every row. */
function addSquares(out: Float64Array, { data, shape: [count, width] }: Tensor): void {
  for (let i = 0, at = 0; i < count; i++) for (let k = 0; k < width; k++, at++) out[i] += data[at] * data[at];
}
