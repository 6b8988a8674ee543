import { inFunction, inMaker } from "../errors.js";
import { type Operator, operatorOf } from "../linalg/operator.js";
import type { Batch } from "../nn/batch.js";
import { type Batches, lossOn } from "../nn/batches.js";
import { checkParameters } from "../nn/layout.js";
import type { Network } from "../nn/network.js";

/**
 * H·v for the Hessian of the loss, exactly: at about the cost of two gradients. For many v at one theta,
 * `hessianOperator` shares the forward pass.
 * @param theta (n) @param v (n) @throws ShapeError, LabelError, NonFiniteError
 */
export function hessianVectorProduct(
  net: Network,
  theta: Float64Array,
  data: Batch | Batches,
  v: Float64Array,
): Float64Array {
  return inFunction("hessianVectorProduct", () => {
    const multiply = lossOn(net, data).hessianAt(theta);
    const out = new Float64Array(net.size);
    multiply(v, out);
    return out;
  });
}

/**
 * The Hessian at `theta` as a linear operator. With a closed form there is one forward pass now, and none per product; of
 * `batches`, every product iterates over them once. Later changes to `theta` are not seen.
 * @throws ShapeError, LabelError, NonFiniteError, then and in every product
 */
export function hessianOperator(net: Network, theta: Float64Array, data: Batch | Batches): Operator {
  return inMaker("hessianOperator", () => lossHessian(net, theta, data));
}

/** The same below the door. */
export function lossHessian(net: Network, theta: Float64Array, data: Batch | Batches): Operator {
  const loss = lossOn(net, data);
  return operatorOf(net.size, loss.hessianAt(checkParameters("theta", net, theta).slice()));
}
