import { requireFinite } from "../errors.js";
import { matrixView, type Tensor } from "../tensor/view.js";
import { type LossChoice, loss } from "./losses.js";

/**
 * The means p = ∇ψ(u) of every sample.
 * @param logits N × K, row-major @throws NonFiniteError
 */
export function meansOf(name: LossChoice, { data, shape }: Tensor): Tensor {
  const [count, outputs] = shape;
  const { evaluate } = loss(name);
  const means = new Float64Array(data.length);
  // The mean does not depend on the target: any will do.
  const targets = new Float64Array(data.length);
  const residuals = new Float64Array(data.length);
  for (let at = 0; at < data.length; at += outputs) evaluate(data, targets, at, outputs, means, residuals);
  requireFinite("the means", means, "the logits overflow: lower the learning rate, or scale the inputs");
  return matrixView(means, count, outputs);
}
