import {
  ArgumentError,
  describe,
  inFunction,
  requireArray,
  requireFinite,
  requireInteger,
  requireObject,
  requireOneOf,
  ShapeError,
  vectorAdvice,
} from "../errors.js";
import { type ParameterRange, sizeOf } from "../tensor/view.js";
import { isFloat64Array } from "../typed-arrays.js";
import type { LossChoice } from "./losses.js";

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
  readonly loss: LossChoice;
  /** n, the length of theta. */
  readonly size: number;
  /** The parameter tensors in the order of theta, row-major. */
  readonly layout: readonly ParameterBlock[];
}

/**
 * `theta` as a checked Float64Array.
 * @throws ShapeError unless it has the network's n entries, NonFiniteError
 */
export function checkParameters(name: string, net: NetworkShape, theta: Float64Array): Float64Array {
  if (!isFloat64Array(theta)) {
    throw new ArgumentError({
      expected: `${name} to be a Float64Array`,
      got: describe(theta),
      ...vectorAdvice(theta),
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

/**
 * Where a parameter tensor or a layer lies in theta. Dense layers go by their number, "layer1" for W1 and b1; layers of
 * `sequential` by the beginnings of their names, "3" for "3.weight" and "3.bias".
 * @returns where theta.subarray(from, to) are the block's parameters
 * @throws ArgumentError for a block that the network does not have
 * @example
 * import { parameterRange, threeLayerNet } from "flatward";
 * const net = threeLayerNet({ inputs: 4, hidden: 8, outputs: 3 });
 * console.log(parameterRange(net, "layer2")); // → { from: 40, to: 67 }
 * const { from, to } = parameterRange(net, "b2");
 * console.log(net.init(1).subarray(from, to).length); // → 3
 */
export function parameterRange(net: NetworkShape, name: string): ParameterRange {
  return inFunction("parameterRange", () => rangeOf(net, name));
}

/** What makes a network, for whoever passed none. */
export const networkAdvice = "threeLayerNet, multilayerNet and sequential make networks";

/** `parameterRange` under the caller's name. */
export function rangeOf(net: NetworkShape, name: string): ParameterRange {
  requireObject("net", net, networkAdvice);
  requireArray("net.layout", net.layout, networkAdvice);
  const layers = new Set(net.layout.flatMap((block) => layersOf(block.name)));
  const names = [...net.layout.map((block) => block.name), ...layers];
  const noBiases = net.layout.every((block) => /^W\d+$/.test(block.name));
  requireOneOf("name", name, names, noBiases ? "the net was made without biases" : undefined);
  const parts = net.layout.filter((block) => block.name === name || layersOf(block.name).includes(name));
  const last = parts[parts.length - 1];
  return { from: parts[0].offset, to: last.offset + sizeOf(last.shape) };
}

/** The layers that a parameter tensor belongs to: "layer1" for "W1"; "3" and "3.layers" for "3.layers.weight". */
function layersOf(block: string): string[] {
  if (/^[Wb]\d+$/.test(block)) return [`layer${block.slice(1)}`];
  const parts = block.split(".");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
}

/** The tensors of theta, in order and without gaps: the `layout` of every network. */
export type ParameterLayout = readonly ParameterBlock[];

/** @throws ArgumentError, ShapeError unless the tensors follow one another and fill `size` entries */
export function checkLayout(layout: ParameterLayout | undefined, size: number): ParameterLayout {
  if (!Array.isArray(layout) || layout.length === 0) {
    throw new ArgumentError({
      expected: "layout to be a list of { name, shape, offset }",
      got: describe(layout),
      next: "pass the network's own: net.layout",
    });
  }
  let end = 0;
  for (const tensor of layout as ParameterLayout) {
    requireObject("a tensor of layout", tensor, "{ name, shape, offset }");
    const { name, shape, offset } = tensor;
    requireArray(`the shape of ${name}`, shape);
    for (const extent of shape) requireInteger(`an extent of ${name}`, extent, 1);
    if (offset !== end) {
      throw new ShapeError({ expected: `${name} to begin at ${end}`, got: describe(offset) });
    }
    end += sizeOf(shape);
  }
  if (end === size) return layout;
  throw new ShapeError({ expected: `a layout of ${size} parameters`, got: `${end}` });
}
