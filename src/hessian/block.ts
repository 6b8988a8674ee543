import { inFunction, inMaker, requireFinite } from "../errors.js";
import type { Operator } from "../linalg/operator.js";
import type { Batch } from "../nn/batch.js";
import { type Batches, requireNetwork } from "../nn/batches.js";
import { rangeOf } from "../nn/layout.js";
import type { Network } from "../nn/network.js";
import { type Tensor, zeros } from "../tensor/view.js";
import { diagonalSlabs } from "./diagonal-slabs.js";
import { hessianByProducts } from "./exact.js";
import { factoredLossAt } from "./factored.js";
import { widthOf } from "./factors.js";
import { mixedSlabs } from "./mixed-slabs.js";
import { lossHessian } from "./operator.js";
import { parameterPlaces, scatterDiagonal } from "./scatter.js";
import { formed, type Slab } from "./slabs.js";

/**
 * The principal block of the exact Hessian that belongs to one parameter tensor or layer: the Hessian by these
 * parameters alone, the others fixed. The rest of H is not formed: networks whose moments have a closed form have the
 * block in it, others by one product H·v for each of its columns.
 * @param theta (n) @param name as `parameterRange` takes it
 * @returns (b,b) for a block of b parameters, symmetric to the bit, with the bits of `exactHessian`
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a block that the network does not have
 * @example
 * import { exactHessian, threeLayerNet } from "flatward";
 * import { hessianBlock } from "flatward/hessian";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const block = hessianBlock(net, theta, batch, "W1"); // W1 comes first in theta
 * console.log(block.shape, block.data[0] === exactHessian(net, theta, batch).data[0]); // → [ 6, 6 ] true
 */
export function hessianBlock(net: Network, theta: Float64Array, batch: Batch, name: string): Tensor {
  return inFunction("hessianBlock", () => {
    requireNetwork(net);
    if (!net.closedForm && !net.tapped) return blockByProducts(net, theta, batch, name);
    const range = rangeOf(net, name);
    const source = factoredLossAt(net, theta, batch);
    const { taps, weights: samples } = source;
    const factors = source.create(samples.length, false);
    factors.fill(0);

    const block = zeros([range.to - range.from, range.to - range.from]);
    const places = taps.map((tap) => parameterPlaces(tap).map((place) => place - range.from));
    const valuesOf = (slab: Slab) => formed(slab, factors, new Float64Array(slab.rows * slab.columns));
    const first = taps.findLastIndex(({ weights }) => weights <= range.from);
    const last = taps.findLastIndex(({ weights }) => weights < range.to);
    for (let m = first; m <= last; m++) {
      const { inputs, units, weights } = taps[m];
      const entries = {
        from: range.from <= weights ? 0 : inputs,
        to: range.to > weights + units * inputs ? widthOf(taps[m]) : inputs,
      };
      for (const slab of diagonalSlabs(taps, m, factors.count, entries))
        scatterDiagonal(block, slab, valuesOf(slab), taps[m], places[m]);
      // A name of several dense layers is of whole ones.
      for (let l = first; l < m; l++)
        for (const slab of mixedSlabs(source, m, l, factors.count))
          slab.scatter(block, valuesOf(slab), places[m], places[l]);
    }
    requireFinite("the block", block.data);
    return block;
  });
}

function blockByProducts(net: Network, theta: Float64Array, batch: Batch, name: string): Tensor {
  const { size, apply } = lossHessian(net, theta, batch).restricted(rangeOf(net, name));
  return hessianByProducts(apply, size);
}

/**
 * The block that `parameterRange` names as an operator on vectors of its length, at the cost of `hessianOperator`'s
 * products, for any network. Later changes to `theta` are not seen.
 * @throws ShapeError, LabelError, NonFiniteError, then and in every product; ArgumentError as `parameterRange`
 * @example
 * import { threeLayerNet } from "flatward";
 * import { hessianBlockOperator } from "flatward/hessian";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * console.log(hessianBlockOperator(net, theta, batch, "layer2").size); // → 8
 */
export function hessianBlockOperator(
  net: Network,
  theta: Float64Array,
  data: Batch | Batches,
  name: string,
): Operator {
  return inMaker("hessianBlockOperator", () => lossHessian(net, theta, data).restricted(rangeOf(net, name)));
}
