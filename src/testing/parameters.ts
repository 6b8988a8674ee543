import type fc from "fast-check";
import { inFunction, requireInteger, requireObject } from "../errors.js";
import type { NetworkShape } from "../nn/layout.js";
import { exactly, hundredths } from "./numbers.js";

/**
 * Parameter vectors theta (n) of a network, with entries in [−1, 1]: moderate, so that no loss overflows on the data
 * of `batchFor`. They shrink to zeros.
 */
export function parametersFor(net: NetworkShape): fc.Arbitrary<Float64Array> {
  return inFunction("parametersFor", () => {
    requireObject("net", net, "network and sequentialNetwork draw one");
    requireInteger("net.size", net.size, 0);
    return exactly(net.size, hundredths(1)).map((entries) => Float64Array.from(entries));
  });
}
