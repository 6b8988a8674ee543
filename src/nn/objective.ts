import { inFunction, inMaker } from "../errors.js";
import type { Objective } from "../optim/objective.js";
import type { Batch } from "./batch.js";
import { type Batches, lossOn } from "./batches.js";
import { checkLossOptions, type LossOptions, type Network } from "./network.js";

export interface LossAndGradient {
  readonly loss: number;
  /** (n), laid out like theta. */
  readonly gradient: Float64Array;
}

/**
 * The loss Σ ω_i ℓ(x_i, y_i) and its gradient, by backpropagation.
 * @param theta (n) @throws ShapeError, LabelError, NonFiniteError
 */
export function lossAndGradient(net: Network, theta: Float64Array, data: Batch | Batches): LossAndGradient {
  return inFunction("lossAndGradient", () => {
    const { value, gradient } = lossOn(net, data).valueAndGradient(theta);
    return { loss: value, gradient };
  });
}

type LossObjective = Objective & Required<Pick<Objective, "hessianVectorProduct" | "hessianAt">>;

/**
 * The loss as an objective, with exact Hessian-vector products. A batch is checked and laid out once; of `batches`, memory
 * is that of the largest, and every evaluation iterates over them. With `dropoutSeed`, a network with dropout drops units,
 * by masks drawn anew every step from that seed; it is nothing to others.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError, as for no batch, mixed weights, or a one-shot iterator
 */
export function lossObjective(net: Network, data: Batch | Batches, options: LossOptions = {}): LossObjective {
  return inMaker("lossObjective", () => {
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
}
