import { ArgumentError, describe, inFunction, requireInteger, requireObject } from "../../errors.js";
import { randomStream } from "../../random.js";
import { prepareInputs } from "../batch.js";
import { checkParameters } from "../layout.js";
import { type LossName, loss as lossOf } from "../losses.js";
import { meansOf } from "../means.js";
import type { Network } from "../network.js";
import { type ActivationName, activation } from "./activations.js";
import { type Architecture, layoutOf } from "./architecture.js";
import { createPass, forwardLogits } from "./forward.js";
import { denseLoss } from "./loss.js";

export interface ThreeLayerNetOptions {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  /** Default "tanh". */
  readonly activation?: ActivationName;
  /** Default "softmax-cross-entropy". */
  readonly loss?: LossName;
  /** Whether both layers have biases. Default true. */
  readonly bias?: boolean;
}

/** A network with one smooth hidden layer: u = W2 φ(W1 x + b1) + b2. */
export interface ThreeLayerNet extends Architecture, Network {
  readonly closedForm: Architecture;
  readonly layout: Architecture["layout"];
  /**
   * Initial parameters, uniform on ±1/√(fan-in) for weights and biases (PyTorch's default for linear layers).
   * @param seed an integer ≥ 0 @throws ArgumentError
   */
  init(seed: number): Float64Array;
}

/**
 * Describes a network with one hidden layer; it holds no parameters. Theta (n) holds W1 (h×d), b1 (h), W2 (K×h)
 * and b2 (K), row-major: n = h(d+1) + K(h+1), or h(d+K) without biases.
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
    requireObject("options", options, "{ inputs, hidden, outputs }");
    const {
      inputs,
      hidden,
      outputs,
      activation: activationName = "tanh",
      loss: lossName = "softmax-cross-entropy",
      bias = true,
    } = options;
    requireInteger("inputs", inputs, 1);
    requireInteger("hidden", hidden, 1);
    requireInteger("outputs", outputs, 1);
    activation(activationName);
    lossOf(lossName);
    if (typeof bias !== "boolean")
      throw new ArgumentError({ expected: "bias to be true or false", got: describe(bias) });

    const architecture: Architecture = {
      inputs,
      hidden,
      outputs,
      activation: activationName,
      loss: lossName,
      bias,
      ...layoutOf(inputs, hidden, outputs, bias),
    };

    return {
      ...architecture,
      closedForm: architecture,
      lossOn: (batch, lossOptions) => denseLoss({ closedForm: architecture }, batch, lossOptions),
      init(seed) {
        return inFunction("init", () => {
          const theta = new Float64Array(architecture.size);
          const stream = randomStream(requireInteger("seed", seed, 0), "init");
          for (const { name, shape, offset } of architecture.layout) {
            const limit = 1 / Math.sqrt(name === "W1" || name === "b1" ? inputs : hidden);
            const draws = stream.stream(name);
            const end = offset + shape.reduce((product, extent) => product * extent, 1);
            for (let at = offset; at < end; at++) theta[at] = draws.uniform(-limit, limit);
          }
          return theta;
        });
      },
      predict(theta, x) {
        return inFunction("predict", () => {
          const rows = prepareInputs("x", architecture, x);
          checkParameters("theta", architecture, theta);
          const count = rows.shape[0];
          const pass = createPass(architecture, count);
          forwardLogits(architecture, theta, rows, pass);
          return meansOf(lossName, pass.logits);
        });
      },
    };
  });
}
