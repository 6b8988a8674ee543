import { inFunction, requireVector } from "../errors.js";
import { asMatrix, type MatrixLike } from "../tensor/view.js";
import { requireNetwork } from "./batches.js";
import { chainLogits } from "./dense/forward.js";
import { reusingScratch } from "./dense/reuse.js";
import { meansInto } from "./means.js";
import type { Network } from "./network.js";

/**
 * `net.predict(theta, x)`, written to an array of the caller's: for what predicts again and again, as a picture of a
 * decision boundary does while the network trains. Chains of dense layers take their memory from call to call.
 * @param x (N,d) @param out (N·K), row-major: class probabilities, or predicted values or rates
 * @throws ShapeError, NonFiniteError, ArgumentError
 * @example
 * import { predictInto, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const out = new Float64Array(3 * 2);
 * predictInto(net, net.init(7), [[0, 0], [0, 1], [1, 1]], out);
 * console.log((out[2] + out[3]).toFixed(12)); // → 1.000000000000
 */
export function predictInto(net: Network, theta: Float64Array, x: MatrixLike, out: Float64Array): void {
  inFunction("predictInto", () => {
    requireNetwork(net);
    const matrix = asMatrix("x", x);
    requireVector("out", matrix.shape[0] * net.outputs, out);
    const { closedForm } = net;
    if (closedForm)
      reusingScratch(net, () => meansInto(net.loss, chainLogits(closedForm, theta, matrix), out));
    else out.set(net.predict(theta, matrix).data);
  });
}
