import {
  ArgumentError,
  describe,
  inFunction,
  inMaker,
  requireFinite,
  requireObject,
  ShapeError,
} from "../errors.js";
import type { LinearOperator } from "../linalg/operator.js";
import { type Batch, type PreparedBatch, prepareBatch } from "../nn/batch.js";
import { createPass, type ForwardPass, forward } from "../nn/dense/forward.js";
import { lossGradient } from "../nn/dense/loss-gradient.js";
import { type Architecture, checkParameters, requireClosedForm } from "../nn/layout.js";
import type { Objective } from "../optim/objective.js";
import { addScaled } from "../tensor/elementwise.js";
import { type Tensor, zeros } from "../tensor/view.js";
import { assembleCurvature } from "./exact.js";
import { createFactors, curvatureFactors } from "./factors.js";
import { checkOutput, hessianProduct } from "./operator.js";

/**
 * A data set in pieces, for what does not fit one pass: an array of batches, or anything that can be iterated over and
 * makes them on the way. Either all batches have weights, used as given, or none has, and each sample of the whole
 * weighs 1/N. What is computed from them differs from the whole batch's by rounding alone, because loss, gradient and
 * Hessian are sums over samples.
 */
export type Batches = Iterable<Batch>;

/**
 * The loss on the whole of `batches` as an objective, with exact Hessian-vector products. Memory is that of the largest
 * batch; every evaluation iterates over the batches and checks them again.
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for no batch, mixed weights, or a one-shot iterator
 */
export function batchedLossObjective(
  net: Architecture,
  batches: Batches,
): Objective & Required<Pick<Objective, "hessianVectorProduct">> {
  return inMaker("batchedLossObjective", () => {
    requireClosedForm(net);
    requireRepeatable(batches);
    const accumulate = accumulator(net, batches);
    const check = (theta: Float64Array) => checkParameters("theta", net, theta);
    const value: Objective["value"] = (theta) => {
      const total = new Float64Array(1);
      accumulate(check(theta), total, 1, () => {});
      requireFinite("the loss", total);
      return total[0];
    };
    const valueAndGradient: Objective["valueAndGradient"] = (theta) => {
      const sums = new Float64Array(net.size + 1);
      const part = new Float64Array(net.size);
      accumulate(check(theta), sums, 1, (batch, pass) => {
        lossGradient(net, theta, batch, pass, part);
        addScaled(sums.subarray(1), 1, part);
      });
      requireFinite("the loss and its gradient", sums);
      return { value: sums[0], gradient: sums.slice(1) };
    };
    return {
      size: net.size,
      value,
      gradient: (theta) => valueAndGradient(theta).gradient,
      valueAndGradient,
      hessianVectorProduct(theta, v) {
        const out = new Float64Array(net.size);
        multiply(net, accumulate, check(theta), checkParameters("v", net, v), out);
        return out;
      },
    };
  });
}

/**
 * H at `theta` as an operator: every product iterates over the batches once, with a forward pass each. Later changes to
 * `theta` are not seen, those to the batches are.
 * @throws as `batchedLossObjective`, in every product too
 */
export function batchedHessianOperator(
  net: Architecture,
  theta: Float64Array,
  batches: Batches,
): LinearOperator {
  return inMaker("batchedHessianOperator", () => {
    requireClosedForm(net);
    requireRepeatable(batches);
    const fixed = checkParameters("theta", net, theta).slice();
    const accumulate = accumulator(net, batches);
    return {
      size: net.size,
      apply(v, out) {
        checkParameters("v", net, v);
        checkOutput(out, net.size);
        multiply(net, accumulate, fixed, v, out);
      },
    };
  });
}

/**
 * The exact Hessian on the whole of `batches`, in one iteration. Take tr H² from it: unlike H, it is no sum over batches.
 * @param theta (n) @returns (n,n), symmetric to the bit; memory 16n² bytes
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError for no batch or mixed weights
 */
