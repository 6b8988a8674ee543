import { ArgumentError, describe, requireFinite, requireObject, ShapeError } from "../errors.js";
import { matrixView, type Tensor } from "../tensor/view.js";
import type { ActivationName } from "./dense/activations.js";
import type { LossName } from "./losses.js";

/** Where one parameter tensor lies in theta. */
export interface ParameterBlock {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
}

/** What batches and parameter vectors are checked against. */
export interface NetworkShape {
  /** d, features of a sample. */
  readonly inputs: number;
  /** K, logits. */
  readonly outputs: number;
  readonly loss: LossName;
  /** n, the length of theta. */
  readonly size: number;
  /** The parameter tensors in the order of theta, row-major. */
  readonly layout: readonly ParameterBlock[];
}

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

/**
 * The network as what the closed forms take.
 * @throws ArgumentError for no network, and for one of another kind
 */
export function requireClosedForm(net: NetworkShape): Architecture {
  requireObject("net", net, "threeLayerNet makes one");
  if ("hidden" in net) return net as Architecture;
  throw new ArgumentError({
    expected: "a network of threeLayerNet, whose closed form it computes",
    got: "one that is differentiated automatically",
    next: "lossObjective, hessianOperator and exactHessian take every network, and the estimators of flatward/linalg go on from there",
  });
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

/**
 * `theta` as a checked Float64Array.
 * @throws ShapeError unless it has the network's n entries, NonFiniteError
 */
export function checkParameters(name: string, net: NetworkShape, theta: Float64Array): Float64Array {
  if (!(theta instanceof Float64Array)) {
    throw new ArgumentError({
      expected: `${name} to be a Float64Array`,
      got: describe(theta),
      next: "Float64Array.from(values) makes one",
    });
  }
  if (theta.length !== net.size) {
    throw new ShapeError({
      expected: `${name} of length ${net.size}`,
      got: `${theta.length}`,
      next: `its order is ${net.layout.map((block) => `${block.name} (${block.shape.join("×")})`).join(", ")}`,
    });
  }
  requireFinite(name, theta);
  return theta;
}
