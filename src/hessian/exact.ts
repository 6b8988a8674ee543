import { inFunction, requireFinite } from "../errors.js";
import type { Batch, PreparedBatch } from "../nn/batch.js";
import { type ForwardPass, forwardOn } from "../nn/dense/forward.js";
import { type Architecture, requireClosedForm } from "../nn/layout.js";
import type { HessianProduct, Network } from "../nn/network.js";
import { type Tensor, zeros } from "../tensor/view.js";
import { type CurvatureFactors, type CurvaturePart, createFactors, curvatureFactors } from "./factors.js";
import { createFeature, streamKhatriRao } from "./khatri-rao.js";
import { addResidual, parameterIndices, scatterMixed, scatterSymmetric } from "./scatter.js";

/**
 * The Hessian of the loss, exactly: assembled block by block from its closed form for one hidden layer, column by column
 * from n exact products otherwise.
 * @param theta (n) @returns (n,n), symmetric to the bit; memory 8n² bytes
 * @throws ShapeError, LabelError, NonFiniteError
 */
export function exactHessian(net: Network, theta: Float64Array, batch: Batch): Tensor {
  return inFunction("exactHessian", () =>
    net?.lossOn === undefined
      ? denseCurvature(requireClosedForm(net), theta, batch, "hessian")
      : hessianByProducts(net.lossOn(batch).hessianAt(theta), net.size),
  );
}

/** Of every product the part below the diagonal counts; the part above equals its mirror but for rounding. */
function hessianByProducts(multiply: HessianProduct, n: number): Tensor {
  const matrix = zeros([n, n]);
  const unit = new Float64Array(n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit[j] = 1;
    multiply(unit, column);
    unit[j] = 0;
    for (let i = j; i < n; i++) {
      matrix.data[i * n + j] = column[i];
      matrix.data[j * n + i] = column[i];
    }
  }
  return matrix;
}

/** H or a part of it, under the caller's name. */
export function denseCurvature(
  net: Architecture,
  theta: Float64Array,
  batch: Batch,
  part: CurvaturePart,
): Tensor {
  const { prepared, pass } = forwardOn(net, theta, batch);
  return curvatureMatrix(net, theta, prepared, pass, part);
}

/** The same for a finished forward pass. */
export function curvatureMatrix(
  net: Architecture,
  theta: Float64Array,
  prepared: PreparedBatch,
  pass: ForwardPass,
  part: CurvaturePart,
): Tensor {
  const factors = createFactors(net, prepared.count, 1);
  curvatureFactors(net, theta, pass, prepared.count, factors, part);
  const matrix = zeros([net.size, net.size]);
  assembleCurvature(net, prepared, pass, factors, matrix);
  requireFinite(part === "hessian" ? "the Hessian" : "the matrix", matrix.data);
  return matrix;
}

/** Overwrites `matrix` (n,n) with the curvature that the factors describe. Their `offDiagonal` must be 1. */
export function assembleCurvature(
  net: Architecture,
  { inputs: x, weights }: PreparedBatch,
  { activations: a }: ForwardPass,
  factors: CurvatureFactors,
  matrix: Tensor,
): void {
  // Parameter (m, c) multiplies x̃_c into z_m; parameter (k, j) multiplies ã_j into u_k.
  const hiddenIndex = parameterIndices(net, net.hidden, net.inputs, "W1", "b1");
  const outputIndex = parameterIndices(net, net.outputs, net.hidden, "W2", "b2");

  streamKhatriRao(factors.output, createFeature(a, a, 1), weights, (slab) =>
    scatterSymmetric(matrix, slab, net.outputs, outputIndex),
  );
  streamKhatriRao(factors.hidden, createFeature(x, x, 1), weights, (slab) =>
    scatterSymmetric(matrix, slab, net.hidden, hiddenIndex),
  );
  streamKhatriRao(factors.mixed, createFeature(a, x, 1), weights, (slab) =>
    scatterMixed(matrix, slab, net, hiddenIndex, outputIndex),
  );
  streamKhatriRao(factors.residual, createFeature(x, undefined, 1), weights, (slab) =>
    addResidual(matrix, slab, net, hiddenIndex, outputIndex),
  );
}
