import type { FactoredLoss } from "../hessian/factored.js";
import { weightsOf } from "../nn/dense/architecture.js";
import type { FinishedPass } from "../nn/dense/forward.js";
import { gemm } from "../tensor/matmul.js";
import { matrixView, type Tensor } from "../tensor/view.js";
import { createLogitJacobians } from "./gauss-newton/logit-jacobians.js";

/**
 * About ω_i ‖H_i‖ for each sample where the loss was evaluated last (N), from one pass backwards: of a chain tr G_i and
 * the norm of those blocks of R_i that need no product of matrices, within a layer and between neighbours.
 */
export function sampleSizes({
  finished,
  outputSizes,
  weights,
}: Pick<FactoredLoss, "finished" | "outputSizes" | "weights">): Float64Array {
  if (!finished) return (outputSizes as () => Float64Array)();
  const squares = finished.pass.layers.map(({ rows }) => squaredRows(rows));
  const sizes = gaussNewtonTraces(finished, squares);
  residualSquares(finished, squares).forEach((square, i) => {
    sizes[i] = weights[i] * (sizes[i] + Math.sqrt(square));
  });
  return sizes;
}

/** tr G_i = Σ_l ‖ãˡ_i‖² tr(Vˡᵀ S Vˡ) with the Jacobians V of the logits. */
function gaussNewtonTraces(finished: FinishedPass, squares: readonly Float64Array[]): Float64Array {
  const { count } = finished.batch;
  const K = finished.net.outputs;
  const { jacobians, curvature, fill } = createLogitJacobians(finished, count, false);
  fill(0);
  const traces = new Float64Array(count);
  jacobians.forEach(({ data, shape: [, units] }, l) => {
    for (let i = 0; i < count; i++) {
      let trace = 0;
      for (let k = i * K; k < (i + 1) * K; k++) {
        for (let other = i * K; other <= k; other++) {
          let inner = 0;
          for (let q = 0; q < units; q++) inner += data[k * units + q] * data[other * units + q];
          trace += (other < k ? 2 : 1) * curvature.data[k * K + other - i * K] * inner;
        }
      }
      traces[i] += squares[l][i] * trace;
    }
  });
  return traces;
}

/** Σ_l ‖e^l‖² ‖ã^l‖⁴ + 2 ‖δ^{l+1}‖² ‖φ′‖² ‖ã^l‖², e = φ″ ∘ g and δ = φ′ ∘ g for what comes back to layer l. */
function residualSquares(
  { net: { layers }, theta, batch: { count }, pass }: FinishedPass,
  squares: readonly Float64Array[],
): Float64Array {
  const out = new Float64Array(count);
  let deltas = matrixView(pass.residuals, count, layers[layers.length - 1].units);
  for (let l = layers.length - 2; l >= 0; l--) {
    const { first, second } = pass.layers[l];
    const { units } = layers[l];
    const above = squaredRows(deltas);
    const next = matrixView(new Float64Array(count * units), count, units);
    gemm(next, deltas, weightsOf(layers[l + 1], theta));
    for (let i = 0, at = 0; i < count; i++) {
      let [slopes, bends] = [0, 0];
      for (let q = 0; q < units; q++, at++) {
        const bend = second[at] * next.data[at];
        slopes += first[at] * first[at];
        bends += bend * bend;
        next.data[at] *= first[at];
      }
      const below = squares[l][i];
      out[i] += below * (below * bends + 2 * above[i] * slopes);
    }
    deltas = next;
  }
  return out;
}

/** ‖·‖² of every row. */
function squaredRows({ data, shape: [count, width] }: Tensor): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++) for (let k = 0; k < width; k++, at++) out[i] += data[at] * data[at];
  return out;
}
