import { inFunction, requireFinite } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import { requireNetwork } from "../nn/batches.js";
import { weightsOf } from "../nn/dense/architecture.js";
import { evaluationAt } from "../nn/dense/evaluation.js";
import type { FinishedPass } from "../nn/dense/forward.js";
import { addLayerAdjoint, fillLogitAdjoint } from "../nn/dense/loss-gradient.js";
import { affineOf, curvatureTimes, forwardTangents, type LayerTangents } from "../nn/dense/tangents.js";
import { checkParameters } from "../nn/layout.js";
import { loss as lossOf } from "../nn/losses.js";
import type { Network } from "../nn/network.js";
import { gemm } from "../tensor/matmul.js";
import { type Tensor, transpose, zeros } from "../tensor/view.js";
import { lossCurvatureOn } from "./loss-curvature.js";

/** The curvature of the loss along one direction v. */
export interface DirectionalCurvature {
  /** vᵀHv. */
  readonly value: number;
  /** ∇(vᵀHv) by theta for fixed v (n): the third derivative of the loss, contracted with v twice. */
  readonly gradient: Float64Array;
}

/**
 * vᵀHv and its gradient vᵀ(∂H/∂θ)v, exactly: in closed form where the network has one, at about twice the cost of H·v; by
 * automatic differentiation elsewhere. H is never formed. Where v is a unit eigenvector of a simple eigenvalue λ of H,
 * this is λ and ∇λ (Magnus 1985, Econometric Theory 1).
 * @param theta (n) @param v (n), of any length
 * @throws ShapeError, LabelError, NonFiniteError; ArgumentError for a network of the caller's own without `curvatureAt`
 * @example
 * import { hessianVectorProduct, threeLayerNet } from "flatward";
 * import { directionalCurvature } from "flatward/hessian";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const v = net.init(2);
 * const { value, gradient } = directionalCurvature(net, theta, batch, v);
 * const product = hessianVectorProduct(net, theta, batch, v).reduce((sum, entry, i) => sum + entry * v[i], 0);
 * console.log(Math.abs(value - product) < 1e-15, gradient.length === net.size); // → true true
 */
export function directionalCurvature(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  v: Float64Array,
): DirectionalCurvature {
  return inFunction("directionalCurvature", () => {
    requireNetwork(net);
    if (!net.closedForm) {
      const formAt = lossCurvatureOn(net, batch);
      return formAt(checkParameters("theta", net, theta))(checkParameters("v", net, v), v);
    }
    const evaluation = evaluationAt(net, theta, batch, 3);
    return curvatureAlong(evaluation, checkParameters("v", net, v));
  });
}

/**
 * The same for a finished forward pass: the gradient's second derivative along v. With a dot for a derivative along v, from
 * the inputs on, whose ȧ = ä = 0,
 *
 *   z̈ = W ä + 2 V ȧ of the layer before,  ä = φ″ż² + φ′z̈,  ṙ = S u̇,  r̈ = S ü + ψ‴[u̇, u̇],
 *
 * then from z̄ = r, z̄̇ = ṙ, z̄̈ = r̈ of the logits backwards
 *
 *   ā = Wᵀz̄,  ā̇ = Wᵀz̄̇ + Vᵀz̄,  ā̈ = Wᵀz̄̈ + 2 Vᵀz̄̇ of the layer after,
 *   z̄ = φ′ā,  z̄̇ = φ′ā̇ + φ″ż ā,  z̄̈ = φ′ā̈ + 2 φ″ż ā̇ + (φ‴ż² + φ″z̈) ā,
 *
 * and it is z̄̈ ãᵀ + 2 z̄̇ ȧᵀ + z̄ äᵀ on W and b of each layer, summed over samples with their weights.
 */
