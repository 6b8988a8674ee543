// Closed forms that know one hidden layer alone see a chain of two affine layers through this.

import { ArgumentError } from "../../errors.js";
import type { Tensor } from "../../tensor/view.js";
import type { Batch } from "../batch.js";
import type { Network } from "../network.js";
import type { ActivationChoice } from "./activations.js";
import { type Architecture, layoutOf, weightsOf } from "./architecture.js";
import { type Evaluation, evaluationOn } from "./evaluation.js";
import type { FinishedPass, ForwardPass } from "./forward.js";

/** A chain of two affine layers, with biases in both or in neither. */
export interface OneHiddenLayer extends Architecture {
  readonly hidden: number;
  readonly activation: ActivationChoice;
  readonly bias: boolean;
}

/** Its forward pass, by the names that things have where there is one hidden layer. */
export interface HiddenPass extends ForwardPass {
  /** ã, N × h̃. */
  readonly activations: Tensor;
  /** φ′(z), φ″(z), φ‴(z), N × h. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly third: Float64Array;
  /** Scratch: adjoints of z (N×h) and of u (N×K). */
  readonly hiddenAdjoint: Tensor;
  readonly logitAdjoint: Tensor;
}

export interface FinishedHiddenPass extends FinishedPass {
  readonly net: OneHiddenLayer;
  readonly pass: HiddenPass;
}

export interface HiddenEvaluation extends Evaluation {
  readonly net: OneHiddenLayer;
  readonly pass: HiddenPass;
}

export function hasOneHiddenLayer({ layers }: Architecture): boolean {
  return layers.length === 2 && layers[0].bias === layers[1].bias;
}

/** @throws ArgumentError for another number of layers, or biases in one of two */
export function oneHiddenLayer(net: Architecture): OneHiddenLayer {
  if (!hasOneHiddenLayer(net)) {
    throw new ArgumentError({
      expected: "a network with one hidden layer, and with biases in both of its layers or in neither",
      got: `${net.layers.length} affine layers, biases in ${net.layers.filter(({ bias }) => bias).length}`,
      next: "exactHessian and hessianOperator take every network, and the estimators of flatward/linalg go on from there",
    });
  }
  const [{ units, activation, bias }] = net.layers;
  return { ...net, layout: layoutOf(net.layers), hidden: units, activation, bias };
}

export function hiddenPass(pass: ForwardPass): HiddenPass {
  const [{ first, second, third, adjoint }, last] = pass.layers;
  return {
    ...pass,
    activations: last.rows,
    first,
    second,
    third,
    hiddenAdjoint: adjoint,
    logitAdjoint: last.adjoint,
  };
}

/** @throws as `evaluationOn`; ArgumentError for another number of layers */
export function hiddenEvaluationOn(net: Pick<Network, "closedForm">, batch: Batch): HiddenEvaluation {
  const evaluation = evaluationOn(net, batch);
  return Object.assign(evaluation, {
    net: oneHiddenLayer(evaluation.net),
    pass: hiddenPass(evaluation.pass),
  });
}

/** The same at a theta already. */
export function hiddenEvaluationAt(
  net: Pick<Network, "closedForm">,
  theta: Float64Array,
  batch: Batch,
): HiddenEvaluation {
  const evaluation = hiddenEvaluationOn(net, batch);
  evaluation.value(theta);
  return evaluation;
}

/** W2 (K×h) as a view of theta, or of anything laid out like it. */
export function outputWeights({ layers }: OneHiddenLayer, theta: Float64Array): Tensor {
  return weightsOf(layers[1], theta);
}

/** Offset of a block in theta, −1 when the network has none. */
export function blockOffset({ layers }: OneHiddenLayer, name: "W1" | "b1" | "W2" | "b2"): number {
  const layer = layers[name.endsWith("1") ? 0 : 1];
  return name.startsWith("W") ? layer.weights : layer.biases;
}
