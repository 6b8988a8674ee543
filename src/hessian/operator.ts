import { ArgumentError, describe, inFunction, inMaker, requireFinite, ShapeError } from "../errors.js";
import type { LinearOperator } from "../linalg/operator.js";
import type { Batch, PreparedBatch } from "../nn/batch.js";
import { type ForwardPass, forwardOn } from "../nn/dense/forward.js";
import { accumulateParameterAdjoints, fillLogitAdjoint } from "../nn/dense/loss-gradient.js";
import { curvatureTimes, forwardTangents } from "../nn/dense/tangents.js";
import { type Architecture, checkParameters, outputWeights, requireClosedForm } from "../nn/layout.js";
import type { Network } from "../nn/network.js";
import { gemm } from "../tensor/matmul.js";
import { transpose, zeros } from "../tensor/view.js";
import type { CurvaturePart } from "./factors.js";

/**
 * H·v exactly, without forming H, by Pearlmutter's R-operator (1994): at about twice the cost of the gradient where it
 * is written out, for one hidden layer; by automatic differentiation of the gradient for other networks.
 * @param theta (n) @param v (n) @returns (n) @throws ShapeError, LabelError, NonFiniteError
 */
export function hessianVectorProduct(
  network: Network,
  theta: Float64Array,
  batch: Batch,
  v: Float64Array,
): Float64Array {
  return inFunction("hessianVectorProduct", () => {
    const out = new Float64Array(network?.size ?? 0);
    if (network?.lossOn !== undefined) {
      network.lossOn(batch).hessianAt(theta)(v, out);
      return out;
    }
    const net = requireClosedForm(network);
    const { prepared, pass } = forwardOn(net, theta, batch);
    checkParameters("v", net, v);
    hessianProduct(net, theta, prepared, pass, v, out);
    requireFinite("H·v", out);
    return out;
  });
}

/**
 * The Hessian at `theta` as a linear operator. With one hidden layer there is one forward pass now, and none per
 * product. Later changes to `theta` are not seen.
 * @throws ShapeError, LabelError, NonFiniteError, then and in every product
 */
export function hessianOperator(net: Network, theta: Float64Array, batch: Batch): LinearOperator {
  return inMaker("hessianOperator", () => operatorOf(net, theta, batch));
}

/** The same under the caller's name. */
export function operatorOf(net: Network, theta: Float64Array, batch: Batch): LinearOperator {
  if (net?.lossOn === undefined) return curvatureOperator(requireClosedForm(net), theta, batch, "hessian");
  const multiply = net.lossOn(batch).hessianAt(checkParameters("theta", net, theta).slice());
  return {
    size: net.size,
    apply(v, out) {
      checkOutput(out, net.size);
      multiply(v, out);
    },
  };
}

/** The same for H or a part of it, under the caller's name. */
export function curvatureOperator(
  net: Architecture,
  theta: Float64Array,
  batch: Batch,
  part: CurvaturePart,
): LinearOperator {
  const { prepared, pass } = forwardOn(net, theta, batch);
  const fixed = theta.slice();
  return {
    size: net.size,
    apply(v, out) {
      checkParameters("v", net, v);
      checkOutput(out, net.size);
      hessianProduct(net, fixed, prepared, pass, v, out, part);
      requireFinite(part === "hessian" ? "H·v" : "the product", out);
    },
  };
}

/** @throws ArgumentError, ShapeError unless `out` is a Float64Array of the length of a product */
export function checkOutput(out: Float64Array, size: number): void {
  if (!(out instanceof Float64Array)) {
    throw new ArgumentError({
      expected: "out to be a Float64Array",
      got: describe(out),
      next: `new Float64Array(${size}) makes one`,
    });
  }
  if (out.length === size) return;
  throw new ShapeError({ expected: `out of length ${size}`, got: describe(out) });
}

/** Overwrites `out` (n) with H·v, or a part of it, for a finished forward pass. */
export function hessianProduct(
  net: Architecture,
  theta: Float64Array,
  batch: PreparedBatch,
  pass: ForwardPass,
  v: Float64Array,
  out: Float64Array,
  part: CurvaturePart = "hessian",
): void {
  const { hidden: h, outputs: K } = net;
  const { count, inputs, weights } = batch;
  const w2 = outputWeights(net, theta);
  const v2 = outputWeights(net, v);
  const { zDot, aDot, uDot } = forwardTangents(net, theta, batch, pass, v);

  // Adjoints and their tangents: ū = ω r, u̇̄ = ω S u̇. Without ū the product is G·v, without u̇̄ it is R·v.
  const uBar = pass.logitAdjoint;
  fillLogitAdjoint(batch, pass);
  if (part === "gauss-newton") uBar.data.fill(0);
  const uBarDot = part === "residual" ? zeros([count, K]) : curvatureTimes(net, pass, uDot, weights);
  const aBar = pass.hiddenAdjoint;
  gemm(aBar, uBar, w2);
  const zBarDot = zeros([count, h]);
  gemm(zBarDot, uBarDot, w2);
  gemm(zBarDot, uBar, v2, 1, 1);
  for (let at = 0; at < zBarDot.data.length; at++) {
    zBarDot.data[at] = pass.first[at] * zBarDot.data[at] + pass.second[at] * zDot.data[at] * aBar.data[at];
  }

  out.fill(0);
  accumulateParameterAdjoints(net, inputs, pass.activations, zBarDot, uBarDot, out);
  gemm(outputWeights(net, out), transpose(uBar), aDot, 1, 1);
}
