import type { HessianRankBound } from "../bounds/facts.js";
import { inFunction } from "../errors.js";
import type { Batch, PreparedBatch } from "../nn/batch.js";
import { type ClosedFormOnBatch, closedFormOn } from "../nn/dense/evaluation.js";
import { oneHiddenLayer } from "../nn/dense/one-hidden-layer.js";
import type { Network } from "../nn/network.js";

/** How far a sum of probabilities may be from 1 by the rounding of K terms. */
const SUM_ROUNDING = 4 * Number.EPSILON;

/**
 * Bounds on the ranks of the loss Hessian and of its parts, from the extents, the loss, the number N of samples of
 * positive weight, and the rank ρ of X̃ as far as it can be seen without arithmetic (zero and constant columns).
 *
 * With κ = K − 1 for the softmax, whose S has (1,…,1) in its kernel, and κ = K otherwise; ρ ≤ min(N, d̃), α = min(N, h̃):
 *
 * - G = Σ ω JᵀSJ: every sample adds rank S ≤ κ; and its range lies in R^h ⊗ row space of X̃ on [W1 b1] and in
 *   range S ⊗ row space of Ã on [W2 b2]: rank G ≤ min(κN, hρ + κα)
 * - R falls into one block [[C, Bᵀ], [B, 0]] for each hidden unit, C = Σ ω e x̃x̃ᵀ, B = Σ ω d r x̃ᵀ, so
 *   rank ≤ rank [C Bᵀ] + rank B ≤ ρ + min(κ, ρ): rank R ≤ h(ρ + min(κ, ρ)); C = 0 for the identity
 * - H lies in R^h ⊗ row space of X̃ plus R^κ ⊗ R^h̃: rank H ≤ min(hρ + κh̃, rank G + rank R)
 *
 * Ranks of Hessians of linear networks: Singh, Bachmann & Hofmann, NeurIPS 2021. For soft labels whose sum is not 1 to
 * rounding, the softmax's κ is K where residuals enter.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError
 */
export function hessianRankBound(net: Network, batch: Batch): HessianRankBound {
  return inFunction("hessianRankBound", () => rankBoundOf(closedFormOn(net, batch)));
}

/** The same for a checked batch. */
export function rankBoundOf({ net: chain, batch: prepared }: ClosedFormOnBatch): HessianRankBound {
  const net = oneHiddenLayer(chain);
  const { hidden: h, outputs: K } = net;
  const count = prepared.weights.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0);
  const rho = Math.min(count, visibleRank(prepared));
  const width = h + (net.bias ? 1 : 0);
  const alpha = Math.min(count, width);
  const softmax = net.loss === "softmax-cross-entropy";
  const kappa = softmax ? K - 1 : K;
  // The residual of a softmax is orthogonal to (1,…,1) only if its target sums to 1.
  const kappaOfResiduals = softmax && targetsSumToOne(prepared, K) ? K - 1 : K;

  const gaussNewton = Math.min(kappa * count, h * rho + kappa * alpha);
  const mixed = Math.min(kappaOfResiduals, rho);
  const perUnit = net.activation === "identity" ? mixed : rho;
  // Without an output that matters (a softmax of one), residuals are 0.
  const residual = kappaOfResiduals === 0 ? 0 : h * (perUnit + mixed);
  return {
    hessian: Math.min(h * rho + kappaOfResiduals * width, gaussNewton + residual),
    gaussNewton,
    residual,
    layer1: kappaOfResiduals === 0 ? 0 : h * rho,
    layer2: Math.min(kappa * count, kappa * alpha),
  };
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
