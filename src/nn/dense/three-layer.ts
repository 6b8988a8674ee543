import { inFunction, requireFlag, requireInteger } from "../../errors.js";
import { requireOptions } from "../../options.js";
import type { LossChoice } from "../losses.js";
import { type ActivationChoice, activation as activationOf } from "./activations.js";
import { type DenseNet, denseNet } from "./network.js";

/** Sizes, activation, loss and biases of a `threeLayerNet`. */
export interface ThreeLayerNetOptions {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  /** Default "tanh". */
  readonly activation?: ActivationChoice | undefined;
  /** Default "softmax-cross-entropy". */
  readonly loss?: LossChoice | undefined;
  /** Whether both layers have biases. Default true. */
  readonly bias?: boolean | undefined;
}

/** A network with one smooth hidden layer: u = W2 φ(W1 x + b1) + b2. */
export interface ThreeLayerNet extends DenseNet {
  /** h, hidden units. */
  readonly hidden: number;
  readonly activation: ActivationChoice;
  readonly bias: boolean;
}

/**
 * Describes a network with one hidden layer; it holds no parameters. Theta (n) holds W1 (h×d), b1 (h), W2 (K×h)
 * and b2 (K), row-major: n = h(d+1) + K(h+1), or h(d+K) without biases. `multilayerNet` makes deeper ones.
 * @throws ArgumentError for an extent below 1, an unknown activation or loss, or "relu"
 * @example
 * import { threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 4, hidden: 8, outputs: 3, activation: "softplus" });
 * console.log(net.size, net.layout.map(({ name }) => name)); // → 67 [ 'W1', 'b1', 'W2', 'b2' ]
 * const { data } = net.predict(net.init(7), [[5.1, 3.5, 1.4, 0.2]]);
 * console.log(data.length, data.reduce((sum, p) => sum + p).toFixed(12)); // → 3 1.000000000000
 */
export function threeLayerNet(options: ThreeLayerNetOptions): ThreeLayerNet {
  return inFunction("threeLayerNet", () => {
    requireOptions(
      options,
      ["inputs", "hidden", "outputs", "activation", "loss", "bias"],
      "at least { inputs, hidden, outputs }",
    );
    const {
      inputs,
      hidden,
      outputs,
      activation = "tanh",
      loss = "softmax-cross-entropy",
      bias = true,
    } = options;
    requireInteger("inputs", inputs, 1);
    requireInteger("hidden", hidden, 1);
    requireInteger("outputs", outputs, 1);
    activationOf(activation);
    requireFlag("bias", bias);
    const layers = [
      { units: hidden, bias, activation },
      { units: outputs, bias, activation: "identity" as const },
    ];
    return { ...denseNet(inputs, layers, loss), hidden, activation, bias };
  });
}
