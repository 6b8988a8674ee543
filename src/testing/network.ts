import fc from "fast-check";
import { inFunction, requireInteger } from "../errors.js";
import { type ActivationName, activationNames } from "../nn/dense/activations.js";
import { type ThreeLayerNet, threeLayerNet } from "../nn/dense/three-layer.js";
import { type LossName, lossNames } from "../nn/losses.js";
import { optionsOf } from "../options.js";
import { requireSomeOf } from "./checks.js";
import { printable } from "./printable.js";

/** What a generated network may be. */
export interface NetworkOptions {
  /** Largest number of inputs, hidden units and outputs. Default 4. */
  readonly maxExtent?: number | undefined;
  /** Default: all. */
  readonly activations?: readonly ActivationName[] | undefined;
  /** Default: all. */
  readonly losses?: readonly LossName[] | undefined;
}

/**
 * Networks of every activation and loss, with and without biases, and of 1 … maxExtent inputs, hidden units and
 * outputs. They shrink to a single unit in each layer, and print as the call that makes them.
 * @example
 * import fc from "fast-check";
 * import { network } from "flatward/testing";
 * fc.assert(fc.property(network({ activations: ["tanh"] }), (net) => net.init(1).length === net.size));
 * console.log("holds"); // → holds
 */
export function network(options: NetworkOptions = {}): fc.Arbitrary<ThreeLayerNet> {
  return inFunction("network", () => networkOf(optionsOf(options, networkOptions)));
}

export const networkOptions = ["maxExtent", "activations", "losses"] as const;

/** `network` under the caller's name. */
export function networkOf(options: NetworkOptions): fc.Arbitrary<ThreeLayerNet> {
  const { maxExtent = 4, activations = activationNames, losses = lossNames } = options;
  requireInteger("maxExtent", maxExtent, 1);
  requireSomeOf("activations", activations, activationNames);
  requireSomeOf("losses", losses, lossNames);
  const extent = fc.integer({ min: 1, max: maxExtent });
  return fc
    .record({
      inputs: extent,
      hidden: extent,
      outputs: extent,
      activation: fc.constantFrom(...activations),
      loss: fc.constantFrom(...losses),
      bias: fc.boolean(),
    })
    .map((choice) => printable(threeLayerNet(choice), `threeLayerNet(${JSON.stringify(choice)})`));
}
