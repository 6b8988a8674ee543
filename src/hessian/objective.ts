import { requireFinite } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import { evaluateLossOn } from "../nn/evaluation.js";
import { type Architecture, checkParameters } from "../nn/layout.js";
import type { Objective } from "../optim/objective.js";
import { hessianProduct } from "./operator.js";

/**
 * The loss on a batch as an objective, with exact Hessian-vector products. The batch is checked and laid out once.
 * @throws ShapeError, LabelError, NonFiniteError
 */
export function lossObjective(
  net: Architecture,
  batch: Batch,
): Objective & Required<Pick<Objective, "hessianVectorProduct">> {
  const where = "lossObjective";
  const { prepared, pass, loss, gradient } = evaluateLossOn(where, net, batch);
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
      hessianProduct(net, theta, prepared, pass, checkParameters(where, "v", net, v), out);
      requireFinite(where, "H·v", out);
      return out;
    },
  };
}
