import { ArgumentError, describe, inFunction, requireNumber } from "../errors.js";
import { type Batch, isVector, prepareSamples } from "../nn/batch.js";
import type { Network } from "../nn/network.js";
import { requireOptions } from "../options.js";
import { matrixView } from "../tensor/view.js";

/** How much labels are smoothed. */
export interface SmoothLabelsOptions {
  /** ε in [0, 1): the share of every label that is spread evenly over the K classes. 0.1 is usual. */
  readonly smoothing: number;
}

/**
 * The batch with class indices turned into soft labels (1 − ε)·(one-hot) + ε/K (Szegedy et al. 2016, CVPR); x and the
 * weights stay. The loss on it is that of PyTorch's CrossEntropyLoss with label_smoothing. Only softmax cross-entropy
 * has classes that exclude each other, so only there is it defined.
 * @returns a batch whose y is (N,K)
 * @throws ArgumentError for another loss, ε out of range, or a y that is no class indices; as every function of a batch
 * @example
 * import { threeLayerNet } from "flatward";
 * import { smoothLabels } from "flatward/regularizers";
 * const net = threeLayerNet({ inputs: 1, hidden: 2, outputs: 2 });
 * const { y } = smoothLabels(net, { x: [[0], [1]], y: [0, 1] }, { smoothing: 0.5 });
 * console.log(y.shape, Array.from(y.data)); // → [ 2, 2 ] [ 0.75, 0.25, 0.25, 0.75 ]
 */
export function smoothLabels(net: Network, batch: Batch, options: SmoothLabelsOptions): Batch {
  return inFunction("smoothLabels", () => {
    requireOptions(options, ["smoothing"], "{ smoothing }");
    const smoothing = requireNumber("smoothing", options.smoothing, { atLeast: 0, below: 1 });
    const { targets, count } = prepareSamples(net, batch);
    if (net.loss !== "softmax-cross-entropy") {
      throw new ArgumentError({
        expected: "a network with the loss softmax-cross-entropy",
        got: describe(net.loss),
        next: "soft targets of your own are an (N,K) matrix y",
      });
    }
    if (!isVector(batch.y)) {
      throw new ArgumentError({
        expected: "class indices in batch.y",
        got: "a matrix of targets",
        next: "labels that are soft already are used as they are",
      });
    }
    const share = smoothing / net.outputs;
    const soft = targets.map((target) => (1 - smoothing) * target + share);
    return { ...batch, y: matrixView(soft, count, net.outputs) };
  });
}
