import { inFunction, inMaker, requireInteger } from "../errors.js";
import { type Objective, withoutCopies } from "../optim/objective.js";
import { optionsOf } from "../options.js";
import { type Batch, prepareSamples } from "./batch.js";
import { type Batches, isBatches, lossOn } from "./batches.js";
import { hasForgetfulLoss, reusingScratchForLoss } from "./dense/reuse.js";
import { checkLossOptions, type LossOptions, type Network } from "./network.js";
import { steppedObjective } from "./stepped-objective.js";

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
    const { value, gradient } = isBatches(data) ? once() : reusingScratchForLoss(net, once);
    return { loss: value, gradient };
  });
}

type LossObjective = Objective & Required<Pick<Objective, "hessianVectorProduct" | "hessianAt">>;

/** Which samples a step sees, and what is dropped there. */
export interface LossObjectiveOptions extends LossOptions {
  /** Samples of a step, in mini-batches as `minibatches` has them; of one batch alone. Default: all, in every step. */
  readonly batchSize?: number | undefined;
  /** Seed of the mini-batches, an integer ≥ 0. Default 0. */
  readonly seed?: number | undefined;
}

/**
 * The loss as an objective, with exact Hessian-vector products. A batch is checked and laid out once; of `batches`, memory
 * is that of the largest, and every evaluation iterates over them. With `batchSize` every step has a mini-batch, in memory
 * of earlier ones: a product that `hessianAt` gave is good until the next step begins. With `dropoutSeed`, a network with
 * dropout drops units, by masks drawn anew every step from that seed; it is nothing to others.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError, as for no batch, mixed weights, or a one-shot iterator
 * @example
 * import { lossObjective, minimize, sgd, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 1, hidden: 4, outputs: 1, loss: "mean-squared-error" });
 * const batch = { x: [[-1], [0], [1]], y: [[1], [0], [1]] };
 * const optimizer = sgd({ learningRate: 0.2, momentum: 0.9 });
 * const run = minimize(lossObjective(net, batch), net.init(1), optimizer, { steps: 2000 });
 * console.log(run.value < 1e-9); // → true
 * console.log(net.predict(run.theta, [[-1]]).data[0].toFixed(3)); // → 1.000
 * const stochastic = lossObjective(net, batch, { batchSize: 2, seed: 1 });
 * const descent = sgd({ learningRate: 0.2 });
 * const { theta } = minimize(stochastic, net.init(1), descent, { steps: 2000 });
 * console.log(lossObjective(net, batch).value(theta) < 1e-9); // → true
 */
export function lossObjective(
  net: Network,
  data: Batch | Batches,
  options: LossObjectiveOptions = {},
): LossObjective {
  const made = inMaker("lossObjective", (): LossObjective => {
    const { batchSize, seed = 0, ...lossOptions } = optionsOf(options, ["dropoutSeed", "batchSize", "seed"]);
    requireInteger("seed", seed, 0);
    checkLossOptions(lossOptions);
    if (batchSize === undefined) return objectiveOn(net, data, lossOptions);
    const batch = data as Batch;
    const { count } = prepareSamples(net, batch);
    return steppedObjective(net, batch, { count, batchSize, seed }, (part) =>
      objectiveOn(net, part, lossOptions),
    ) as LossObjective;
  });
  return hasForgetfulLoss(net) ? withoutCopies(made) : made;
}

function objectiveOn(net: Network, data: Batch | Batches, options: LossOptions): LossObjective {
  const loss = lossOn(net, data, options);
  const { size } = net;
  const objective: LossObjective = {
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
  return hasForgetfulLoss(net) ? withoutCopies(objective) : objective;
}
