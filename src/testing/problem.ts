import fc from "fast-check";
import { inFunction } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import type { ThreeLayerNet } from "../nn/dense/three-layer.js";
import { optionsOf } from "../options.js";
import { type BatchOptions, batchOf, batchOptions, countsOf } from "./batch.js";
import { type NetworkOptions, networkOf, networkOptions } from "./network.js";
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
  return inFunction("problem", () => {
    const { minCount, maxCount, ...shape } = optionsOf(options, [...networkOptions, ...batchOptions]);
    const counts = countsOf({
      ...(minCount !== undefined && { minCount }),
      ...(maxCount !== undefined && { maxCount }),
    });
    return networkOf(shape).chain((net) =>
      fc.record({ net: fc.constant(net), theta: parametersFor(net), batch: batchOf(net, counts) }),
    );
  });
}
