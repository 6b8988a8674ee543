import fc from "fast-check";
import { inFunction, requireInteger } from "../errors.js";
import { activationNames } from "../nn/dense/activations.js";
import { type MultilayerNet, multilayerNet } from "../nn/dense/multilayer.js";
import { lossNames } from "../nn/losses.js";
import { optionsOf } from "../options.js";
import { requireSomeOf } from "./checks.js";
import { type NetworkOptions, networkOptions } from "./network.js";
import { exactly } from "./numbers.js";
import { printable } from "./printable.js";

/** How large and how deep a generated network may be. */
export interface MultilayerNetworkOptions extends NetworkOptions {
  /** Largest number of affine layers. Default 5. */
  readonly maxDepth?: number | undefined;
}

/**
 * Networks of 1 … maxDepth affine layers, with an activation for each hidden layer and biases in each layer or not. They
 * shrink to one layer with one input and output, and print as the call that makes them.
 * @example
 * import fc from "fast-check";
 * import { multilayerNetwork } from "flatward/testing";
 * fc.assert(fc.property(multilayerNetwork({ maxDepth: 3 }), (net) => net.init(1).length === net.size));
 * console.log("holds"); // → holds
 */
export function multilayerNetwork(options: MultilayerNetworkOptions = {}): fc.Arbitrary<MultilayerNet> {
  return inFunction("multilayerNetwork", () =>
    multilayerNetworkOf(optionsOf(options, multilayerNetworkOptions)),
  );
}

export const multilayerNetworkOptions = [...networkOptions, "maxDepth"] as const;

/** `multilayerNetwork` under the caller's name. */
export function multilayerNetworkOf(options: MultilayerNetworkOptions): fc.Arbitrary<MultilayerNet> {
  const { maxDepth = 5, maxExtent = 4, activations = activationNames, losses = lossNames } = options;
  requireInteger("maxDepth", maxDepth, 1);
  requireInteger("maxExtent", maxExtent, 1);
  requireSomeOf("activations", activations, activationNames);
  requireSomeOf("losses", losses, lossNames);
  return fc
    .record({
      sizes: fc.array(fc.integer({ min: 1, max: maxExtent }), {
        minLength: 2,
        maxLength: maxDepth + 1,
        size: "max",
      }),
      activation: exactly(maxDepth - 1, fc.constantFrom(...activations)),
      loss: fc.constantFrom(...losses),
      bias: exactly(maxDepth, fc.boolean()),
    })
    .map(({ sizes, activation, loss, bias }) => {
      const depth = sizes.length - 1;
      const choice = { sizes, activation: activation.slice(0, depth - 1), loss, bias: bias.slice(0, depth) };
      return printable(multilayerNet(choice), `multilayerNet(${JSON.stringify(choice)})`);
    });
}
