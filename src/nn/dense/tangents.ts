import { multiplyBy } from "../../tensor/elementwise.js";
import { keptTranspose } from "../../tensor/kept-view.js";
import { gemm } from "../../tensor/matmul.js";
import { room, roomFor } from "../../tensor/room.js";
import type { Tensor } from "../../tensor/view.js";
import { loss as lossOf } from "../losses.js";
import { type Architecture, weightsOf } from "./architecture.js";
import { addBias, type FinishedPass, withoutBias } from "./forward.js";
import { addLayerAdjoint, fillLogitAdjoint } from "./loss-gradient.js";

/**
 * The parts of the Hessian H = G + R: the Gauss–Newton part G = Σ ω Jᵀ S J with the Jacobian J of the logits, which is
 * positive semidefinite (Schraudolph 2002, Neural Computation 14); and the residual part R = Σ ω Σ_k r_k ∇²u_k, which
 * vanishes where every prediction is its target.
 */
export type HessianPart = "gauss-newton" | "residual";

/** H, or a part of it. */
export type CurvaturePart = "hessian" | HessianPart;

/** Derivatives of one layer's pass along a direction v of theta. */
export interface LayerTangents {
  /** ż = W ȧ + V ã with the ȧ of the layer before, N × h. */
  readonly zDot: Tensor;
  /** ȧ = φ′ż, N × h; ż itself, u̇, of the last layer. */
  readonly aDot: Tensor;
}

/** Room for the tangents of N samples. */
function tangentRoom({ layers }: Architecture, count: number): readonly LayerTangents[] {
  return layers.map(({ units }, l) => {
    const zDot = roomFor([count, units]);
    return { zDot, aDot: l === layers.length - 1 ? zDot : roomFor([count, units]) };
  });
}

/** The tangents along v (n) for a finished forward pass, layer by layer. @param tangents where they are written to */
export function forwardTangents(
  { net, theta, batch: { count }, pass }: FinishedPass,
  v: Float64Array,
  tangents: readonly LayerTangents[] = tangentRoom(net, count),
): readonly LayerTangents[] {
  net.layers.forEach((layer, l) => {
    const { rows, first } = pass.layers[l];
    const { zDot, aDot } = tangents[l];
    if (l > 0) gemm(zDot, tangents[l - 1].aDot, keptTranspose(weightsOf(layer, theta)));
    const inputs = withoutBias(rows, layer.inputs);
    gemm(zDot, inputs, keptTranspose(weightsOf(layer, v)), 1, l > 0 ? 1 : 0);
    addBias(zDot, v, layer.biases);
    if (aDot === zDot) return;
    const slopes = zDot.data;
    for (let at = 0; at < slopes.length; at++) aDot.data[at] = slopes[at] * first[at];
  });
  return tangents;
}

/** Rows ω_i S_i u̇_i. @param out where they are written to @param s scratch (K·K) */
export function curvatureTimes(
  { net, batch: { weights }, pass }: FinishedPass,
  uDot: Tensor,
  out: Tensor = roomFor(uDot.shape),
  s: Float64Array = room(net.outputs * net.outputs),
): Tensor {
  const K = net.outputs;
  const { curvature } = lossOf(net.loss);
  for (let i = 0; i < weights.length; i++) {
    curvature(pass.logits.data, pass.means, i * K, K, s);
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let l = 0; l < K; l++) sum += s[k * K + l] * uDot.data[i * K + l];
      out.data[i * K + k] = weights[i] * sum;
    }
  }
  return out;
}

/** What a product takes beside the pass. */
export interface ProductRoom {
  readonly tangents: readonly LayerTangents[];
  /** Tangents of the adjoints of every z, N × h. */
  readonly barDots: readonly Tensor[];
  /** K·K. */
  readonly s: Float64Array;
}

export function productRoom(net: Architecture, count: number): ProductRoom {
  return {
    tangents: tangentRoom(net, count),
    barDots: net.layers.map(({ units }) => roomFor([count, units])),
    s: room(net.outputs * net.outputs),
  };
}

/**
 * Overwrites `out` (n) with H·v, or a part of it, for a finished forward pass: the derivative along v of
 *
 *   ū = ω r,  ā = Wᵀz̄ of the layer after,  z̄ = φ′ā,  and the gradient z̄ ãᵀ by W and b.
 */
export function hessianProduct(
  finished: FinishedPass,
  v: Float64Array,
  out: Float64Array,
  part: CurvaturePart = "hessian",
  { tangents, barDots, s }: ProductRoom = productRoom(finished.net, finished.batch.count),
): void {
  const { net, theta, pass } = finished;
  forwardTangents(finished, v, tangents);
  const last = net.layers.length - 1;
  const uDot = tangents[last].zDot;

  // Adjoints and their tangents: ū = ω r, u̇̄ = ω S u̇. Without ū the product is G·v, without u̇̄ it is R·v.
  let zBar = fillLogitAdjoint(finished);
  if (part === "gauss-newton") zBar.data.fill(0);
  let zBarDot = barDots[last];
  if (part === "residual") zBarDot.data.fill(0);
  else curvatureTimes(finished, uDot, zBarDot, s);

  out.fill(0);
  for (let l = last; l >= 0; l--) {
    const layer = net.layers[l];
    addLayerAdjoint(layer, pass.layers[l].rows, zBarDot, out);
    if (l === 0) continue;
    gemm(weightsOf(layer, out), keptTranspose(zBar), tangents[l - 1].aDot, 1, 1);

    const below = pass.layers[l - 1];
    const w = weightsOf(layer, theta);
    const aBar = below.adjoint;
    gemm(aBar, zBar, w);
    const aBarDot = barDots[l - 1];
    gemm(aBarDot, zBarDot, w);
    gemm(aBarDot, zBar, weightsOf(layer, v), 1, 1);
    const { zDot } = tangents[l - 1];
    for (let at = 0; at < aBarDot.data.length; at++) {
      aBarDot.data[at] =
        below.first[at] * aBarDot.data[at] + below.second[at] * zDot.data[at] * aBar.data[at];
    }
    multiplyBy(aBar.data, below.first);
    zBar = aBar;
    zBarDot = aBarDot;
  }
}