export function batchedHessian(net: Architecture, theta: Float64Array, batches: Batches): Tensor {
  return inFunction("batchedHessian", () => {
    requireClosedForm(net);
    requireIterable(batches);
    checkParameters("theta", net, theta);
    const sum = zeros([net.size, net.size]);
    const part = zeros([net.size, net.size]);
    const total = new Float64Array(1);
    const scale = accumulator(net, batches)(theta, total, 0, (batch, pass) => {
      const factors = createFactors(net, batch.count, 1);
      curvatureFactors(net, theta, pass, batch.count, factors);
      assembleCurvature(net, batch, pass, factors, part);
      addScaled(sum.data, 1, part.data);
    });
    for (let at = 0; at < sum.data.length; at++) sum.data[at] *= scale;
    requireFinite("the Hessian", sum.data);
    return sum;
  });
}

type Visit = (batch: PreparedBatch, pass: ForwardPass) => void;

/**
 * Runs the forward pass of every batch, adds its loss to sums[0], and hands it to `visit`. With `rescale`, all of `sums` is
 * multiplied at the end by the factor that is returned: 1/N where no batch has weights, 1 where all have.
 */
type Accumulate = (theta: Float64Array, sums: Float64Array, rescale: 0 | 1, visit: Visit) => number;

function accumulator(net: Architecture, batches: Batches): Accumulate {
  let pass: ForwardPass | undefined;
  return (theta, sums, rescale, visit) => {
    let samples = 0;
    let weighted: boolean | undefined;
    for (const batch of batches) {
      const given = prepareBatch(net, batch);
      const hasWeights = batch.weights !== undefined;
      if (weighted !== undefined && weighted !== hasWeights) throw mixedWeights();
      weighted = hasWeights;
      samples += given.count;
      const prepared = hasWeights ? given : { ...given, weights: given.weights.fill(1) };
      if (pass?.logits.shape[0] !== given.count) pass = createPass(net, given.count);
      sums[0] += forward(net, theta, prepared, pass);
      visit(prepared, pass);
    }
    if (samples === 0) throw new ShapeError({ expected: "at least one batch", got: "none" });
    const scale = weighted ? 1 : 1 / samples;
    if (rescale) for (let at = 0; at < sums.length; at++) sums[at] *= scale;
    return scale;
  };
}

function multiply(
  net: Architecture,
  accumulate: Accumulate,
  theta: Float64Array,
  v: Float64Array,
  out: Float64Array,
): void {
  const total = new Float64Array(1);
  const part = new Float64Array(net.size);
  out.fill(0);
  const scale = accumulate(theta, total, 0, (batch, pass) => {
    hessianProduct(net, theta, batch, pass, v, part);
    addScaled(out, 1, part);
  });
  for (let at = 0; at < out.length; at++) out[at] *= scale;
  requireFinite("H·v", out);
}

function mixedWeights(): ArgumentError {
  return new ArgumentError({
    expected: "weights in every batch or in none",
    got: "batches of both kinds",
    next: "give every batch weights",
  });
}

/** @throws ArgumentError for one batch in the place of several, for example */
function requireIterable(batches: Batches): void {
  requireObject("batches", batches, "an array of batches");
  if (typeof (batches as Partial<Iterable<Batch>>)[Symbol.iterator] === "function") return;
  throw new ArgumentError({
    expected: "batches to be an array, or another iterable",
    got: describe(batches),
    next: "put a single batch into an array",
  });
}

/** @throws ArgumentError for an iterator, which is empty the second time */
function requireRepeatable(batches: Batches): void {
  requireIterable(batches);
  if ((batches as Partial<Iterator<Batch>>).next === undefined) return;
  throw new ArgumentError({
    expected: "batches that can be iterated over again",
    got: "an iterator",
    next: "pass an array, or an object whose [Symbol.iterator] starts afresh",
  });
}
