import { ArgumentError, inFunction, requireInteger } from "../../errors.js";
import { symmetricEigen } from "../../linalg/dense/eigh.js";
import { hutchinsonTrace } from "../../linalg/estimates/hutchinson.js";
import type { SampleMean } from "../../linalg/estimates/sample-mean.js";
import { productsOf } from "../../linalg/krylov/products.js";
import { type Operator, operatorOf } from "../../linalg/operator.js";
import { checkLayout, type ParameterLayout } from "../../nn/layout.js";
import type { Objective } from "../../optim/objective.js";
import { requireOptions } from "../../options.js";
import { randomStream } from "../../random.js";
import { gemm } from "../../tensor/matmul.js";
import { matrixView, sizeOf, type Tensor, transpose, zeros } from "../../tensor/view.js";
import { normalizedHessian } from "../hessian-at.js";

/** The layers of `relativeFlatness`, and when it estimates. */
export interface RelativeFlatnessOptions {
  /** The network's: every tensor of two or more extents is a layer's weights. */
  readonly layout: ParameterLayout;
  /** Up to so many products a layer is computed exactly, by min(rows, columns) · columns of them. ≥ 0, default 500. */
  readonly productLimit?: number | undefined;
  /** Beyond: random vectors, one product each, ≥ 2. Default 100. */
  readonly samples?: number | undefined;
  /** Seed of the random vectors. Default 0. */
  readonly seed?: number | undefined;
}

/** κ of one layer; the standard error is 0 where it was computed exactly. */
export interface LayerFlatness extends SampleMean {
  /** The tensor's, from the layout. */
  readonly name: string;
  /** Products H·v. */
  readonly products: number;
}

/** The relative flatness of a network, and of each of its layers. */
export interface RelativeFlatness {
  /** Σ κ over the layers. */
  readonly value: number;
  readonly standardError: number;
  readonly layers: readonly LayerFlatness[];
}

/**
 * Relative flatness: for each layer's weights W, with rows w_s, κ = Σ_{s,s'} ⟨w_s, w_s'⟩ tr H_{s,s'}, H_{s,s'} the block of
 * the Hessian that belongs to rows s and s'. Small is flat. Biases have no part in it. A convolution's rows are its
 * filters, flattened: there the definition is as the paper has it, and its theorems are not.
 *
 * With A Aᵀ = W Wᵀ and r columns of A, κ = Σ_{i≤r, j} u_ijᵀ H u_ij, u_ij having column i of A as its column j: the trace of
 * an operator of size r · columns, which is formed or estimated.
 * @throws ArgumentError, as for a layout without weights; ShapeError, NonFiniteError
 * Petzka, Kamp, Adilova, Sminchisescu & Boley 2021, NeurIPS (arXiv 2001.00939).
 * @example
 * import { lossObjective, threeLayerNet } from "flatward";
 * import { relativeFlatness } from "flatward/landscape";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const { value, layers } = relativeFlatness(lossObjective(net, batch), theta, { layout: net.layout });
 * const sum = layers.reduce((total, layer) => total + layer.value, 0);
 * console.log(layers.length, Math.abs(value - sum) < 1e-14); // → 2 true
 */
export function relativeFlatness(
  objective: Objective,
  theta: Float64Array,
  options: RelativeFlatnessOptions,
): RelativeFlatness {
  return inFunction("relativeFlatness", () => {
    requireOptions(options, ["layout", "productLimit", "samples", "seed"], "at least { layout }");
    const { productLimit = 500, samples = 100, seed = 0 } = options;
    requireInteger("productLimit", productLimit, 0);
    requireInteger("samples", samples, 2, "one sample has no standard error");
    requireInteger("seed", seed, 0);
    const hessian = normalizedHessian(objective, theta, {});
    const weights = checkLayout(options.layout, objective.size).filter(({ shape }) => shape.length >= 2);
    if (weights.length === 0) {
      throw new ArgumentError({
        expected: "a layout with a tensor of two or more extents",
        got: `only ${options.layout.map(({ name }) => name).join(", ")}`,
      });
    }
    const seeds = randomStream(seed, "relativeFlatness");
    const layers = weights.map(({ name, shape, offset }, layer): LayerFlatness => {
      const columns = sizeOf(shape) / shape[0];
      const factor = gramFactor(matrixView(theta, shape[0], columns, offset));
      const operator = weighted(hessian, factor, columns, offset);
      if (operator.size <= productLimit) {
        return { name, value: exactTrace(operator), standardError: 0, products: operator.size };
      }
      const { value, standardError, products } = hutchinsonTrace(operator, {
        samples,
        seed: seeds.stream(layer).bits(),
      });
      return { name, value, standardError, products };
    });
    return {
      value: layers.reduce((sum, { value }) => sum + value, 0),
      standardError: Math.hypot(...layers.map(({ standardError }) => standardError)),
      layers,
    };
  });
}

/** A (rows, r) with A Aᵀ = W Wᵀ, r the smaller extent: W itself, or the square root of its Gram matrix. */
function gramFactor(w: Tensor): Tensor {
  const [rows, columns] = w.shape;
  if (columns <= rows) return w;
  const gram = zeros([rows, rows]);
  gemm(gram, w, transpose(w));
  const { values, vectors } = symmetricEigen(gram, { vectors: true });
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < rows; j++) vectors.data[i * rows + j] *= Math.sqrt(Math.max(0, values[j]));
  return vectors;
}

/** Z (r, columns) ↦ Aᵀ (H·(A Z)) on one layer: the operator whose trace is κ. */
function weighted(hessian: Operator, a: Tensor, columns: number, offset: number): Operator {
  const [rows, r] = a.shape;
  const direction = new Float64Array(hessian.size);
  const product = new Float64Array(hessian.size);
  return operatorOf(r * columns, (z, out) => {
    gemm(matrixView(direction, rows, columns, offset), a, matrixView(z, r, columns));
    hessian.apply(direction, product);
    gemm(matrixView(out, r, columns), transpose(a), matrixView(product, rows, columns, offset));
  });
}

/** Σ e_iᵀ A e_i. */
function exactTrace(operator: Operator): number {
  const products = productsOf(operator);
  const unit = new Float64Array(operator.size);
  const product = new Float64Array(operator.size);
  let trace = 0;
  for (let i = 0; i < operator.size; i++) {
    unit[i] = 1;
    products.require(unit, product);
    trace += product[i];
    unit[i] = 0;
  }
  return trace;
}
