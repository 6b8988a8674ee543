import { keptColumns, keptTranspose, keptView } from "../../tensor/kept-view.js";
import { type Factor, fixed, gemm } from "../../tensor/matmul.js";
import { scratch, scratchTensor } from "../../tensor/scratch.js";
import { copyMatrix, type MatrixLike, type Tensor } from "../../tensor/view.js";
import { type PreparedBatch, prepareInputs, selectPrepared, selectRows } from "../batch.js";
import { checkTotal, nonFiniteLoss } from "../finite-loss.js";
import { checkParameters } from "../layout.js";
import { loss as lossOf } from "../losses.js";
import { activation, jetsOf } from "./activations.js";
import { type Architecture, type DenseLayer, weightsOf } from "./architecture.js";
import type { Order } from "./jets.js";

/** What one layer z = W a + b computed for each of N samples. */
export interface LayerPass {
  /** ã, N × h̃: the layer's inputs, with a 1 at the end of each row where it has biases. */
  readonly rows: Tensor;
  /** a, N × h: those without the 1, before and after the other factor of a product. */
  readonly before: Factor;
  readonly after: Factor;
  /** φ(z), N × h: columns of the next layer's `rows`; z itself, the logits, of the last layer. */
  readonly outputs: Tensor;
  /** φ′(z), φ″(z) and φ‴(z), N × h each; empty beyond the order of the pass, and for the last layer. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly third: Float64Array;
  /** Scratch: z, N × h, and in backward passes its adjoint. */
  readonly adjoint: Tensor;
}

/** A whole forward pass; its buffers are reused from one theta to the next. */
export interface ForwardPass {
  /** Derivatives of the activations that it computes. */
  readonly order: Order;
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

/** Buffers for samples (N × d̃), which are the first layer's rows, and do not change. */
export function createPass(net: Architecture, samples: Tensor, order: Order): ForwardPass {
  const count = samples.shape[0];
  const layers: LayerPass[] = [];
  let rows = samples;
  net.layers.forEach((layer, l) => {
    const { units } = layer;
    const next: DenseLayer | undefined = net.layers[l + 1];
    const jets = (needed: boolean) => scratch(next && needed ? count * units : 0);
    const following = next ? createRows(count, next) : scratchTensor([count, units]);
    const inputs = withoutBias(rows, layer.inputs);
    // The samples stay as they are, from one theta to the next.
    const [before, after] = l === 0 ? [fixed(inputs), fixed(inputs)] : [inputs, inputs];
    layers.push({
      ...{ rows, before, after },
      outputs: withoutBias(following, units),
      first: jets(order > 0),
      second: jets(order > 1),
      third: jets(order > 2),
      adjoint: scratchTensor([count, units]),
    });
    rows = following;
  });
  return {
    order,
    layers,
    logits: rows,
    means: scratch(count * net.outputs),
    residuals: scratch(count * net.outputs),
  };
}

function createRows(count: number, { inputs, bias }: DenseLayer): Tensor {
  const width = inputs + (bias ? 1 : 0);
  const data = scratch(count * width);
  if (bias) for (let i = 0; i < count; i++) data[i * width + inputs] = 1;
  return keptView(data, count, width);
}

/** The first `extent` columns: a layer's inputs without their trailing 1. */
export function withoutBias(rows: Tensor, extent: number): Tensor {
  return keptColumns(rows, 0, extent);
}

/** What it computed of some samples, with weights in the place of their own. */
export function passOf(
  { net, theta, batch, pass }: FinishedPass,
  samples: Int32Array,
  weights: Float64Array,
): FinishedPass {
  const taken = selectPrepared(batch, samples, weights);
  const own = createPass(net, taken.inputs, pass.order);
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
function forwardLogits(
  { layers }: Architecture,
  theta: Float64Array,
  { order, layers: passes }: ForwardPass,
): void {
  layers.forEach((layer, l) => {
    const { before, outputs, adjoint: z, first, second, third } = passes[l];
    const last = l === layers.length - 1;
    const out = last ? outputs : z;
    gemm(out, before, keptTranspose(weightsOf(layer, theta)));
    addBias(out, theta, layer.biases);
    if (last) return;
    jetsOf(activation(layer.activation))(z.data, first, second, third, order);
    copyMatrix(outputs.data, outputs.stride[0], z);
  });
}

/** The logits of samples without targets (N × K). @throws ShapeError, NonFiniteError */
export function chainLogits(net: Architecture, theta: Float64Array, x: MatrixLike): Tensor {
  const pass = createPass(net, prepareInputs("x", net, x, net.layers[0].bias), 0);
  forwardLogits(net, checkParameters("theta", net, theta), pass);
  return pass.logits;
}

/** Adds theta's block from `offset` on to every row; nothing when the offset is −1, for a layer without biases. */
function addBias(rows: Tensor, theta: Float64Array, offset: number): void {
  if (offset < 0) return;
  const { data, shape } = rows;
  const width = shape[1];
  let row = 0;
  // Of four rows at once, since they may be short.
  for (; row + 4 * width <= data.length; row += 4 * width) {
    for (let k = 0; k < width; k++) {
      const bias = theta[offset + k];
      const at = row + k;
      data[at] += bias;
      data[at + width] += bias;
      data[at + 2 * width] += bias;
      data[at + 3 * width] += bias;
    }
  }
  for (; row < data.length; row += width) for (let k = 0; k < width; k++) data[row + k] += theta[offset + k];
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
