import type { HessianRankBound } from "../bounds/facts.js";
import { inFunction } from "../errors.js";
import type { Batch, PreparedBatch } from "../nn/batch.js";
import type { Architecture } from "../nn/dense/architecture.js";
import { type ClosedFormOnBatch, closedFormOn } from "../nn/dense/evaluation.js";
import type { Network } from "../nn/network.js";
import { widthOf } from "./factors.js";

/** How far a sum of probabilities may be from 1 by the rounding of K terms. */
const SUM_ROUNDING = 4 * Number.EPSILON;

/**
 * Bounds on the ranks of the loss Hessian and of its parts, from the extents, the loss, the number N of samples of
 * positive weight, and the rank of X̃ as far as it can be seen without arithmetic (zero and constant columns).
 *
 * With κ = K − 1 for the softmax, whose S has (1,…,1) in its kernel, and κ = K otherwise; ρˡ ≤ min(N, h̃ˡ⁻¹) the rank of
 * layer l's inputs; L layers:
 *
 * - G = Σ ω JᵀSJ: every sample adds rank S ≤ κ; and its range lies in Rʰ ⊗ the row space of the inputs on every layer, in
 *   range S ⊗ that on the last: rank G ≤ min(κN, Σ_{l<L} hˡρˡ + κρᴸ)
 * - H lies in these spaces on the first and, with all of Rʰ̃ for inputs, on the last layer: what stands there beside Σ X ⊗ ãã'ᵀ
 *   is δ ⊗ E. So rank H ≤ h¹ρ¹ + Σ_{1<l<L} hˡh̃ˡ⁻¹ + κh̃ᴸ⁻¹, and ≤ rank G + rank R; κρ¹ without a hidden layer
 * - R is in the same space, and 0 between weights of the last layer: rank R ≤ 2(h¹ρ¹ + Σ_{1<l<L} hˡh̃ˡ⁻¹) too
 *
 * One hidden layer alone: R falls into one block [[C, Bᵀ], [B, 0]] for each hidden unit, C = Σ ω e x̃x̃ᵀ, B = Σ ω d r x̃ᵀ, so
 * rank ≤ rank [C Bᵀ] + rank B ≤ ρ + min(κ, ρ): rank R ≤ h(ρ + min(κ, ρ)); C = 0 for the identity.
 *
 * Ranks of Hessians of linear networks: Singh, Bachmann & Hofmann, NeurIPS 2021. For soft labels whose sum is not 1 to
 * rounding, the softmax's κ is K where residuals enter.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError
 */
export function hessianRankBound(net: Network, batch: Batch): HessianRankBound {
  return inFunction("hessianRankBound", () => rankBoundOf(closedFormOn(net, batch)));
}

/** The same for a checked batch. */
export function rankBoundOf({ net, batch: prepared }: ClosedFormOnBatch): HessianRankBound {
  const { layers, outputs: K } = net;
  const last = layers.length - 1;
  const count = prepared.weights.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0);
  const softmax = net.loss === "softmax-cross-entropy";
  const kappa = softmax ? K - 1 : K;
  // The residual of a softmax is orthogonal to (1,…,1) only if its target sums to 1.
  const kappaOfResiduals = softmax && targetsSumToOne(prepared, K) ? K - 1 : K;
  const ranks = layers.map((layer, l) => Math.min(count, l === 0 ? visibleRank(prepared) : widthOf(layer)));

  const own = layers.map(({ units }, l) => {
    if (l === last) return Math.min(kappa * count, kappa * ranks[l]);
    // Without an output that matters (a softmax of one), residuals are 0.
    return kappaOfResiduals === 0 ? 0 : units * ranks[l];
  });
  const gaussNewton = Math.min(
    kappa * count,
    layers.reduce((sum, { units }, l) => sum + (l === last ? kappa : units) * ranks[l], 0),
  );
  const below = layers
    .slice(0, last)
    .reduce((sum, layer, l) => sum + layer.units * (l === 0 ? ranks[0] : widthOf(layer)), 0);
  const range = below + kappaOfResiduals * (last === 0 ? ranks[0] : widthOf(layers[last]));
  const residual =
    kappaOfResiduals === 0 || last === 0 ? 0 : residualRank(net, ranks[0], kappaOfResiduals, below, range);
  const [layer1] = own;
  return {
    hessian: Math.min(range, gaussNewton + residual),
    gaussNewton,
    residual,
    ...Object.fromEntries(own.map((rank, l) => [`layer${l + 1}`, rank])),
    layer1,
  };
}

function residualRank(
  { layers }: Architecture,
  rank: number,
  kappa: number,
  below: number,
  range: number,
): number {
  if (layers.length > 2) return Math.min(2 * below, range);
  const mixed = Math.min(kappa, rank);
  return layers[0].units * ((layers[0].activation === "identity" ? mixed : rank) + mixed);
}

/** Columns that vary, and one more for all that are constant but not zero: these are multiples of each other. */
function visibleRank({ inputs, weights }: PreparedBatch): number {
  const [count, width] = inputs.shape;
  const reference = weights.findIndex((weight) => weight > 0);
  if (reference < 0) return 0;
  let varying = 0;
  let constant = 0;
  for (let c = 0; c < width; c++) {
    const value = inputs.data[reference * width + c];
    let varies = false;
    for (let i = reference + 1; i < count && !varies; i++) {
      varies = weights[i] > 0 && inputs.data[i * width + c] !== value;
    }
    if (varies) varying++;
    else if (value !== 0) constant = 1;
  }
  return varying + constant;
}

function targetsSumToOne({ count, targets, weights }: PreparedBatch, outputs: number): boolean {
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += targets[i * outputs + k];
    if (weights[i] > 0 && Math.abs(sum - 1) > outputs * SUM_ROUNDING) return false;
  }
  return true;
}
