import { broadcastTo as broadcastKernel, sumTo as sumKernel } from "../tensor/broadcast.js";
import { gate } from "../tensor/elementwise.js";
import { forEachLine } from "../tensor/lines.js";
import { rowMajor, rowMajorStride, sameShape, sizeOf, type Tensor, withData, zeros } from "../tensor/view.js";
import { apply, type Operation } from "./trace.js";
import { dense, type Value } from "./value.js";

// Operations that move, copy or add up elements. All are linear, so a tangent goes through the operation itself, and an
// adjoint through the operation's transpose, which is another one of this file.

/** A linear operation of one input, by its kernel, its transpose and, where it has one, its rule for stacks. */
export function linear<Parameters>(
  name: string,
  run: (input: Tensor, parameters: Parameters) => Tensor,
  transposed: (adjoint: Value, inputShape: readonly number[], parameters: Parameters) => Value,
  mapped?: (stack: Value, parameters: Parameters) => Value,
): Operation<Parameters> {
  const operation: Operation<Parameters> = {
    name,
    run: ([input], parameters) => run(input, parameters),
    jvp: ([tangent], _inputs, _output, parameters) => apply(operation, [tangent as Value], parameters),
    vjp: (_index, adjoint, [input], _output, parameters) => transposed(adjoint, input.shape, parameters),
    ...(mapped && { vmap: ([stack], _mapped, parameters) => mapped(stack, parameters) }),
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
    (stack, shape) =>
      apply(linearOperations.broadcastTo, [ofRank(stack, shape.length)], [stack.shape[0], ...shape]),
  ),
  sumTo: linear(
    "sumTo",
    (x, shape) => sumKernel(x, shape),
    (g, shape) => apply(linearOperations.broadcastTo, [g], shape),
    (stack, shape) => {
      const [count, ...own] = stack.shape;
      const kept = [...ones(own.length - shape.length), ...shape];
      return reshaped(apply(linearOperations.sumTo, [stack], [count, ...kept]), [count, ...shape]);
    },
  ),
  reshape: linear(
    "reshape",
    (x, shape) => rowMajor(x.data, shape),
    (g, shape) => apply(linearOperations.reshape, [g], shape),
    (stack, shape) => reshaped(stack, [stack.shape[0], ...shape]),
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
    (stack, axes) => apply(linearOperations.transpose, [stack], [0, ...axes.map((axis) => axis + 1)]),
  ),
  /** Elements of the input where those of another tensor, of its shape or stacked, are positive, zeros elsewhere. */
  gate: linear(
    "gate",
    (x, by) => {
      const out = new Float64Array(x.data.length);
      gate(out, x.data, by.data);
      return withData(x, out);
    },
    (g, _shape, by) => apply(linearOperations.gate, [g], by),
    (stack, by) => apply(linearOperations.gate, [stack], by),
  ),
  slice: linear(
    "slice",
    ({ data }, window) => dense(windowView(data, window)),
    (g, _shape, window) => apply(linearOperations.embed, [g], window),
    (stack, window) => apply(linearOperations.slice, [stack], stackedWindow(stack.shape[0], window)),
  ),
  embed: linear(
    "embed",
    (x, window) => {
      const out = zeros(window.whole);
      copyInto(windowView(out.data, window), x);
      return out;
    },
    (g, _shape, window) => apply(linearOperations.slice, [g], window),
    (stack, window) => apply(linearOperations.embed, [stack], stackedWindow(stack.shape[0], window)),
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
    vmap(inputs, mapped, parts) {
      const count = countOf(inputs, mapped);
      const stacks = inputs.map((input, index) =>
        mapped[index] ? input : apply(linearOperations.broadcastTo, [input], [count, ...input.shape]),
      );
      return apply(linearOperations.concatenate, stacks, { ...parts, axis: parts.axis + 1 });
    },
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

const ones = (count: number): number[] => new Array<number>(count).fill(1);

function reshaped(value: Value, shape: readonly number[]): Value {
  return sameShape(value.shape, shape) ? value : apply(linearOperations.reshape, [value], shape);
}

/** T, of inputs some of which are stacks. */
export function countOf(inputs: readonly Value[], mapped: readonly boolean[]): number {
  return inputs[mapped.indexOf(true)].shape[0];
}

/** A stack of tensors that stretch to a rank, as a stack of tensors of that rank. */
export function ofRank(stack: Value, rank: number): Value {
  const [count, ...own] = stack.shape;
  return reshaped(stack, [count, ...ones(rank - own.length), ...own]);
}

function stackedWindow(count: number, { corner, extents, whole }: Window): Window {
  return { corner: [0, ...corner], extents: [count, ...extents], whole: [count, ...whole] };
}

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
