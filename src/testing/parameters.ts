import type fc from "fast-check";
import { inFunction, requireInteger, requireNumber, requireObject } from "../errors.js";
import type { NetworkShape } from "../nn/layout.js";
import { optionsOf } from "../options.js";
import { exactly, hundredths } from "./numbers.js";

/** How large the entries of a generated theta may be. */
export interface ParametersOptions {
  /** Above 0, a multiple of 1/100. Default 1. */
  readonly limit?: number | undefined;
}

/**
 * Parameter vectors theta (n) of a network, with entries in [−limit, limit]: by default moderate, so that no loss of one
 * or two layers overflows on the data of `batchFor`. They shrink to zeros.
 * @example
 * import fc from "fast-check";
 * import { threeLayerNet } from "flatward";
 * import { parametersFor } from "flatward/testing";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * fc.assert(fc.property(parametersFor(net, { limit: 0.5 }), (theta) => theta.every((entry) => Math.abs(entry) <= 0.5)));
 * console.log("holds"); // → holds
 */
export function parametersFor(
  net: NetworkShape,
  options: ParametersOptions = {},
): fc.Arbitrary<Float64Array> {
  return inFunction("parametersFor", () => parametersOf(net, optionsOf(options, ["limit"])));
}

/** `parametersFor` under the caller's name. */
export function parametersOf(
  net: NetworkShape,
  { limit = 1 }: ParametersOptions,
): fc.Arbitrary<Float64Array> {
  requireObject("net", net, "network, multilayerNetwork and sequentialNetwork draw one");
  requireInteger("net.size", net.size, 0);
  requireNumber("limit", limit, { above: 0 });
  return exactly(net.size, hundredths(limit)).map((entries) => Float64Array.from(entries));
}
