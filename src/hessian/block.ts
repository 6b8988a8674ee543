import {
  describe,
  inFunction,
  inMaker,
  requireFinite,
  requireObject,
  requireOneOf,
  ShapeError,
} from "../errors.js";
import type { LinearOperator } from "../linalg/operator.js";
import type { Batch } from "../nn/batch.js";
import { forwardOn } from "../nn/dense/forward.js";
import type { Architecture, NetworkShape } from "../nn/layout.js";
import type { Network } from "../nn/network.js";
import { columnRange, type Tensor, zeros } from "../tensor/view.js";
import { createFactors, curvatureFactors } from "./factors.js";
import { createFeature, streamKhatriRao } from "./khatri-rao.js";
import { checkOutput, operatorOf } from "./operator.js";
import { scatterSymmetric } from "./scatter.js";

/** A parameter tensor, or a layer: its weights and biases. */
export type BlockName = "W1" | "b1" | "W2" | "b2" | "layer1" | "layer2";

/** Parameters from … to − 1 of theta. */
export interface ParameterRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Where a parameter tensor or a layer lies in theta. Layers of `sequential` go by the beginnings of their names: "3" for
 * "3.weight" and "3.bias".
 * @param name a `BlockName` with one hidden layer @throws ArgumentError for a block that the network does not have
 */
export function parameterRange(net: NetworkShape, name: string): ParameterRange {
  return inFunction("parameterRange", () => rangeOf(net, name));
}

function rangeOf(net: NetworkShape, name: string): ParameterRange {
  requireObject("net", net, "threeLayerNet and sequential make one");
  const layers = new Set(net.layout.flatMap((block) => layersOf(net, block.name)));
  const names = [...net.layout.map((block) => block.name), ...layers];
  const noBiases = "bias" in net && !net.bias;
  requireOneOf("name", name, names, noBiases ? "the net was made without biases" : undefined);
  const parts = net.layout.filter((block) => block.name === name || layersOf(net, block.name).includes(name));
  const last = parts[parts.length - 1];
  return {
    from: parts[0].offset,
    to: last.offset + last.shape.reduce((product, extent) => product * extent, 1),
  };
}

/** The layers that a parameter tensor belongs to: "layer1" for "W1"; "3" and "3.layers" for "3.layers.weight". */
function layersOf(net: NetworkShape, block: string): string[] {
  if ("hidden" in net) return [`layer${block[1]}`];
  const parts = block.split(".");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
}

/**
 * The principal block of the exact Hessian that belongs to one parameter tensor or layer: the Hessian by these
 * parameters alone, the others fixed. Assembled directly; the rest of H is not formed.
 * @param theta (n) @returns (b,b) for a block of b parameters, symmetric to the bit, with the bits of `exactHessian`
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for a block that the network does not have
 */
export function hessianBlock(net: Architecture, theta: Float64Array, batch: Batch, name: BlockName): Tensor {
  return inFunction("hessianBlock", () => {
    const { prepared, pass } = forwardOn(net, theta, batch);
    const { from, to } = rangeOf(net, name);
    const { count, inputs, weights } = prepared;
    const factors = createFactors(net, count, 1);
    curvatureFactors(net, theta, pass, count, factors);

    const first = name === "W1" || name === "b1" || name === "layer1";
    const [units, fanIn] = first ? [net.hidden, net.inputs] : [net.outputs, net.hidden];
    const rows = first ? inputs : pass.activations;
    const columns: ParameterRange = {
      from: name[0] === "b" ? fanIn : 0,
      to: name[0] === "W" ? fanIn : rows.shape[1],
    };
    const used = columnRange(rows, columns.from, columns.to);
    const block = zeros([to - from, to - from]);
    const index = blockIndices(units, fanIn, columns);
    streamKhatriRao(first ? factors.hidden : factors.output, createFeature(used, used, 1), weights, (slab) =>
      scatterSymmetric(block, slab, units, index),
    );
    requireFinite("the block", block.data);
    return block;
  });
}

/** Where the parameter of (unit, column) stands in the block: weights row by row, then the biases. */
function blockIndices(units: number, fanIn: number, { from, to }: ParameterRange) {
  const width = to - from;
  const weights = Math.max(Math.min(to, fanIn) - from, 0);
  const at = new Int32Array(units * width);
  for (let unit = 0; unit < units; unit++) {
    for (let c = 0; c < width; c++) {
      at[unit * width + c] = c < weights ? unit * weights + c : units * weights + unit;
    }
  }
  return { width, at };
}

/**
 * The block that `parameterRange` names as an operator on vectors of its length, at the cost of `hessianOperator`'s
 * products, for any network. Later changes to `theta` are not seen.
 * @throws ShapeError, LabelError, NonFiniteError, then and in every product; ArgumentError as `parameterRange`
 */
export function hessianBlockOperator(
  net: Network,
  theta: Float64Array,
  batch: Batch,
  name: string,
): LinearOperator {
  return inMaker("hessianBlockOperator", () => {
    const whole = operatorOf(net, theta, batch);
    const { from, to } = rangeOf(net, name);
    const embedded = new Float64Array(net.size);
    const product = new Float64Array(net.size);
    const size = to - from;
    return {
      size,
      apply(v, out) {
        checkOutput(out, size);
        checkVector(v, size);
        embedded.set(v, from);
        whole.apply(embedded, product);
        out.set(product.subarray(from, to));
      },
    };
  });
}

function checkVector(v: Float64Array, size: number): void {
  if (v?.length !== size) throw new ShapeError({ expected: `v of length ${size}`, got: describe(v) });
  requireFinite("v", v);
}
