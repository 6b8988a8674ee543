import { NonFiniteError } from "../../errors.js";
import { gemm } from "../../tensor/matmul.js";
import { columnRange, matrixView, type Tensor, transpose, zeros } from "../../tensor/view.js";
import type { PreparedBatch } from "../batch.js";
import { loss as lossOf } from "../losses.js";
import { activation } from "./activations.js";
import { type Architecture, blockOffset, inputWeights, outputWeights } from "./architecture.js";

/** What the hidden layer computed for each of N samples. Rows of `activations` end in a 1 when there are biases. */
export interface HiddenPass {
  /** a = φ(z), N × h̃. */
  readonly activations: Tensor;
  /** φ′(z), N × h. */
  readonly first: Float64Array;
  /** φ″(z), N × h. */
  readonly second: Float64Array;
  /** φ‴(z), N × h. */
  readonly third: Float64Array;
  /** u, N × K. */
  readonly logits: Tensor;
}

/** A whole forward pass; its buffers are reused from one theta to the next. */
export interface ForwardPass extends HiddenPass {
  /** p, N × K. */
  readonly means: Float64Array;
  /** r = p − y, N × K. */
  readonly residuals: Float64Array;
  /** Scratch for the backward pass: adjoints of z (N×h) and of u (N×K). */
  readonly hiddenAdjoint: Tensor;
  readonly logitAdjoint: Tensor;
}

/** A forward pass that has run, and what it is of. */
export interface FinishedPass {
  readonly net: Architecture;
  readonly theta: Float64Array;
  readonly batch: PreparedBatch;
  readonly pass: ForwardPass;
}

/** Buffers for `count` samples. */
export function createPass(net: Architecture, count: number): ForwardPass {
  const width = net.hidden + (net.bias ? 1 : 0);
  const activations = new Float64Array(count * width);
  if (net.bias) for (let i = 0; i < count; i++) activations[i * width + net.hidden] = 1;
  return {
    activations: matrixView(activations, count, width),
    first: new Float64Array(count * net.hidden),
    second: new Float64Array(count * net.hidden),
    third: new Float64Array(count * net.hidden),
    logits: zeros([count, net.outputs]),
    means: new Float64Array(count * net.outputs),
    residuals: new Float64Array(count * net.outputs),
    hiddenAdjoint: zeros([count, net.hidden]),
    logitAdjoint: zeros([count, net.outputs]),
  };
}

/** The first `extent` columns: inputs or activations without their trailing 1. */
export function withoutBias(rows: Tensor, extent: number): Tensor {
  return columnRange(rows, 0, extent);
}

/** z = W1 x + b1, a = φ(z), u = W2 a + b2 for every row of `inputs` (N × d̃). */
export function forwardLogits(
  net: Architecture,
  theta: Float64Array,
  inputs: Tensor,
  pass: HiddenPass,
): void {
  const { hidden } = net;
  const { activations, first, second, third, logits } = pass;
  const count = inputs.shape[0];
  const width = activations.stride[0];
  const b1 = blockOffset(net, "b1");
  const { jet } = activation(net.activation);
  const point = new Float64Array(4);

  gemm(
    withoutBias(activations, hidden),
    withoutBias(inputs, net.inputs),
    transpose(inputWeights(net, theta)),
  );
  for (let i = 0; i < count; i++) {
    for (let m = 0; m < hidden; m++) {
      const at = i * width + m;
      jet(b1 < 0 ? activations.data[at] : activations.data[at] + theta[b1 + m], point);
      activations.data[at] = point[0];
      first[i * hidden + m] = point[1];
      second[i * hidden + m] = point[2];
      third[i * hidden + m] = point[3];
    }
  }
  gemm(logits, withoutBias(activations, hidden), transpose(outputWeights(net, theta)));
  addBias(logits, theta, blockOffset(net, "b2"));
}

/** Adds theta's block from `offset` on to every row; nothing when the offset is −1, for a network without biases. */
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
  forwardLogits(net, theta, batch.inputs, pass);
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
