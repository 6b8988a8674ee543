import { ArgumentError, requireFinite } from "../../errors.js";
import type { PenalizedLoss } from "../../optim/penalized.js";
import { scratch } from "../../tensor/scratch.js";
import { type Batch, prepareSamples } from "../batch.js";
import { requireNetwork } from "../batches.js";
import { checkParameters } from "../layout.js";
import type { Network } from "../network.js";
import type { Architecture } from "./architecture.js";
import { createPass, type FinishedPass, forward } from "./forward.js";
import type { Order } from "./jets.js";
import { lossGradient } from "./loss-gradient.js";

/**
 * A network on a batch, at one theta after another: what every closed form is computed from. Value and gradient of the
 * loss run the forward pass at theta; the next overwrites it. @throws ShapeError, NonFiniteError
 */
export interface Evaluation extends FinishedPass, PenalizedLoss {
  /** The loss's gradient there (n); the next overwrites it. @throws NonFiniteError */
  gradient(): Float64Array;
}

/**
 * @param order derivatives of the activations that are needed: one for gradients of the loss, two for its Hessian, three
 * for derivatives of that
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a network without a closed form
 */
export function evaluationOn(net: Pick<Network, "closedForm">, batch: Batch, order: Order): Evaluation {
  return evaluationOf(closedFormOn(net, batch), order);
}

/** `evaluationOn`, evaluated at theta. */
export function evaluationAt(
  net: Pick<Network, "closedForm">,
  theta: Float64Array,
  batch: Batch,
  order: Order,
): Evaluation {
  const evaluation = evaluationOn(net, batch, order);
  evaluation.value(theta);
  return evaluation;
}

/**
 * The same where relu may stand between layers: good for what needs first derivatives alone.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a network that is no chain of dense layers
 */
export function chainEvaluationAt(
  network: Network,
  theta: Float64Array,
  batch: Batch,
  order: Order,
): Evaluation {
  return evaluationAt({ closedForm: requireChain(network) }, theta, batch, order);
}

/** A network's chain, with relu too. @throws ArgumentError for a network that is no chain of dense layers */
export function requireChain(network: Network): Architecture {
  requireNetwork(network);
  const { closedForm, denseChain = closedForm } = network;
  if (denseChain) return denseChain;
  throw noChain("a chain of dense layers, with activations between them");
}

/** An evaluation on a checked batch. */
export function evaluationOf({ net, batch }: ClosedFormOnBatch, order: Order): Evaluation {
  const pass = createPass(net, batch.inputs, order);
  // Of its own, so that views of it are made once.
  const at = scratch(net.size);
  let slope: Float64Array | undefined;
  const evaluation: Evaluation = {
    net,
    size: net.size,
    batch,
    pass,
    theta: at,
    value(theta) {
      at.set(checkParameters("theta", net, theta));
      return forward(net, at, batch, pass);
    },
    valueAndGradient(theta) {
      const value = evaluation.value(theta);
      return { value, gradient: evaluation.gradient().slice() };
    },
    gradient() {
      slope ??= scratch(net.size);
      lossGradient(evaluation, slope);
      requireFinite("the gradient", slope);
      return slope;
    },
  };
  return evaluation;
}

/** What a closed form is of, before any theta. */
export type ClosedFormOnBatch = Pick<Evaluation, "net" | "batch">;

/** @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a network without a closed form */
export function closedFormOn(network: Pick<Network, "closedForm">, batch: Batch): ClosedFormOnBatch {
  const net = requireClosedForm(network);
  return { net, batch: prepareSamples(net, batch, net.layers[0].bias) };
}

function requireClosedForm(network: Pick<Network, "closedForm">): Architecture {
  const { closedForm } = network;
  if (closedForm) return closedForm;
  throw noChain("a chain of dense layers with smooth activations, or one with shortcuts between them");
}

function noChain(expected: string): ArgumentError {
  return new ArgumentError({
    expected,
    got: "a network that is none",
    next: "lossObjective, hessianOperator and exactHessian take every network, and the estimators of flatward/linalg go on from there",
  });
}
