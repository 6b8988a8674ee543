import { requireFinite } from "../errors.js";
import { type Batch, prepareBatch } from "../nn/batch.js";
import { createPass, forward } from "../nn/forward.js";
import { type Architecture, checkParameters } from "../nn/layout.js";
import { lossGradient } from "../nn/loss-gradient.js";
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
  const prepared = prepareBatch(where, net, batch);
  const pass = createPass(net, prepared.count);
  const run = (theta: Float64Array): number =>
    forward(where, net, checkParameters(where, "theta", net, theta), prepared, pass);
  const valueAndGradient: Objective["valueAndGradient"] = (theta) => {
    const value = run(theta);
    const gradient = new Float64Array(net.size);
    lossGradient(net, theta, prepared, pass, gradient);
    requireFinite(where, "the gradient", gradient);
    return { value, gradient };
  };
  return {
    size: net.size,
    value: run,
    gradient: (theta) => valueAndGradient(theta).gradient,
    valueAndGradient,
    hessianVectorProduct(theta, v) {
      run(theta);
      const out = new Float64Array(net.size);
      hessianProduct(net, theta, prepared, pass, checkParameters(where, "v", net, v), out);
      requireFinite(where, "H·v", out);
      return out;
    },
  };
}
