import { inFunction, inMaker, requireFinite } from "../errors.js";
import type { Operator } from "../linalg/operator.js";
import type { Batch } from "../nn/batch.js";
import type { Batches } from "../nn/batches.js";
import { hiddenEvaluationAt } from "../nn/dense/one-hidden-layer.js";
import { rangeOf } from "../nn/layout.js";
import type { Network } from "../nn/network.js";
import { columnRange, type ParameterRange, type Tensor, zeros } from "../tensor/view.js";
import { createFactors, curvatureFactors } from "./factors.js";
import { createFeature, streamKhatriRao } from "./khatri-rao.js";
import { lossHessian } from "./operator.js";
import { scatterSymmetric } from "./scatter.js";

/** A parameter tensor, or a layer: its weights and biases. */
export type BlockName = "W1" | "b1" | "W2" | "b2" | "layer1" | "layer2";

/**
 * The principal block of the exact Hessian that belongs to one parameter tensor or layer: the Hessian by these
 * parameters alone, the others fixed. Assembled directly; the rest of H is not formed.
 * @param theta (n) @returns (b,b) for a block of b parameters, symmetric to the bit, with the bits of `exactHessian`
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a block that the network does not have
 */
export function hessianBlock(network: Network, theta: Float64Array, batch: Batch, name: string): Tensor {
  return inFunction("hessianBlock", () => {
    const evaluation = hiddenEvaluationAt(network, theta, batch);
    const { net, pass } = evaluation;
    const { from, to } = rangeOf(net, name);
    const { count, inputs, weights } = evaluation.batch;
    const factors = createFactors(net, count, 1);
    curvatureFactors(evaluation, factors);

    const first = name === "W1" || name === "b1" || name === "layer1";
    const [units, fanIn] = first ? [net.hidden, net.inputs] : [net.outputs, net.hidden];
    const rows = first ? inputs : pass.activations;
    const columns: ParameterRange = {
      from: name[0] === "b" ? fanIn : 0,
      to: name[0] === "W" ? fanIn : rows.shape[1],
    };
    const used = columnRange(rows, columns.from, columns.to);
    const block = zeros([to - from, to - from]);
    const index = blockIndices(units, fanIn, columns);
    streamKhatriRao(first ? factors.hidden : factors.output, createFeature(used, used, 1), weights, (slab) =>
      scatterSymmetric(block, slab, units, index),
    );
    requireFinite("the block", block.data);
    return block;
  });
}

/** Where the parameter of (unit, column) stands in the block: weights row by row, then the biases. */
function blockIndices(units: number, fanIn: number, { from, to }: ParameterRange) {
  const width = to - from;
  const weights = Math.max(Math.min(to, fanIn) - from, 0);
  const at = new Int32Array(units * width);
  for (let unit = 0; unit < units; unit++) {
    for (let c = 0; c < width; c++) {
      at[unit * width + c] = c < weights ? unit * weights + c : units * weights + unit;
    }
  }
  return { width, at };
}

/**
 * The block that `parameterRange` names as an operator on vectors of its length, at the cost of `hessianOperator`'s
 * products, for any network. Later changes to `theta` are not seen.
 * @throws ShapeError, LabelError, NonFiniteError, then and in every product; ArgumentError as `parameterRange`
 */
export function hessianBlockOperator(
  net: Network,
  theta: Float64Array,
  data: Batch | Batches,
  name: string,
): Operator {
  return inMaker("hessianBlockOperator", () => lossHessian(net, theta, data).restricted(rangeOf(net, name)));
}
