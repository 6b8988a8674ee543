import { ArgumentError, describe, requireFinite, ShapeError } from "../errors.js";
import { matrixView, type Tensor } from "../tensor/view.js";
import type { ActivationName } from "./activations.js";
import type { LossName } from "./losses.js";

/** Where one parameter tensor lies in theta. */
export interface ParameterBlock {
  readonly name: "W1" | "b1" | "W2" | "b2";
  readonly shape: readonly number[];
  readonly offset: number;
}

/** The extents of a network with one hidden layer, and its fixed functions. */
export interface Architecture {
  /** d, features of a sample. */
  readonly inputs: number;
  /** h, hidden units. */
  readonly hidden: number;
  /** K, logits. */
  readonly outputs: number;
  readonly activation: ActivationName;
  readonly loss: LossName;
  readonly bias: boolean;
  /** n, the length of theta: h(d+1) + K(h+1), or hd + Kh without bias. */
  readonly size: number;
  /** W1 (h×d), b1 (h), W2 (K×h), b2 (K), in the order of theta. */
  readonly layout: readonly ParameterBlock[];
}

/** The blocks of theta in order, and their total length. */
export function layoutOf(
  inputs: number,
  hidden: number,
  outputs: number,
  bias: boolean,
): Pick<Architecture, "size" | "layout"> {
  const shapes: [ParameterBlock["name"], number[]][] = [
    ["W1", [hidden, inputs]],
    ["b1", [hidden]],
    ["W2", [outputs, hidden]],
    ["b2", [outputs]],
  ];
  let offset = 0;
  const layout: ParameterBlock[] = [];
  for (const [name, shape] of shapes) {
    if (!bias && name.startsWith("b")) continue;
    layout.push({ name, shape, offset });
    offset += shape.reduce((product, extent) => product * extent, 1);
  }
  return { size: offset, layout };
}

/** Offset of a block in theta, −1 when the network has none. */
export function blockOffset(net: Architecture, name: ParameterBlock["name"]): number {
  return net.layout.find((block) => block.name === name)?.offset ?? -1;
}

/** W1 (h×d) as a view of theta, or of anything laid out like it. */
export function inputWeights(net: Architecture, theta: Float64Array): Tensor {
  return matrixView(theta, net.hidden, net.inputs, blockOffset(net, "W1"));
}

/** W2 (K×h) as a view of theta, or of anything laid out like it. */
export function outputWeights(net: Architecture, theta: Float64Array): Tensor {
  return matrixView(theta, net.outputs, net.hidden, blockOffset(net, "W2"));
}

/**
 * `theta` as a checked Float64Array.
 * @throws ShapeError unless it has the network's n entries, NonFiniteError
 */
export function checkParameters(
  where: string,
  name: string,
  net: Architecture,
  theta: Float64Array,
): Float64Array {
  if (!(theta instanceof Float64Array)) {
    throw new ArgumentError({
      where,
      expected: `${name} to be a Float64Array`,
      got: describe(theta),
      next: "Float64Array.from(values) makes one",
    });
  }
  if (theta.length !== net.size) {
    throw new ShapeError({
      where,
      expected: `${name} of length ${net.size}`,
      got: `${theta.length}`,
      next: `its order is ${net.layout.map((block) => `${block.name} (${block.shape.join("×")})`).join(", ")}`,
    });
  }
  requireFinite(where, name, theta);
  return theta;
}
