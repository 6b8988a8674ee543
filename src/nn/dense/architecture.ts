import { keptView } from "../../tensor/kept-view.js";
import type { Tensor } from "../../tensor/view.js";
import type { NetworkShape, ParameterBlock } from "../layout.js";
import type { ActivationChoice } from "./activations.js";

/** One affine layer z = W a + b of a chain, and the activation after it. */
export interface DenseLayer {
  /** Entries of a. */
  readonly inputs: number;
  /** Entries of z. */
  readonly units: number;
  readonly bias: boolean;
  /** "identity" after the last layer, whose z are the logits. */
  readonly activation: ActivationChoice;
  /** Offset in theta of W (units × inputs, row-major). */
  readonly weights: number;
  /** Offset in theta of b (units), −1 without. */
  readonly biases: number;
}

/** A chain of L ≥ 1 dense layers, with a smooth activation after each but the last. */
export interface Architecture extends NetworkShape {
  /** From the inputs to the logits. */
  readonly layers: readonly DenseLayer[];
}

/** A chain's layers and the length of its theta, for `inputs` features: W1, b1, W2, b2, … one after the other. */
export function chainOf(
  inputs: number,
  descriptions: readonly Pick<DenseLayer, "units" | "bias" | "activation">[],
): Pick<Architecture, "layers" | "size"> {
  let size = 0;
  let width = inputs;
  const layers = descriptions.map(({ units, bias, activation }): DenseLayer => {
    const weights = size;
    const biases = weights + units * width;
    const layer = { inputs: width, units, bias, activation, weights, biases: bias ? biases : -1 };
    size = biases + (bias ? units : 0);
    width = units;
    return layer;
  });
  return { layers, size };
}

/** The parameter tensors of a chain, by the number of their layer: W1, b1, W2, b2, … */
export function layoutOf(layers: readonly DenseLayer[]): readonly ParameterBlock[] {
  return layers.flatMap(({ inputs, units, bias, weights, biases }, l) => [
    { name: `W${l + 1}`, shape: [units, inputs], offset: weights },
    ...(bias ? [{ name: `b${l + 1}`, shape: [units], offset: biases }] : []),
  ]);
}

/** W (units × inputs) as a view of theta, or of anything laid out like it. */
export function weightsOf({ units, inputs, weights }: DenseLayer, theta: Float64Array): Tensor {
  return keptView(theta, units, inputs, weights);
}
