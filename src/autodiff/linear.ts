import { broadcastTo as broadcastKernel, sumTo as sumKernel } from "../tensor/broadcast.js";
import { forEachLine } from "../tensor/lines.js";
import { rowMajor, rowMajorStride, sizeOf, type Tensor, withData, zeros } from "../tensor/view.js";
import { apply, type Operation } from "./trace.js";
import { dense, type Value } from "./value.js";

// Operations that move, copy or add up elements. All are linear, so a tangent goes through the operation itself, and an
// adjoint through the operation's transpose, which is another one of this file.

/** A linear operation of one input, by its kernel and its transpose. */
export function linear<Parameters>(
  name: string,
  run: (input: Tensor, parameters: Parameters) => Tensor,
  transposed: (adjoint: Value, inputShape: readonly number[], parameters: Parameters) => Value,
): Operation<Parameters> {
  const operation: Operation<Parameters> = {
    name,
    run: ([input], parameters) => run(input, parameters),
    jvp: ([tangent], _inputs, _output, parameters) => apply(operation, [tangent as Value], parameters),
    vjp: (_index, adjoint, [input], _output, parameters) => transposed(adjoint, input.shape, parameters),
  };
  return operation;
}

/** Parameters of the linear operations, by name. */
export interface LinearParameters {
  broadcastTo: readonly number[];
  sumTo: readonly number[];
  reshape: readonly number[];
  transpose: readonly number[];
  gate: Tensor;
  slice: Window;
  embed: Window;
  concatenate: Parts;
  gather: Indices;
  scatterAdd: Indices;
}

/** Where each part begins along an axis, and where the last one ends. */
export interface Parts {
  readonly axis: number;
  readonly starts: readonly number[];
  readonly whole: number;
}

/** A box of a larger tensor: its corner, and the extents of box and whole. */
export interface Window {
  readonly corner: readonly number[];
  readonly extents: readonly number[];
  readonly whole: readonly number[];
}

/** Rows of a tensor of `count` rows. */
export interface Indices {
  readonly rows: readonly number[];
  readonly count: number;
}

export const linearOperations: {
  readonly [Name in keyof LinearParameters]: Operation<LinearParameters[Name]>;
} = {
  broadcastTo: linear(
    "broadcastTo",
    (x, shape) => broadcastKernel(x, shape),
    (g, shape) => apply(linearOperations.sumTo, [g], shape),
  ),
  sumTo: linear(
    "sumTo",
    (x, shape) => sumKernel(x, shape),
    (g, shape) => apply(linearOperations.broadcastTo, [g], shape),
  ),
  reshape: linear(
    "reshape",
    (x, shape) => rowMajor(x.data, shape),
    (g, shape) => apply(linearOperations.reshape, [g], shape),
  ),
  transpose: linear(
    "transpose",
    ({ data, shape, stride }, axes) =>
      dense({
        data,
        shape: axes.map((axis) => shape[axis]),
        stride: axes.map((axis) => stride[axis]),
        offset: 0,
      }),
    (g, _shape, axes) => apply(linearOperations.transpose, [g], inversePermutation(axes)),
  ),
  /** Elements of the input where those of another tensor are positive, zeros elsewhere. */
  gate: linear(
    "gate",
    (x, by) => {
      const out = new Float64Array(x.data.length);
      for (let i = 0; i < out.length; i++) out[i] = by.data[i] > 0 ? x.data[i] : 0;
      return withData(x, out);
    },
    (g, _shape, by) => apply(linearOperations.gate, [g], by),
  ),
  slice: linear(
    "slice",
    ({ data }, window) => dense(windowView(data, window)),
    (g, _shape, window) => apply(linearOperations.embed, [g], window),
  ),
  embed: linear(
    "embed",
    (x, window) => {
      const out = zeros(window.whole);
      copyInto(windowView(out.data, window), x);
      return out;
    },
    (g, _shape, window) => apply(linearOperations.slice, [g], window),
  ),
  concatenate: {
    name: "concatenate",
    run(inputs, { axis, starts, whole }) {
      const extents = inputs[0].shape.map((extent, a) => (a === axis ? whole : extent));
      const out = zeros(extents);
      inputs.forEach(({ shape, data }, index) => {
        copyInto(
          windowView(out.data, partWindow(shape, axis, starts[index], extents)),
          rowMajor(data, shape),
        );
      });
      return out;
    },
    jvp: (tangents, inputs, _output, parts) =>
      apply(
        linearOperations.concatenate,
        tangents.map((tangent, index) => tangent ?? zeros(inputs[index].shape)),
        parts,
      ),
    vjp: (index, g, inputs, output, { axis, starts }) =>
      apply(linearOperations.slice, [g], partWindow(inputs[index].shape, axis, starts[index], output.shape)),
  },
  gather: linear(
    "gather",
    (x, { rows }) => {
      const width = sizeOf(x.shape.slice(1));
      const out = zeros([rows.length, ...x.shape.slice(1)]);
      rows.forEach((row, i) => {
        out.data.set(x.data.subarray(row * width, (row + 1) * width), i * width);
      });
      return out;
    },
    (g, _shape, indices) => apply(linearOperations.scatterAdd, [g], indices),
  ),
  scatterAdd: linear(
    "scatterAdd",
    (x, { rows, count }) => {
      const width = sizeOf(x.shape.slice(1));
      const out = zeros([count, ...x.shape.slice(1)]);
      rows.forEach((row, i) => {
        for (let j = 0; j < width; j++) out.data[row * width + j] += x.data[i * width + j];
      });
      return out;
    },
    (g, _shape, indices) => apply(linearOperations.gather, [g], indices),
  ),
};

function inversePermutation(axes: readonly number[]): number[] {
  const inverse = new Array<number>(axes.length);
  axes.forEach((axis, position) => {
    inverse[axis] = position;
  });
  return inverse;
}

function windowView(data: Float64Array, { corner, extents, whole }: Window): Tensor {
  const stride = rowMajorStride(whole);
  return {
    data,
    shape: extents,
    stride,
    offset: corner.reduce((sum, start, axis) => sum + start * stride[axis], 0),
  };
}

/** Copies a dense tensor into a view of its shape, whose rows are contiguous. */
function copyInto({ data, stride, offset }: Tensor, { data: source, shape }: Tensor): void {
  const inner = shape[shape.length - 1] ?? 1;
  const copyLine = (start: number, to: number): void => {
    for (let i = start, at = offset + to; i < start + inner; i++, at++) data[at] = source[i];
  };
  forEachLine(shape.slice(0, -1), inner, copyLine, stride);
}

function partWindow(
  extents: readonly number[],
  axis: number,
  start: number,
  whole: readonly number[],
): Window {
  return { corner: whole.map((_, a) => (a === axis ? start : 0)), extents, whole };
}
