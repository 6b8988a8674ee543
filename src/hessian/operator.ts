import { ArgumentError, describe, inFunction, inMaker, ShapeError } from "../errors.js";
import type { LinearOperator } from "../linalg/operator.js";
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
export function hessianOperator(net: Network, theta: Float64Array, data: Batch | Batches): LinearOperator {
  return inMaker("hessianOperator", () => operatorOf(net, theta, data));
}

/** The same below the door. */
export function operatorOf(net: Network, theta: Float64Array, data: Batch | Batches): LinearOperator {
  const loss = lossOn(net, data);
  const multiply = loss.hessianAt(checkParameters("theta", net, theta).slice());
  return {
    size: net.size,
    apply(v, out) {
      checkOutput(out, net.size);
      multiply(v, out);
    },
  };
}

/** @throws ArgumentError, ShapeError unless `out` is a Float64Array of the length of a product */
export function checkOutput(out: Float64Array, size: number): void {
  if (!(out instanceof Float64Array)) {
    throw new ArgumentError({
      expected: "out to be a Float64Array",
      got: describe(out),
      next: `new Float64Array(${size}) makes one`,
    });
  }
  if (out.length === size) return;
  throw new ShapeError({ expected: `out of length ${size}`, got: describe(out) });
}
