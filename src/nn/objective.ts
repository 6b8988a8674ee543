import { inMaker, requireFinite } from "../errors.js";
import { hessianProduct } from "../hessian/operator.js";
import type { Objective } from "../optim/objective.js";
import type { Batch } from "./batch.js";
import { evaluateLossOn } from "./dense/evaluation.js";
import { type Architecture, checkParameters, requireClosedForm } from "./layout.js";
import { checkLossOptions, type LossOptions, type Network, type NetworkLoss } from "./network.js";

type LossObjective = Objective & Required<Pick<Objective, "hessianVectorProduct">>;

/**
 * The loss on a batch as an objective, with exact Hessian-vector products. The batch is checked and laid out once.
 * With `dropoutSeed`, a network with dropout drops units, by masks drawn anew every step from that seed; it is
 * nothing to others.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError
 */
export function lossObjective(net: Network, batch: Batch, options: LossOptions = {}): LossObjective {
  return inMaker("lossObjective", () => {
    checkLossOptions(options);
    return net?.lossOn === undefined
      ? closedFormObjective(requireClosedForm(net), batch)
      : objectiveOfLoss(net.lossOn(batch, options), net.size);
  });
}

function objectiveOfLoss(loss: NetworkLoss, size: number): LossObjective {
  const { beginStep } = loss;
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
    ...(beginStep && { beginStep: (step: number) => beginStep.call(loss, step) }),
  };
}

function closedFormObjective(net: Architecture, batch: Batch): LossObjective {
  const { prepared, pass, loss, gradient } = evaluateLossOn(net, batch);
  const valueAndGradient: Objective["valueAndGradient"] = (theta) => {
    const value = loss(theta);
    return { value, gradient: gradient(theta) };
  };
  return {
    size: net.size,
    value: loss,
    gradient: (theta) => valueAndGradient(theta).gradient,
    valueAndGradient,
    hessianVectorProduct(theta, v) {
      loss(theta);
      const out = new Float64Array(net.size);
      hessianProduct(net, theta, prepared, pass, checkParameters("v", net, v), out);
      requireFinite("H·v", out);
      return out;
    },
  };
}
