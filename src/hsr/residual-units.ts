import type { ResidualUnit } from "../bounds/facts.js";
import { upperPairs } from "../hessian/diagonal-slabs.js";
import { columnsOf } from "../hessian/entry-products.js";
import { sampleRows } from "../hessian/factors.js";
import { CHUNK } from "../hessian/slabs.js";
import { weightsOf } from "../nn/dense/architecture.js";
import type { FinishedPass } from "../nn/dense/forward.js";
import { multiplyBy } from "../tensor/elementwise.js";
import { keptTranspose, keptView } from "../tensor/kept-view.js";
import { gemm } from "../tensor/matmul.js";
import { addProduct, into, left, rightFormed, sized } from "../tensor/product.js";
import { createRowProducts } from "../tensor/row-products.js";
import { uninitialized } from "../tensor/scratch.js";

/** e = φ″(z) ∘ W2ᵀr (N × h) of one hidden layer: the curvature that the residuals give to its z. Undefined at any other depth. */
export function bendsOf({ net, theta, batch: { count }, pass }: FinishedPass): Float64Array | undefined {
  if (net.layers.length !== 2) return undefined;
  const [{ units }, output] = net.layers;
  const bends = uninitialized(count * units);
  gemm(
    keptView(bends, count, units),
    keptView(pass.residuals, count, output.units),
    weightsOf(output, theta),
  );
  multiplyBy(bends, pass.layers[0].second);
  return bends;
}

/**
 * R of one hidden layer, unit by unit: among the weights into and out of a unit it is [[C, Bᵀ], [B, 0]] with
 * C = Σ ω e x̃x̃ᵀ and B = Σ ω φ′(z) r x̃ᵀ; between units it is 0. Undefined at any other depth.
 */
export function residualUnitsOf(
  finished: FinishedPass,
  bends: Float64Array | undefined = bendsOf(finished),
): readonly ResidualUnit[] | undefined {
  if (bends === undefined) return undefined;
  const size = finished.batch.inputs.shape[1];
  const mixed = mixedSquares(finished);
  return Array.from(incomingMoments(finished, bends), ({ trace, frobeniusSquared }, p) => ({
    incoming: { size, trace, frobeniusSquared },
    mixedSquared: mixed[p],
  }));
}

/** tr C and tr C² of every unit, from C's entries (a,b), a ≤ b. */
function incomingMoments({ net, batch: { inputs, weights, count } }: FinishedPass, bends: Float64Array) {
  const [{ units }] = net.layers;
  const width = inputs.shape[1];
  const { first, second } = upperPairs({ from: 0, to: width });
  const rows = sampleRows(inputs.data, width);
  const moments = Array.from({ length: units }, () => ({ trace: 0, frobeniusSquared: 0 }));
  const most = Math.min(CHUNK, first.length);
  const productsOf = createRowProducts();
  const entries = uninitialized(units * most);
  for (let start = 0; start < first.length; start += CHUNK) {
    const columns = Math.min(CHUNK, first.length - start);
    addProduct(
      into(entries, 0, columns, 1),
      left(bends, 0, 1, units),
      rightFormed(productsOf(weights, rows, rows), columnsOf(first, second, start, start + columns, width)),
      sized(units, count, columns),
      1,
      0,
    );
    for (let p = 0, at = 0; p < units; p++) {
      for (let pair = start; pair < start + columns; pair++, at++) {
        const onDiagonal = first[pair] === second[pair];
        if (onDiagonal) moments[p].trace += entries[at];
        moments[p].frobeniusSquared += (onDiagonal ? 1 : 2) * entries[at] * entries[at];
      }
    }
  }
  return moments;
}

/** ‖B‖² of every unit. */
function mixedSquares({ net, batch: { inputs, weights, count }, pass }: FinishedPass): Float64Array {
  const { outputs } = net;
  const [{ units }] = net.layers;
  const width = inputs.shape[1];
  const { first } = pass.layers[0];
  const { residuals } = pass;
  const height = units * outputs;
  const pulls = uninitialized(count * height);
  for (let i = 0, at = 0; i < count; i++) {
    for (let p = 0; p < units; p++) {
      const slope = weights[i] * first[i * units + p];
      for (let k = 0; k < outputs; k++, at++) pulls[at] = slope * residuals[i * outputs + k];
    }
  }
  const blocks = uninitialized(height * width);
  gemm(
    keptView(blocks, height, width),
    keptTranspose(keptView(pulls, count, height)),
    keptView(inputs.data, count, width),
  );
  const squares = new Float64Array(units);
  for (let p = 0, at = 0; p < units; p++)
    for (let entry = 0; entry < outputs * width; entry++, at++) squares[p] += blocks[at] * blocks[at];
  return squares;
}
