import {
  ArgumentError,
  describe,
  requireFinite,
  requireFiniteValue,
  requireObject,
  ShapeError,
} from "../errors.js";
import { addScaled } from "../tensor/elementwise.js";
import { type Batch, requireBatch, sampleCount } from "./batch.js";
import { checkParameters, networkAdvice } from "./layout.js";
import type { LossOptions, Network, NetworkLoss } from "./network.js";

/**
 * A data set in pieces, for what does not fit one pass: an array of batches, or anything that can be iterated over and
 * makes them on the way. Either all batches have weights, used as given, or none has, and each sample of the whole
 * weighs 1/N. What is computed from them differs from the whole batch's by rounding alone, because loss, gradient and
 * Hessian are sums over samples.
 */
export type Batches = Iterable<Batch>;

export function isBatches(data: Batch | Batches): data is Batches {
  return typeof data === "object" && data !== null && Symbol.iterator in data;
}

/**
 * The loss on a batch, or on the whole of `batches`: memory is then that of the largest, and every evaluation iterates
 * over them and checks them again.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError, as for no batch, mixed weights, or a one-shot iterator
 */
export function lossOn(net: Network, data: Batch | Batches, options?: LossOptions): NetworkLoss {
  requireNetwork(net);
  if (!isBatches(data)) return net.lossOn(data, options);
  requireRepeatable(data);
  if (options?.dropoutSeed !== undefined)
    throw new ArgumentError({ expected: "dropout on one batch", got: "a dropoutSeed and several" });
  const parts = (visit: (loss: NetworkLoss) => void) =>
    visitBatches(data, (batch) => visit(net.lossOn(batch)));
  return {
    value(theta) {
      checkParameters("theta", net, theta);
      let sum = 0;
      const scale = parts((loss) => {
        sum += loss.value(theta);
      });
      return requireFiniteValue("the loss", sum * scale);
    },
    valueAndGradient(theta) {
      checkParameters("theta", net, theta);
      let sum = 0;
      const gradient = new Float64Array(net.size);
      const scale = parts((loss) => {
        const part = loss.valueAndGradient(theta);
        sum += part.value;
        addScaled(gradient, 1, part.gradient);
      });
      const value = requireFiniteValue("the loss", sum * scale);
      return { value, gradient: scaled("the gradient", gradient, scale) };
    },
    hessianAt(theta) {
      checkParameters("theta", net, theta);
      const part = new Float64Array(net.size);
      return (v, out) => {
        checkParameters("v", net, v);
        out.fill(0);
        const scale = parts((loss) => {
          loss.hessianAt(theta)(v, part);
          addScaled(out, 1, part);
        });
        scaled("H·v", out, scale);
      };
    },
  };
}

/** @throws ArgumentError unless it is a network */
export function requireNetwork(net: Network): void {
  requireObject("net", net, networkAdvice);
  if (typeof net.lossOn !== "function")
    throw new ArgumentError({ expected: "net to be a network", got: describe(net), next: networkAdvice });
}

/**
 * Visits every batch with weights: its own, or 1 for each sample where no batch has any.
 * @returns what sums over all batches are to be multiplied by: 1, or 1/N
 * @throws ShapeError, ArgumentError
 */
export function visitBatches(batches: Batches, visit: (batch: Batch) => void): number {
  let samples = 0;
  let weighted: boolean | undefined;
  for (const batch of batches) {
    requireBatch(batch);
    const hasWeights = batch.weights !== undefined;
    if (weighted !== undefined && weighted !== hasWeights) throw mixedWeights();
    weighted = hasWeights;
    const count = sampleCount(batch.x);
    samples += count;
    visit(hasWeights ? batch : { ...batch, weights: new Float64Array(count).fill(1) });
  }
  if (samples === 0) throw new ShapeError({ expected: "at least one batch", got: "none" });
  return weighted ? 1 : 1 / samples;
}

/** The same memory, multiplied. @throws NonFiniteError */
export function scaled(name: string, values: Float64Array, scale: number): Float64Array {
  for (let at = 0; at < values.length; at++) values[at] *= scale;
  requireFinite(name, values);
  return values;
}

function mixedWeights(): ArgumentError {
  return new ArgumentError({
    expected: "weights in every batch or in none",
    got: "batches of both kinds",
    next: "give every batch weights",
  });
}

/** @throws ArgumentError for an iterator, which is empty the second time */
function requireRepeatable(batches: Batches): void {
  if ((batches as Partial<Iterator<Batch>>).next === undefined) return;
  throw new ArgumentError({
    expected: "batches that can be iterated over again",
    got: "an iterator",
    next: "pass an array, or an object whose [Symbol.iterator] starts afresh",
  });
}
