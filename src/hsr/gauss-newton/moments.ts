import type { SpectralMoments } from "../../bounds/wolkowicz-styan.js";
import { inFunction } from "../../errors.js";
import type { Batch } from "../../nn/batch.js";
import { chainEvaluationAt } from "../../nn/dense/evaluation.js";
import { reusingScratch } from "../../nn/dense/reuse.js";
import type { Network } from "../../nn/network.js";
import { momentsOf } from "./sums-over-pairs.js";

/**
 * n, tr G and tr G² of the Gauss–Newton part G = Σ ω JᵀSJ of the loss Hessian, exactly; no matrix is formed. Of a chain of
 * dense layers it takes relu too, since G needs one derivative. The cost grows with the square of the number of samples;
 * memory beside the forward pass is at most 256 MB, or that of two tiles of samples.
 *
 * `wsBounds` of them bounds λ_max(G). That is no bound on λ_max(H), H = G + R, and may lie on either side of it.
 * @param theta (n)
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a network that is no chain of dense layers
 * @example
 * import { gaussNewtonMoments, sequential, wsBounds } from "flatward";
 * const layers = [{ kind: "dense", outputs: 5 }, { kind: "relu" }, { kind: "dense", outputs: 2 }];
 * const net = sequential({ input: 2, layers });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const moments = gaussNewtonMoments(net, net.init(7), batch);
 * const { largest } = wsBounds(moments); // of G
 * console.log(moments.size, largest.lower <= largest.upper); // → 27 true
 */
export function gaussNewtonMoments(net: Network, theta: Float64Array, batch: Batch): SpectralMoments {
  return inFunction("gaussNewtonMoments", () =>
    reusingScratch(net, () => momentsOf(chainEvaluationAt(net, theta, batch, 1))),
  );
}