export function curvatureAlong(finished: FinishedPass, v: Float64Array): DirectionalCurvature {
  const { net, theta, batch, pass } = finished;
  const tangents = forwardTangents(finished, affineOf(net, v));
  const second = secondTangents(finished, v, tangents);
  const last = net.layers.length - 1;
  const uDot = tangents[last].zDot;
  const uDDot = second[last].zDDot;

  let zBar = fillLogitAdjoint(finished);
  let zBarDot = curvatureTimes(finished, uDot);
  let value = 0;
  for (let at = 0; at < zBar.data.length; at++)
    value += zBarDot.data[at] * uDot.data[at] + zBar.data[at] * uDDot.data[at];
  addCurvatureTangent(finished, uDot, uDDot);
  let zBarDDot = curvatureTimes(finished, uDDot);

  const gradient = new Float64Array(net.size);
  for (let l = last; l >= 0; l--) {
    const layer = net.layers[l];
    addLayerAdjoint(layer, pass.layers[l], zBarDDot, gradient);
    if (l === 0) continue;
    const w = weightsOf(layer, theta);
    const direction = weightsOf(layer, v);
    const wBar = weightsOf(layer, gradient);
    const { zDot, aDot } = tangents[l - 1];
    const { zDDot, aDDot } = second[l - 1];
    gemm(wBar, transpose(zBarDot), aDot, 2, 1);
    gemm(wBar, transpose(zBar), aDDot, 1, 1);

    const { adjoint: aBar, first, second: bend, third } = pass.layers[l - 1];
    gemm(aBar, zBar, w);
    const aBarDot = zeros([batch.count, layer.inputs]);
    gemm(aBarDot, zBarDot, w);
    gemm(aBarDot, zBar, direction, 1, 1);
    const aBarDDot = zeros([batch.count, layer.inputs]);
    gemm(aBarDDot, zBarDDot, w);
    gemm(aBarDDot, zBarDot, direction, 2, 1);
    // Each in the memory of what it is made from: z̄̈, then z̄̇, then z̄.
    for (let at = 0; at < first.length; at++) {
      const z = zDot.data[at];
      const bar = aBar.data[at];
      const dot = aBarDot.data[at];
      aBarDDot.data[at] =
        first[at] * aBarDDot.data[at] +
        2 * bend[at] * z * dot +
        (third[at] * z * z + bend[at] * zDDot.data[at]) * bar;
      aBarDot.data[at] = first[at] * dot + bend[at] * z * bar;
      aBar.data[at] = first[at] * bar;
    }
    zBar = aBar;
    zBarDot = aBarDot;
    zBarDDot = aBarDDot;
  }
  requireFinite("∇(vᵀHv)", gradient);
  return { value, gradient };
}

/** Second derivatives of one layer's pass along v, N × h each. */
interface SecondTangents {
  readonly zDDot: Tensor;
  readonly aDDot: Tensor;
}

function secondTangents(
  { net, theta, batch: { count }, pass }: FinishedPass,
  v: Float64Array,
  tangents: readonly LayerTangents[],
): readonly SecondTangents[] {
  const list: SecondTangents[] = [];
  net.layers.forEach((layer, l) => {
    const zDDot = zeros([count, layer.units]);
    const aDDot = zeros([count, layer.units]);
    if (l > 0) {
      gemm(zDDot, list[l - 1].aDDot, transpose(weightsOf(layer, theta)));
      gemm(zDDot, tangents[l - 1].aDot, transpose(weightsOf(layer, v)), 2, 1);
    }
    // Empty for the last layer, whose z has no activation after it.
    const { first, second } = pass.layers[l];
    const { zDot } = tangents[l];
    for (let at = 0; at < first.length; at++) {
      const z = zDot.data[at];
      aDDot.data[at] = second[at] * z * z + first[at] * zDDot.data[at];
    }
    list.push({ zDDot, aDDot });
  });
  return list;
}

/** Adds to ü what S takes to ψ‴[u̇, u̇]: the derivative of u̇ᵀSu̇ by the mean p, for ∂p/∂u = S. */
function addCurvatureTangent({ net, pass }: FinishedPass, uDot: Tensor, uDDot: Tensor): void {
  const K = net.outputs;
  const { curvatureAdjoint } = lossOf(net.loss);
  const square = new Float64Array(K * K);
  const byMean = new Float64Array(K);
  for (let at = 0; at < uDot.data.length; at += K) {
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) square[k * K + l] = uDot.data[at + k] * uDot.data[at + l];
    }
    byMean.fill(0);
    curvatureAdjoint(pass.means, at, K, square, byMean);
    for (let k = 0; k < K; k++) uDDot.data[at + k] += byMean[k];
  }
}
