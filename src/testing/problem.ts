import fc from "fast-check";
import { inFunction } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import type { MultilayerNet } from "../nn/dense/multilayer.js";
import type { ThreeLayerNet } from "../nn/dense/three-layer.js";
import type { NetworkShape } from "../nn/layout.js";
import { optionsOf } from "../options.js";
import { type BatchOptions, batchOf, batchOptions, countsOf } from "./batch.js";
import {
  type MultilayerNetworkOptions,
  multilayerNetworkOf,
  multilayerNetworkOptions,
} from "./multilayer-network.js";
import { type NetworkOptions, networkOf, networkOptions } from "./network.js";
import { parametersOf } from "./parameters.js";

/** All that the curvature functions take. */
export interface Problem<Net extends NetworkShape = ThreeLayerNet> {
  readonly net: Net;
  /** (n). */
  readonly theta: Float64Array;
  readonly batch: Batch;
}

/**
 * A network with parameters and a batch that fit it:
 * `fc.assert(fc.property(problem(), ({ net, theta, batch }) => …))`.
 * @example
 * import fc from "fast-check";
 * import { exactHessian } from "flatward";
 * import { problem } from "flatward/testing";
 * fc.assert(fc.property(problem(), ({ net, theta, batch }) => exactHessian(net, theta, batch).shape[0] === net.size));
 * console.log("holds"); // → holds
 */
export function problem(options: NetworkOptions & BatchOptions = {}): fc.Arbitrary<Problem> {
  return inFunction("problem", () => {
    const known = optionsOf(options, [...networkOptions, ...batchOptions]);
    return problemsOf(networkOf(known), known, () => 1);
  });
}

/**
 * The same for `multilayerNetwork`. With more than one hidden layer the entries of theta are in [−½, ½], so that no loss
 * overflows.
 * @example
 * import fc from "fast-check";
 * import { lossAndGradient } from "flatward";
 * import { multilayerProblem } from "flatward/testing";
 * fc.assert(
 *   fc.property(multilayerProblem(), ({ net, theta, batch }) => Number.isFinite(lossAndGradient(net, theta, batch).loss)),
 * );
 * console.log("holds"); // → holds
 */
export function multilayerProblem(
  options: MultilayerNetworkOptions & BatchOptions = {},
): fc.Arbitrary<Problem<MultilayerNet>> {
  return inFunction("multilayerProblem", () => {
    const known = optionsOf(options, [...multilayerNetworkOptions, ...batchOptions]);
    return problemsOf(multilayerNetworkOf(known), known, ({ sizes }) => (sizes.length > 3 ? 0.5 : 1));
  });
}

function problemsOf<Net extends NetworkShape>(
  nets: fc.Arbitrary<Net>,
  options: BatchOptions,
  limitOf: (net: Net) => number,
): fc.Arbitrary<Problem<Net>> {
  const counts = countsOf(options);
  return nets.chain((net) =>
    fc.record({
      net: fc.constant(net),
      theta: parametersOf(net, { limit: limitOf(net) }),
      batch: batchOf(net, counts),
    }),
  );
}
