import { requireFinite } from "../../errors.js";
import type { Objective } from "../../optim/objective.js";
import { type Batch, type PreparedBatch, prepareBatch } from "../batch.js";
import { type Architecture, checkParameters } from "../layout.js";
import { createPass, type ForwardPass, forward } from "./forward.js";
import { lossGradient } from "./loss-gradient.js";

/** The loss on a batch that is checked and laid out once: what every objective of a network begins with. */
export interface LossEvaluation {
  readonly net: Architecture;
  readonly prepared: PreparedBatch;
  /** Of the latest `loss`; the next overwrites it. */
  readonly pass: ForwardPass;
  /** Runs the forward pass. */
  loss(theta: Float64Array): number;
  /** ∇L (n), for the theta that `loss` saw last; the pass stays, but for its scratch. */
  gradient(theta: Float64Array): Float64Array;
}

/** @throws ShapeError, LabelError, NonFiniteError, then and in every evaluation, under the caller's name */
export function evaluateLossOn(net: Architecture, batch: Batch): LossEvaluation {
  const prepared = prepareBatch(net, batch);
  const pass = createPass(net, prepared.count);
  return {
    net,
    prepared,
    pass,
    loss: (theta) => forward(net, checkParameters("theta", net, theta), prepared, pass),
    gradient(theta) {
      const out = new Float64Array(net.size);
      lossGradient(net, theta, prepared, pass, out);
      requireFinite("the gradient", out);
      return out;
    },
  };
}

/** What stands beside the loss, as a function of theta; called when the forward pass of that theta is finished. */
export type Penalty = Pick<Objective, "value" | "valueAndGradient">;
