import { matrixView, type Tensor } from "../../tensor/view.js";
import type { NetworkShape, ParameterBlock } from "../layout.js";
import type { ActivationName } from "./activations.js";

/** The parameter tensors of a network with one hidden layer. */
export interface ArchitectureBlock extends ParameterBlock {
  readonly name: "W1" | "b1" | "W2" | "b2";
}

/** The extents of a network with one hidden layer, and its fixed functions. */
export interface Architecture extends NetworkShape {
  /** h, hidden units. */
  readonly hidden: number;
  readonly activation: ActivationName;
  readonly bias: boolean;
  /** n, the length of theta: h(d+1) + K(h+1), or hd + Kh without bias. */
  readonly size: number;
  /** W1 (h×d), b1 (h), W2 (K×h), b2 (K), in the order of theta. */
  readonly layout: readonly ArchitectureBlock[];
}

/** The blocks of theta in order, and their total length. */
export function layoutOf(
  inputs: number,
  hidden: number,
  outputs: number,
  bias: boolean,
): Pick<Architecture, "size" | "layout"> {
  const shapes: [ArchitectureBlock["name"], number[]][] = [
    ["W1", [hidden, inputs]],
    ["b1", [hidden]],
    ["W2", [outputs, hidden]],
    ["b2", [outputs]],
  ];
  let offset = 0;
  const layout: ArchitectureBlock[] = [];
  for (const [name, shape] of shapes) {
    if (!bias && name.startsWith("b")) continue;
    layout.push({ name, shape, offset });
    offset += shape.reduce((product, extent) => product * extent, 1);
  }
  return { size: offset, layout };
}

/** Offset of a block in theta, −1 when the network has none. */
export function blockOffset(net: Architecture, name: ArchitectureBlock["name"]): number {
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
