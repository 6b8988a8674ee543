import fc from "fast-check";
import type { Batch } from "../nn/batch.js";
import type { ThreeLayerNet } from "../nn/dense/three-layer.js";
import { type BatchOptions, batchFor } from "./batch.js";
import { type NetworkOptions, network } from "./network.js";
import { parametersFor } from "./parameters.js";

/** All that the curvature functions take. */
export interface Problem {
  readonly net: ThreeLayerNet;
  /** (n). */
  readonly theta: Float64Array;
  readonly batch: Batch;
}

/**
 * A network with parameters and a batch that fit it:
 * `fc.assert(fc.property(problem(), ({ net, theta, batch }) => …))`.
 */
export function problem(options: NetworkOptions & BatchOptions = {}): fc.Arbitrary<Problem> {
  return network(options).chain((net) =>
    fc.record({ net: fc.constant(net), theta: parametersFor(net), batch: batchFor(net, options) }),
  );
}
