import { requireFinite } from "../errors.js";
import { type Batch, prepareBatch } from "../nn/batch.js";
import { createPass, forward } from "../nn/forward.js";
import { type Architecture, blockOffset, checkParameters } from "../nn/layout.js";
import { type Tensor, zeros } from "../tensor/view.js";
import { createFactors, curvatureFactors } from "./factors.js";
import { createFeature, type Slab, streamKhatriRao } from "./khatri-rao.js";

/**
 * The Hessian of the loss, exactly, assembled block by block from its closed form.
 * @param theta (n) @returns (n,n), symmetric to the bit; memory 8n² bytes
 * @throws ShapeError, LabelError, NonFiniteError
 */
export function exactHessian(net: Architecture, theta: Float64Array, batch: Batch): Tensor {
  const where = "exactHessian";
  const prepared = prepareBatch(where, net, batch);
  checkParameters(where, "theta", net, theta);
  const { count, inputs: x, weights } = prepared;
  const pass = createPass(net, count);
  forward(where, net, theta, prepared, pass);
  const factors = createFactors(net, count, 1);
  curvatureFactors(net, theta, pass, count, factors);

  const hessian = zeros([net.size, net.size]);
  const a = pass.activations;
  // Parameter (m, c) multiplies x̃_c into z_m; parameter (k, j) multiplies ã_j into u_k.
  const hiddenIndex = parameterIndices(net, net.hidden, net.inputs, "W1", "b1");
  const outputIndex = parameterIndices(net, net.outputs, net.hidden, "W2", "b2");

  streamKhatriRao(factors.output, createFeature(a, a, 1), weights, (slab) =>
    scatterSymmetric(hessian, slab, net.outputs, outputIndex),
  );
  streamKhatriRao(factors.hidden, createFeature(x, x, 1), weights, (slab) =>
    scatterSymmetric(hessian, slab, net.hidden, hiddenIndex),
  );
  streamKhatriRao(factors.mixed, createFeature(a, x, 1), weights, (slab) =>
    scatterMixed(hessian, slab, net, hiddenIndex, outputIndex),
  );
  streamKhatriRao(factors.residual, createFeature(x, undefined, 1), weights, (slab) =>
    addResidual(hessian, slab, net, hiddenIndex, outputIndex),
  );
  requireFinite(where, "the Hessian", hessian.data);
  return hessian;
}

/** The position in theta of weight (unit, input), and of the unit's bias as its last input. */
interface ParameterIndices {
  readonly width: number;
  readonly at: Int32Array;
}

function parameterIndices(
  net: Architecture,
  units: number,
  inputs: number,
  weight: "W1" | "W2",
  bias: "b1" | "b2",
): ParameterIndices {
  const width = inputs + (net.bias ? 1 : 0);
  const at = new Int32Array(units * width);
  for (let unit = 0; unit < units; unit++) {
    for (let c = 0; c < inputs; c++) at[unit * width + c] = blockOffset(net, weight) + unit * inputs + c;
    if (net.bias) at[unit * width + inputs] = blockOffset(net, bias) + unit;
  }
  return { width, at };
}

/** T[(p,q), (c,c')] with p ≤ q, c ≤ c' is the entry of H at the four places where (p,c) meets (q,c') and (p,c') meets (q,c). */
function scatterSymmetric(
  hessian: Tensor,
  { from, values, columns }: Slab,
  units: number,
  { width, at }: ParameterIndices,
): void {
  const n = hessian.shape[0];
  const H = hessian.data;
  const size = values.shape[1];
  let row = 0;
  for (let p = 0; p < units; p++) {
    for (let q = p; q < units; q++, row += size) {
      for (let s = 0; s < size; s++) {
        const value = values.data[row + s];
        const c = columns.ofU[from + s];
        const e = columns.ofV[from + s];
        const pc = at[p * width + c];
        const pe = at[p * width + e];
        const qc = at[q * width + c];
        const qe = at[q * width + e];
        H[pc * n + qe] = value;
        H[qe * n + pc] = value;
        H[pe * n + qc] = value;
        H[qc * n + pe] = value;
      }
    }
  }
}

/** T[(k,m), (j,c)] is the entry of H at (k,j), (m,c). */
function scatterMixed(
  hessian: Tensor,
  { from, values, columns }: Slab,
  net: Architecture,
  hidden: ParameterIndices,
  output: ParameterIndices,
): void {
  const n = hessian.shape[0];
  const H = hessian.data;
  const size = values.shape[1];
  for (let k = 0, row = 0; k < net.outputs; k++) {
    for (let m = 0; m < net.hidden; m++, row += size) {
      for (let s = 0; s < size; s++) {
        const kj = output.at[k * output.width + columns.ofU[from + s]];
        const mc = hidden.at[m * hidden.width + columns.ofV[from + s]];
        H[kj * n + mc] = values.data[row + s];
        H[mc * n + kj] = values.data[row + s];
      }
    }
  }
}

/** T[(k,m), c] is added to the entry of H at (k,m), (m,c): the loss depends on W2_km through unit m alone. */
function addResidual(
  hessian: Tensor,
  { from, values, columns }: Slab,
  net: Architecture,
  hidden: ParameterIndices,
  output: ParameterIndices,
): void {
  const n = hessian.shape[0];
  const H = hessian.data;
  const size = values.shape[1];
  for (let k = 0, row = 0; k < net.outputs; k++) {
    for (let m = 0; m < net.hidden; m++, row += size) {
      const km = output.at[k * output.width + m];
      for (let s = 0; s < size; s++) {
        const mc = hidden.at[m * hidden.width + columns.ofU[from + s]];
        H[km * n + mc] += values.data[row + s];
        H[mc * n + km] = H[km * n + mc];
      }
    }
  }
}
