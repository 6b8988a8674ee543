import { blockOffset, type OneHiddenLayer } from "../nn/dense/one-hidden-layer.js";
import type { Tensor } from "../tensor/view.js";
import type { Slab } from "./khatri-rao.js";

/** The position in theta of weight (unit, input), and of the unit's bias as its last input. */
export interface ParameterIndices {
  readonly width: number;
  readonly at: Int32Array;
}

export function parameterIndices(
  net: OneHiddenLayer,
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
export function scatterSymmetric(
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

/** The Hessian's block of output weights by hidden weights, and its mirror image. */
export interface MixedBlock {
  readonly hessian: Tensor;
  readonly net: OneHiddenLayer;
  readonly hidden: ParameterIndices;
  readonly output: ParameterIndices;
}

/** T[(k,m), (j,c)] is the entry of H at (k,j), (m,c). */
export function scatterMixed({ hessian, net, hidden, output }: MixedBlock, slab: Slab): void {
  const { from, values, columns } = slab;
  const { data: H, shape } = hessian;
  const [n, size] = [shape[0], values.shape[1]];
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
export function addResidual({ hessian, net, hidden, output }: MixedBlock, slab: Slab): void {
  const { from, values, columns } = slab;
  const { data: H, shape } = hessian;
  const [n, size] = [shape[0], values.shape[1]];
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
