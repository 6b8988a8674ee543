import { inFunction, inMaker } from "../errors.js";
import { type Objective, withoutCopies } from "../optim/objective.js";
import type { Batch } from "./batch.js";
import { type Batches, isBatches, lossOn } from "./batches.js";
import { hasForgetfulLoss, reusingRoomForLoss } from "./dense/reuse.js";
import { checkLossOptions, type LossOptions, type Network } from "./network.js";

/** The loss of a batch and its gradient. */
export interface LossAndGradient {
  readonly loss: number;
  /** (n), laid out like theta. */
  readonly gradient: Float64Array;
}

/**
 * The loss Σ ω_i ℓ(x_i, y_i) and its gradient, by backpropagation.
 * @param theta (n) @returns the gradient (n), laid out like theta
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for no batch or mixed weights
 * @example
 * import { lossAndGradient, threeLayerNet } from "flatward";
 * // Where theta is 0 both classes are as likely, and XOR has a critical point.
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const { loss, gradient } = lossAndGradient(net, new Float64Array(net.size), batch);
 * console.log(loss.toFixed(9), Math.log(2).toFixed(9)); // → 0.693147181 0.693147181
 * console.log(gradient.every((slope) => slope === 0)); // → true
 */
export function lossAndGradient(net: Network, theta: Float64Array, data: Batch | Batches): LossAndGradient {
  return inFunction("lossAndGradient", () => {
    const once = () => lossOn(net, data).valueAndGradient(theta);
    // An iterable of batches is the caller's code.
    const { value, gradient } = isBatches(data) ? once() : reusingRoomForLoss(net, once);
    return { loss: value, gradient };
  });
}

type LossObjective = Objective & Required<Pick<Objective, "hessianVectorProduct" | "hessianAt">>;

/**
 * The loss as an objective, with exact Hessian-vector products. A batch is checked and laid out once; of `batches`, memory
 * is that of the largest, and every evaluation iterates over them. With `dropoutSeed`, a network with dropout drops units,
 * by masks drawn anew every step from that seed; it is nothing to others.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError, as for no batch, mixed weights, or a one-shot iterator
 * @example
 * import { lossObjective, minimize, sgd, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 1, hidden: 4, outputs: 1, loss: "mean-squared-error" });
 * const objective = lossObjective(net, { x: [[-1], [0], [1]], y: [[1], [0], [1]] });
 * const optimizer = sgd({ learningRate: 0.2, momentum: 0.9 });
 * const run = minimize(objective, net.init(1), optimizer, { steps: 2000 });
 * console.log(run.value < 1e-9); // → true
 * console.log(net.predict(run.theta, [[-1]]).data[0].toFixed(3)); // → 1.000
 */
export function lossObjective(net: Network, data: Batch | Batches, options: LossOptions = {}): LossObjective {
  const made = inMaker("lossObjective", (): LossObjective => {
    const loss = lossOn(net, data, checkLossOptions(options));
    const { size } = net;
    return {
      size,
      value: (theta) => loss.value(theta),
      gradient: (theta) => loss.valueAndGradient(theta).gradient,
      valueAndGradient: (theta) => loss.valueAndGradient(theta),
      hessianVectorProduct(theta, v) {
        const out = new Float64Array(size);
        loss.hessianAt(theta)(v, out);
        return out;
      },
      hessianAt: (theta) => loss.hessianAt(theta),
      ...(loss.beginStep && { beginStep: (step: number) => loss.beginStep?.(step) }),
    };
  });
  return hasForgetfulLoss(net) ? withoutCopies(made) : made;
}
