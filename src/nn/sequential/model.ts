import type { Value } from "../../autodiff/index.js";
import { rowMajor, sizeOf, type Tensor, zeros } from "../../tensor/view.js";
import type { NetworkShape } from "../layout.js";
import type { LayerCounts } from "./layers/chain.js";
import type { Layer, Pass, SampleShape } from "./layers/layer.js";

/** The layers of a network, and where their parameters lie. */
export interface Model extends NetworkShape {
  readonly sample: SampleShape;
  readonly chain: Layer;
  readonly counts: LayerCounts;
}

/**
 * Numbers that the graph of one piece's gradient may keep, by the layers' own estimate: 32 MB. Larger batches are
 * evaluated in pieces.
 */
const PIECE = 4 * 1024 * 1024;

/** Whether every sample is normalised by its batch, so that a batch cannot be cut into pieces. */
function couplesSamples({ counts }: Model, pass: Pass | undefined): boolean {
  return counts.normalizations > 0 && pass?.moments === undefined;
}

/** First and end of every piece of a batch of `count` samples. */
export function piecesOf(model: Model, count: number, pass: Pass | undefined): (readonly [number, number])[] {
  const most = couplesSamples(model, pass) ? count : Math.max(1, Math.floor(PIECE / model.chain.footprint));
  const pieces = Math.ceil(count / most);
  // Of nearly equal size, so that all have about the same cost.
  return Array.from({ length: pieces }, (_, i) => [
    Math.floor((i * count) / pieces),
    Math.floor(((i + 1) * count) / pieces),
  ]);
}

/** Rows `from` … `to` − 1 of x (N × d) in the shape that the first layer takes, without copying. */
export function samplesOf({ inputs, sample }: Model, x: Tensor, from: number, to: number): Tensor {
  return rowMajor(x.data.subarray(from * inputs, to * inputs), [to - from, ...sample]);
}

/** The parameter tensors, as views of theta. */
export function parametersOf({ layout }: Model, theta: Float64Array): Tensor[] {
  return layout.map(({ shape, offset }) => rowMajor(theta.subarray(offset, offset + sizeOf(shape)), shape));
}

/** The logits of all samples, N × K, piece by piece. */
export function logitsInPieces(
  model: Model,
  theta: Float64Array,
  x: Tensor,
  pass: Pass = { firstSample: 0 },
): Tensor {
  const parameters = parametersOf(model, theta);
  const logits = zeros([x.shape[0], model.outputs]);
  for (const [from, to] of piecesOf(model, x.shape[0], pass)) {
    const piece: Value = model.chain.apply(samplesOf(model, x, from, to), parameters, pass);
    logits.data.set((piece as Tensor).data, from * model.outputs);
  }
  return logits;
}
