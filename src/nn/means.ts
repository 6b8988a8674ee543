import { requireFinite } from "../errors.js";
import { scratch } from "../tensor/scratch.js";
import { matrixView, type Tensor } from "../tensor/view.js";
import { type LossChoice, loss } from "./losses.js";

/**
 * The means p = ∇ψ(u) of every sample.
 * @param logits N × K, row-major @throws NonFiniteError
 */
export function meansOf(name: LossChoice, logits: Tensor): Tensor {
  const [count, outputs] = logits.shape;
  const means = new Float64Array(count * outputs);
  meansInto(name, logits, means);
  return matrixView(means, count, outputs);
}

/** `meansOf`, written to `out` (N·K). */
export function meansInto(name: LossChoice, { data, shape }: Tensor, out: Float64Array): void {
  const outputs = shape[1];
  const { evaluate } = loss(name);
  // The mean does not depend on the target: any will do.
  const targets = scratch(data.length);
  const residuals = scratch(data.length);
  for (let at = 0; at < data.length; at += outputs) evaluate(data, targets, at, outputs, out, residuals);
  requireFinite("the means", out, "the logits overflow: lower the learning rate, or scale the inputs");
}
