import { ArgumentError, describe, inFunction, requireFlag, requireInteger } from "../../errors.js";
import { requireOptions } from "../../options.js";
import type { LossChoice } from "../losses.js";
import { type ActivationChoice, activation as activationOf } from "./activations.js";
import { type DenseNet, denseNet } from "./network.js";

/** Sizes, activations, loss and biases of a `multilayerNet`. */
export interface MultilayerNetOptions {
  /** Inputs, units of every hidden layer, outputs: at least two numbers. */
  readonly sizes: readonly number[];
  /** Of every hidden layer, or one for each. Default "tanh". */
  readonly activation?: ActivationChoice | readonly ActivationChoice[] | undefined;
  /** Default "softmax-cross-entropy". */
  readonly loss?: LossChoice | undefined;
  /** Whether the affine layers have biases, or whether each has. Default true. */
  readonly bias?: boolean | readonly boolean[] | undefined;
}

/** A network of L affine layers with smooth activations between them. */
export interface MultilayerNet extends DenseNet {
  /** L + 1 extents: inputs, units of every hidden layer, outputs. */
  readonly sizes: readonly number[];
  /** L − 1, one for each hidden layer. */
  readonly activations: readonly ActivationChoice[];
  /** L, one for each affine layer. */
  readonly biases: readonly boolean[];
}

/**
 * Describes a network of any number of dense layers; it holds no parameters. Theta (n) holds W1, b1, W2, b2, W3, …, the
 * weights (units × inputs) row-major, without the biases of layers that have none. With one hidden layer it is a
 * `threeLayerNet`, with none a linear model.
 * @throws ArgumentError for fewer than two sizes, one below 1, an unknown activation or loss, "relu", or a list of
 * another length
 * @example
 * import { multilayerNet } from "flatward";
 * const net = multilayerNet({ sizes: [4, 8, 8, 3], activation: ["tanh", "gelu"], bias: [true, true, false] });
 * console.log(net.size, net.layout.map(({ name }) => name).join(" ")); // → 136 W1 b1 W2 b2 W3
 * const { data } = net.predict(net.init(7), [[5.1, 3.5, 1.4, 0.2]]);
 * console.log(data.length, data.reduce((sum, p) => sum + p).toFixed(12)); // → 3 1.000000000000
 */
export function multilayerNet(options: MultilayerNetOptions): MultilayerNet {
  return inFunction("multilayerNet", () => {
    requireOptions(options, ["sizes", "activation", "loss", "bias"], "at least { sizes }");
    const { activation = "tanh", loss = "softmax-cross-entropy", bias = true } = options;
    const sizes = checkSizes(options.sizes);
    const count = sizes.length - 1;
    const activations = oneForEach("activation", activation, count - 1, "hidden layer");
    // One name is checked without hidden layers too.
    for (const each of [activation].flat()) activationOf(each);
    const biases = oneForEach("bias", bias, count, "affine layer");
    biases.forEach((each, l) => {
      requireFlag(Array.isArray(bias) ? `bias[${l}]` : "bias", each);
    });
    const [inputs, ...units] = sizes;
    const layers = units.map((extent, l) => ({
      units: extent,
      bias: biases[l],
      activation: activations[l] ?? "identity",
    }));
    return { ...denseNet(inputs, layers, loss), sizes, activations, biases };
  });
}

function checkSizes(sizes: readonly number[]): readonly number[] {
  if (!Array.isArray(sizes) || sizes.length < 2) {
    throw new ArgumentError({
      expected: "sizes to be an array of inputs, units of every hidden layer, and outputs",
      got: describe(sizes),
      next: "[4, 8, 3] is one",
    });
  }
  // Not `map`, which passes over holes.
  return Array.from(sizes, (size, at) => requireInteger(`sizes[${at}]`, size, 1));
}

/** A list as a copy, or the one value `count` times. */
function oneForEach<T>(name: string, given: T | readonly T[], count: number, each: string): readonly T[] {
  if (!Array.isArray(given)) return Array.from({ length: count }, () => given as T);
  if (given.length === count) return Array.from(given as readonly T[]);
  throw new ArgumentError({
    expected: `${name} to be one for all, or a list of ${count}, one for each ${each}`,
    got: `a list of ${given.length}`,
  });
}
