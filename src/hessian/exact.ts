import { inFunction, requireFinite } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import { type Batches, isBatches, requireNetwork, scaled, visitBatches } from "../nn/batches.js";
import { evaluationAt } from "../nn/dense/evaluation.js";
import type { FinishedPass } from "../nn/dense/forward.js";
import {
  type FinishedHiddenPass,
  hasOneHiddenLayer,
  hiddenPass,
  oneHiddenLayer,
} from "../nn/dense/one-hidden-layer.js";
import { type CurvaturePart, hessianProduct } from "../nn/dense/tangents.js";
import { checkParameters } from "../nn/layout.js";
import type { HessianProduct, Network } from "../nn/network.js";
import { addScaled } from "../tensor/elementwise.js";
import { type Tensor, zeros } from "../tensor/view.js";
import { createFactors, curvatureFactors } from "./factors.js";
import { createFeature, streamKhatriRao } from "./khatri-rao.js";
import { addResidual, parameterIndices, scatterMixed, scatterSymmetric } from "./scatter.js";

/**
 * The Hessian of the loss, exactly: assembled block by block from its closed form where there is one, column by column
 * from n exact products otherwise; of `batches`, in one iteration. Take tr H² from it: unlike H, it is no sum over batches.
 * @param theta (n) @returns (n,n), symmetric to the bit; memory 8n² bytes, 16n² for batches
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for no batch or mixed weights
 * @example
 * import { exactHessian, symmetricEigen, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const hessian = exactHessian(net, net.init(7), batch);
 * console.log(hessian.shape, hessian.data[5] === hessian.data[5 * 17]); // → [ 17, 17 ] true
 * const { values } = symmetricEigen(hessian);
 * console.log("negative:", values.filter((value) => value < -1e-9).length); // → negative: 5
 */
export function exactHessian(net: Network, theta: Float64Array, data: Batch | Batches): Tensor {
  return inFunction("exactHessian", () => {
    requireNetwork(net);
    if (!isBatches(data)) return hessianOn(net, theta, data);
    checkParameters("theta", net, theta);
    const sum = zeros([net.size, net.size]);
    const scale = visitBatches(data, (batch) => addScaled(sum.data, 1, hessianOn(net, theta, batch).data));
    scaled("the Hessian", sum.data, scale);
    return sum;
  });
}

function hessianOn(net: Network, theta: Float64Array, batch: Batch): Tensor {
  return net.closedForm
    ? curvatureMatrix(evaluationAt(net, theta, batch), "hessian")
    : hessianByProducts(net.lossOn(batch).hessianAt(theta), net.size);
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

/** H or a part of it, for a finished forward pass. */
export function curvatureMatrix(finished: FinishedPass, part: CurvaturePart): Tensor {
  const { net } = finished;
  const matrix = hasOneHiddenLayer(net)
    ? assembleCurvature({ ...finished, net: oneHiddenLayer(net), pass: hiddenPass(finished.pass) }, part)
    : hessianByProducts((v, out) => hessianProduct(finished, v, out, part), net.size);
  requireFinite(part === "hessian" ? "the Hessian" : "the matrix", matrix.data);
  return matrix;
}

/** Block by block, from the closed form of one hidden layer. */
function assembleCurvature(finished: FinishedHiddenPass, part: CurvaturePart): Tensor {
  const {
    net,
    batch: { count, inputs: x, weights },
    pass: { activations: a },
  } = finished;
  const factors = createFactors(net, count, 1);
  curvatureFactors(finished, factors, part);
  const matrix = zeros([net.size, net.size]);
  // Parameter (m, c) multiplies x̃_c into z_m; parameter (k, j) multiplies ã_j into u_k.
  const hidden = parameterIndices(net, net.hidden, net.inputs, "W1", "b1");
  const output = parameterIndices(net, net.outputs, net.hidden, "W2", "b2");
  const mixed = { hessian: matrix, net, hidden, output };

  streamKhatriRao(factors.output, createFeature(a, a, 1), weights, (slab) =>
    scatterSymmetric(matrix, slab, net.outputs, output),
  );
  streamKhatriRao(factors.hidden, createFeature(x, x, 1), weights, (slab) =>
    scatterSymmetric(matrix, slab, net.hidden, hidden),
  );
  streamKhatriRao(factors.mixed, createFeature(a, x, 1), weights, (slab) => scatterMixed(mixed, slab));
  streamKhatriRao(factors.residual, createFeature(x, undefined, 1), weights, (slab) =>
    addResidual(mixed, slab),
  );
  return matrix;
}
