import { requireFinite } from "../../errors.js";
import type { Batch } from "../batch.js";
import { checkParameters } from "../layout.js";
import {
  checkLossOptions,
  type HessianProduct,
  type LossOptions,
  type Network,
  type NetworkLoss,
} from "../network.js";
import { type ClosedFormOnBatch, closedFormOn, type Evaluation, evaluationOf } from "./evaluation.js";
import { type CurvaturePart, hessianProduct } from "./tangents.js";

/** The loss of a network with a closed form. Nothing is dropped. @throws ShapeError, LabelError, NonFiniteError, ArgumentError */
export function denseLoss(
  net: Pick<Network, "closedForm">,
  batch: Batch,
  options?: LossOptions,
): NetworkLoss {
  checkLossOptions(options);
  const closedForm = closedFormOn(net, batch);
  // Whoever asks for products alone needs no buffers for the loss.
  let evaluation: Evaluation | undefined;
  const evaluated = (): Evaluation => {
    evaluation ??= evaluationOf(closedForm, 1);
    return evaluation;
  };
  return {
    value: (theta) => evaluated().value(theta),
    valueAndGradient: (theta) => evaluated().valueAndGradient(theta),
    hessianAt: (theta) => productAt(closedForm, theta, "hessian"),
    partAt: (theta, part) => productAt(closedForm, theta, part),
  };
}

function productAt(closedForm: ClosedFormOnBatch, theta: Float64Array, part: CurvaturePart): HessianProduct {
  // A pass of its own: products may be asked for after the loss went on to another theta.
  const fixed = evaluationOf(closedForm, 2);
  fixed.value(theta);
  const { net } = closedForm;
  const multiply = hessianProduct(fixed, part);
  return (v, out) => {
    multiply(checkParameters("v", net, v), out);
    requireFinite(part === "hessian" ? "H·v" : "the product", out);
  };
}
