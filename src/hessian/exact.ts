import { inFunction, requireFinite } from "../errors.js";
import type { Batch } from "../nn/batch.js";
import { type Batches, isBatches, requireNetwork, scaled, visitBatches } from "../nn/batches.js";
import { reusingScratch } from "../nn/dense/reuse.js";
import type { CurvaturePart } from "../nn/dense/tangents.js";
import { checkParameters } from "../nn/layout.js";
import type { HessianProduct, Network } from "../nn/network.js";
import { addScaled } from "../tensor/elementwise.js";
import { scratch } from "../tensor/scratch.js";
import { type Tensor, zeros } from "../tensor/view.js";
import { everySlab } from "./every-slab.js";
import { factoredLossAt } from "./factored.js";
import type { FactorSource } from "./factors.js";
import { slabThreads } from "./slab-threads.js";
import { formed } from "./slabs.js";

/**
 * The exact Hessian of the loss. Of a chain of dense layers it is assembled block by block in closed form; of a network whose
 * parameters all enter through dense layers likewise, from factors that are differentiated automatically; of others from n
 * products H·v. `batches` are read once. For tr H² of several batches, square this matrix: tr H² is no sum over batches.
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
  return net.closedForm || net.tapped
    ? reusingScratch(net, () => assembled(factoredLossAt(net, theta, batch), "hessian"))
    : hessianByProducts(net.lossOn(batch).hessianAt(theta), net.size);
}

/** Of every product the part below the diagonal counts; the part above equals its mirror but for rounding. */
export function hessianByProducts(multiply: HessianProduct, n: number): Tensor {
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

/** H or a part of it, from factors. */
export function assembled(source: FactorSource, part: CurvaturePart): Tensor {
  const matrix = zeros([source.size, source.size]);
  createAssembly(source)(matrix, part);
  requireFinite(part === "hessian" ? "the Hessian" : "the matrix", matrix.data);
  return matrix;
}

/** Overwrites `matrix` (n,n) with H or a part of it, block by block, from the closed form; memory is kept from call to call. */
export function createAssembly(source: FactorSource): (matrix: Tensor, part: CurvaturePart) => void {
  const factors = source.create(source.weights.length, false);
  const all = everySlab(source, factors.count);
  const slabs = all.map(({ slab }) => slab);
  const memory = scratch(slabs.reduce((most, { rows, columns }) => Math.max(most, rows * columns), 0));
  return (matrix, part) => {
    factors.fill(0, part);
    const write = (slab: number, values: Tensor) => all[slab].scatter(matrix, values);
    if (slabThreads()?.form(factors, slabs, write)) return;
    slabs.forEach((slab, number) => {
      write(number, formed(slab, factors, memory));
    });
  };
}
