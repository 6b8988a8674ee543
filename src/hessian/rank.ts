import type { HessianRankBound } from "../bounds/facts.js";
import { inFunction } from "../errors.js";
import { type Batch, type PreparedBatch, prepareSamples } from "../nn/batch.js";
import { requireNetwork } from "../nn/batches.js";
import type { DenseLayer } from "../nn/dense/architecture.js";
import { closedFormOn } from "../nn/dense/evaluation.js";
import type { NetworkShape } from "../nn/layout.js";
import type { Network } from "../nn/network.js";
import { type Tap, widthOf } from "./factors.js";

/** How far a sum of probabilities may be from 1 by the rounding of K terms. */
const SUM_ROUNDING = 4 * Number.EPSILON;

/**
 * Bounds on the ranks of the loss Hessian and of its parts, from the layer sizes, the loss, the number N of samples of
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
 * Of a network with shortcuts or layer normalisation between its dense layers, ρˡ ≤ min(N, h̃ˡ⁻¹) for l = 1 too, since its
 * inputs need not be x; and where the last layer is not dense, κ is hᴸ there, and R is not 0 between its weights.
 *
 * One hidden layer alone: R falls into one block [[C, Bᵀ], [B, 0]] for each hidden unit, C = Σ ω e x̃x̃ᵀ, B = Σ ω d r x̃ᵀ, so
 * rank ≤ rank [C Bᵀ] + rank B ≤ ρ + min(κ, ρ): rank R ≤ h(ρ + min(κ, ρ)); C = 0 for the identity.
 *
 * Ranks of Hessians of linear networks: Singh, Bachmann & Hofmann, NeurIPS 2021. For soft labels whose sum is not 1 to
 * rounding, the softmax's κ is K where residuals enter.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError
 * @example
 * import { threeLayerNet } from "flatward";
 * import { hessianRankBound } from "flatward/hessian";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const { hessian, gaussNewton } = hessianRankBound(net, batch);
 * console.log(net.size, hessian, gaussNewton); // → 17 13 4
 */
export function hessianRankBound(net: Network, batch: Batch): HessianRankBound {
  return inFunction("hessianRankBound", () => rankBoundOn(net, batch));
}

/** `hessianRankBound` under the caller's name. */
export function rankBoundOn(net: Network, batch: Batch): HessianRankBound {
  requireNetwork(net);
  if (net.closedForm || !net.tapped) {
    const { net: chain, batch: prepared } = closedFormOn(net, batch);
    const { layers } = chain;
    return rankBoundOf(chain, layers, prepared, { layers, visible: visibleRank(prepared), endsInTap: true });
  }
  const { taps, endsInTap } = net.tapped;
  return rankBoundOf(net, taps, prepareSamples(net, batch), { visible: Number.POSITIVE_INFINITY, endsInTap });
}

/** What is known of dense layers beside their extents. */
interface Structure {
  /** Rank of the first layer's inputs, as far as it can be seen. */
  readonly visible: number;
  /** Whether the last gives the logits. */
  readonly endsInTap: boolean;
  /** Of a chain. */
  readonly layers?: readonly DenseLayer[];
}

function rankBoundOf(
  { outputs: K, loss }: NetworkShape,
  taps: readonly Tap[],
  prepared: PreparedBatch,
  { visible, endsInTap, layers }: Structure,
): HessianRankBound {
  const last = taps.length - 1;
  const count = prepared.weights.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0);
  const softmax = loss === "softmax-cross-entropy";
  const kappa = softmax ? K - 1 : K;
  // The residual of a softmax is orthogonal to (1,…,1) only if its target sums to 1.
  const kappaOfResiduals = softmax && targetsSumToOne(prepared, K) ? K - 1 : K;
  const ranks = taps.map((tap, l) => Math.min(count, widthOf(tap), l === 0 ? visible : count));
  /** Of the logits' curvature, and of what it and the residuals span, where the last layer gives the logits. */
  const [ending, endingRange] = endsInTap ? [kappa, kappaOfResiduals] : [taps[last].units, taps[last].units];

  const own = taps.map(({ units }, l) => {
    if (l === last && endsInTap) return Math.min(kappa * count, kappa * ranks[l]);
    // Without an output that matters (a softmax of one), residuals are 0.
    return kappaOfResiduals === 0 ? 0 : units * ranks[l];
  });
  const gaussNewton = Math.min(
    kappa * count,
    taps.reduce((sum, { units }, l) => sum + (l === last ? ending : units) * ranks[l], 0),
  );
  const below = taps
    .slice(0, last)
    .reduce((sum, tap, l) => sum + tap.units * (l === 0 ? ranks[0] : widthOf(tap)), 0);
  const range = below + endingRange * (last === 0 ? ranks[0] : widthOf(taps[last]));
  const residualRank = (): number => {
    if (kappaOfResiduals === 0 || (last === 0 && endsInTap)) return 0;
    if (layers?.length === 2) return residualUnitsRank(layers[0], ranks[0], kappaOfResiduals);
    return endsInTap ? Math.min(2 * below, range) : range;
  };
  const residual = residualRank();
  const [layer1] = own;
  return {
    hessian: Math.min(range, gaussNewton + residual),
    gaussNewton,
    residual,
    ...Object.fromEntries(own.map((rank, l) => [`layer${l + 1}`, rank])),
    layer1,
  };
}

function residualUnitsRank({ units, activation }: DenseLayer, rank: number, kappa: number): number {
  const mixed = Math.min(kappa, rank);
  return units * ((activation === "identity" ? mixed : rank) + mixed);
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
