import { NonFiniteError } from "../../errors.js";
import { gemm } from "../../tensor/matmul.js";
import { columnRange, matrixView, type Tensor, transpose, zeros } from "../../tensor/view.js";
import { type PreparedBatch, selectPrepared, selectRows } from "../batch.js";
import { loss as lossOf } from "../losses.js";
import { activation } from "./activations.js";
import { type Architecture, type DenseLayer, weightsOf } from "./architecture.js";

/** What one layer z = W a + b computed for each of N samples. */
export interface LayerPass {
  /** ã, N × h̃: the layer's inputs, with a 1 at the end of each row where it has biases. */
  readonly rows: Tensor;
  /** φ(z), N × h: columns of the next layer's `rows`; z itself, the logits, of the last layer. */
  readonly outputs: Tensor;
  /** φ′(z), φ″(z) and φ‴(z), N × h each; empty for the last layer. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly third: Float64Array;
  /** Scratch for backward passes: the adjoint of z, N × h. */
  readonly adjoint: Tensor;
}

/** A whole forward pass; its buffers are reused from one theta to the next. */
export interface ForwardPass {
  readonly layers: readonly LayerPass[];
  /** u, N × K. */
  readonly logits: Tensor;
  /** p, N × K. */
  readonly means: Float64Array;
  /** r = p − y, N × K. */
  readonly residuals: Float64Array;
}

/** A forward pass that has run, and what it is of. */
export interface FinishedPass {
  readonly net: Architecture;
  readonly theta: Float64Array;
  readonly batch: PreparedBatch;
  readonly pass: ForwardPass;
}

/** Buffers for the samples of `inputs` (N × d̃), which are the first layer's rows. */
export function createPass(net: Architecture, inputs: Tensor): ForwardPass {
  const count = inputs.shape[0];
  const layers: LayerPass[] = [];
  let rows = inputs;
  net.layers.forEach(({ units }, l) => {
    const next: DenseLayer | undefined = net.layers[l + 1];
    const jets = () => new Float64Array(next ? count * units : 0);
    const following = next ? createRows(count, next) : zeros([count, units]);
    layers.push({
      rows,
      outputs: withoutBias(following, units),
      first: jets(),
      second: jets(),
      third: jets(),
      adjoint: zeros([count, units]),
    });
    rows = following;
  });
  return {
    layers,
    logits: rows,
    means: new Float64Array(count * net.outputs),
    residuals: new Float64Array(count * net.outputs),
  };
}

function createRows(count: number, { inputs, bias }: DenseLayer): Tensor {
  const width = inputs + (bias ? 1 : 0);
  const data = new Float64Array(count * width);
  if (bias) for (let i = 0; i < count; i++) data[i * width + inputs] = 1;
  return matrixView(data, count, width);
}

/** The first `extent` columns: a layer's inputs without their trailing 1. */
export function withoutBias(rows: Tensor, extent: number): Tensor {
  return columnRange(rows, 0, extent);
}

/** What it computed of some samples, with weights in the place of their own. */
export function passOf(
  { net, theta, batch, pass }: FinishedPass,
  samples: Int32Array,
  weights: Float64Array,
): FinishedPass {
  const taken = selectPrepared(batch, samples, weights);
  const own = createPass(net, taken.inputs);
  const copy = (to: Float64Array, from: Float64Array) =>
    to.set(selectRows(from, from.length / batch.count, samples));
  own.layers.forEach(({ first, second, third, rows }, l) => {
    const from = pass.layers[l];
    if (l > 0) copy(rows.data, from.rows.data);
    copy(first, from.first);
    copy(second, from.second);
    copy(third, from.third);
  });
  copy(own.logits.data, pass.logits.data);
  copy(own.means, pass.means);
  copy(own.residuals, pass.residuals);
  return { net, theta, batch: taken, pass: own };
}

/** z = W a + b and φ(z), with its derivatives, layer by layer. */
export function forwardLogits({ layers }: Architecture, theta: Float64Array, pass: ForwardPass): void {
  layers.forEach((layer, l) => {
    const { rows, outputs } = pass.layers[l];
    gemm(outputs, withoutBias(rows, layer.inputs), transpose(weightsOf(layer, theta)));
    if (l < layers.length - 1) activate(layer, theta, pass.layers[l]);
    else addBias(outputs, theta, layer.biases);
  });
}

/** Overwrites W a with φ(W a + b), and writes the derivatives. */
function activate(layer: DenseLayer, theta: Float64Array, { outputs, ...pass }: LayerPass): void {
  const { first, second, third } = pass;
  const { units, biases } = layer;
  const { data, shape, stride } = outputs;
  const { jet } = activation(layer.activation);
  const point = new Float64Array(4);
  for (let i = 0; i < shape[0]; i++) {
    for (let m = 0; m < units; m++) {
      const at = i * stride[0] + m;
      jet(biases < 0 ? data[at] : data[at] + theta[biases + m], point);
      data[at] = point[0];
      first[i * units + m] = point[1];
      second[i * units + m] = point[2];
      third[i * units + m] = point[3];
    }
  }
}

/** Adds theta's block from `offset` on to every row; nothing when the offset is −1, for a layer without biases. */
export function addBias(rows: Tensor, theta: Float64Array, offset: number): void {
  if (offset < 0) return;
  const [count, width] = rows.shape;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) rows.data[i * width + k] += theta[offset + k];
  }
}

/**
 * The full pass; returns the loss Σ ω_i ℓ_i.
 * @throws NonFiniteError that names the sample in which the loss overflowed, or for an overflow of the sum
 */
export function forward(
  net: Architecture,
  theta: Float64Array,
  batch: PreparedBatch,
  pass: ForwardPass,
): number {
  forwardLogits(net, theta, pass);
  const { outputs } = net;
  const { means, residuals, logits } = pass;
  const { evaluate } = lossOf(net.loss);
  let total = 0;
  for (let i = 0; i < batch.count; i++) {
    const sampleLoss = evaluate(logits.data, batch.targets, i * outputs, outputs, means, residuals);
    if (!Number.isFinite(sampleLoss))
      throw nonFiniteLoss(sampleLoss, logits.data.subarray(i * outputs, (i + 1) * outputs), i);
    total += batch.weights[i] * sampleLoss;
  }
  return checkTotal(total);
}

/** @throws NonFiniteError when finite losses overflow in their weighted sum */
export function checkTotal(total: number): number {
  if (Number.isFinite(total)) return total;
  throw new NonFiniteError({
    expected: "a finite loss",
    got: `${total}, the weighted sum of losses that are finite each`,
    next: "scale the weights, or the inputs",
  });
}

export function nonFiniteLoss(value: number, logits: Float64Array, sample: number): NonFiniteError {
  return new NonFiniteError({
    expected: "a finite loss",
    got: `${value} at sample ${sample}, whose logits are [${Array.from(logits.subarray(0, 8)).join(", ")}]`,
    next: "lower the learning rate, or scale the inputs",
  });
}
