import { multiplyBy } from "../../tensor/elementwise.js";
import { gemm } from "../../tensor/matmul.js";
import { room, roomFor } from "../../tensor/room.js";
import { type Tensor, transpose } from "../../tensor/view.js";
import { loss as lossOf } from "../losses.js";
import { weightsOf } from "./architecture.js";
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

/** The tangents along v (n) for a finished forward pass, layer by layer. */
export function forwardTangents(
  { net, theta, batch: { count }, pass }: FinishedPass,
  v: Float64Array,
): LayerTangents[] {
  const tangents: LayerTangents[] = [];
  net.layers.forEach((layer, l) => {
    const { rows, first } = pass.layers[l];
    const zDot = roomFor([count, layer.units]);
    if (l > 0) gemm(zDot, tangents[l - 1].aDot, transpose(weightsOf(layer, theta)));
    gemm(zDot, withoutBias(rows, layer.inputs), transpose(weightsOf(layer, v)), 1, 1);
    addBias(zDot, v, layer.biases);
    const last = l === net.layers.length - 1;
    const aDot = last ? zDot : copyOf(zDot);
    if (!last) multiplyBy(aDot.data, first);
    tangents.push({ zDot, aDot });
  });
  return tangents;
}

function copyOf({ data, shape }: Tensor): Tensor {
  const copy = roomFor(shape);
  copy.data.set(data);
  return copy;
}

/** Rows ω_i S_i u̇_i. */
export function curvatureTimes({ net, batch: { weights }, pass }: FinishedPass, uDot: Tensor): Tensor {
  const K = net.outputs;
  const { curvature } = lossOf(net.loss);
  const s = room(K * K);
  const out = roomFor(uDot.shape);
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
): void {
  const { net, theta, batch, pass } = finished;
  const tangents = forwardTangents(finished, v);
  const last = net.layers.length - 1;
  const uDot = tangents[last].zDot;

  // Adjoints and their tangents: ū = ω r, u̇̄ = ω S u̇. Without ū the product is G·v, without u̇̄ it is R·v.
  let zBar = fillLogitAdjoint(finished);
  if (part === "gauss-newton") zBar.data.fill(0);
  let zBarDot = part === "residual" ? roomFor(uDot.shape) : curvatureTimes(finished, uDot);

  out.fill(0);
  for (let l = last; l >= 0; l--) {
    const layer = net.layers[l];
    addLayerAdjoint(layer, pass.layers[l].rows, zBarDot, out);
    if (l === 0) continue;
    gemm(weightsOf(layer, out), transpose(zBar), tangents[l - 1].aDot, 1, 1);

    const below = pass.layers[l - 1];
    const w = weightsOf(layer, theta);
    const aBar = below.adjoint;
    gemm(aBar, zBar, w);
    const aBarDot = roomFor([batch.count, layer.inputs]);
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
