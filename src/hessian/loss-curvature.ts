import { ArgumentError, describe } from "../errors.js";
import { type Batch, requireBatch } from "../nn/batch.js";
import { lossOn } from "../nn/batches.js";
import type { CurvatureForm, Network, NetworkLoss } from "../nn/network.js";

/**
 * The form vᵀHw as a network's loss itself has it.
 * @throws ShapeError, LabelError, NonFiniteError; ArgumentError for a network of the caller's own that has none
 */
export function lossCurvatureOn(net: Network, batch: Batch): (theta: Float64Array) => CurvatureForm {
  requireBatch(batch);
  const loss = lossOn(net, batch);
  if (typeof loss.curvatureAt === "function")
    return (theta) => (loss as Required<NetworkLoss>).curvatureAt(theta);
  throw new ArgumentError({
    expected: "a network whose lossOn returns curvatureAt(theta): vᵀHw with its gradient",
    got: describe(loss.curvatureAt),
    next: "add it, as docs/reference/networks.md describes; H·v alone gives moments, but no gradient of them",
  });
}
