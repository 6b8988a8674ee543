import { inFunction, inMaker } from "../errors.js";
import { type LinearOperator, type Operator, operatorOf } from "../linalg/operator.js";
import type { Batch } from "../nn/batch.js";
import { type Batches, isBatches, lossOn } from "../nn/batches.js";
import { reusingScratchForLoss } from "../nn/dense/reuse.js";
import { checkParameters } from "../nn/layout.js";
import type { Network } from "../nn/network.js";

/**
 * H·v for the Hessian of the loss, exactly: at about the cost of two gradients. For many v at one theta,
 * `hessianOperator` shares the forward pass.
 * @param theta (n) @param v (n) @returns (n)
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for no batch or mixed weights
 * @example
 * import { exactHessian, hessianVectorProduct, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(7);
 * const first = new Float64Array(net.size);
 * first[0] = 1;
 * const column = hessianVectorProduct(net, theta, batch, first);
 * const { data } = exactHessian(net, theta, batch);
 * console.log(column.every((entry, i) => Math.abs(entry - data[i * net.size]) < 1e-14)); // → true
 */
export function hessianVectorProduct(
  net: Network,
  theta: Float64Array,
  data: Batch | Batches,
  v: Float64Array,
): Float64Array {
  return inFunction("hessianVectorProduct", () => {
    const once = () => {
      const multiply = lossOn(net, data).hessianAt(theta);
      const out = new Float64Array(net.size);
      multiply(v, out);
      return out;
    };
    // An iterable of batches is the caller's code.
    return isBatches(data) ? once() : reusingScratchForLoss(net, once);
  });
}

/**
 * The Hessian at `theta` as a linear operator. With a closed form there is one forward pass now, and none per product; of
 * `batches`, every product iterates over them once. Later changes to `theta` are not seen.
 * @param theta (n) @returns an operator of size n
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError, then and in every product
 * @example
 * import { hessianOperator, lanczos, parameterRange, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const hessian = hessianOperator(net, net.init(7), batch);
 * const layer = hessian.restricted(parameterRange(net, "layer2"));
 * console.log(hessian.size, layer.size); // → 17 8
 * console.log(lanczos(layer).values[0] <= lanczos(hessian).values[0]); // → true
 */
export function hessianOperator(net: Network, theta: Float64Array, data: Batch | Batches): Operator {
  return inMaker("hessianOperator", () => lossHessian(net, theta, data));
}

/** `hessianOperator` under the caller's name. */
export function lossHessian(net: Network, theta: Float64Array, data: Batch | Batches): Operator {
  const apply = hessianProduct(net, theta, data);
  return operatorOf(net.size, apply);
}

/** Its product alone: without the algebra of operators, which a bundle then leaves out. */
export function hessianProduct(
  net: Network,
  theta: Float64Array,
  data: Batch | Batches,
): LinearOperator["apply"] {
  return lossOn(net, data).hessianAt(checkParameters("theta", net, theta).slice());
}
