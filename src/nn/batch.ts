import {
  ArgumentError,
  describe,
  inFunction,
  LabelError,
  NonFiniteError,
  requireFinite,
  requireInteger,
  requireObject,
  ShapeError,
} from "../errors.js";
import { requireKnownKeys } from "../options.js";
import { scratch } from "../tensor/scratch.js";
import {
  asMatrix,
  copyMatrix,
  copyRow,
  type MatrixLike,
  matrixView,
  placeOf,
  type Tensor,
  type TensorLike,
} from "../tensor/view.js";
import { typedArrayName } from "../typed-arrays.js";
import { type NetworkShape, networkAdvice } from "./layout.js";
import { type Loss, loss as lossOf } from "./losses.js";

/** Numbers along one axis, in memory of any kind: a 1-dimensional `ndarray` of any dtype is one. */
export interface VectorView extends Omit<TensorLike, "data"> {
  readonly data: ArrayLike<number>;
}

/** Samples with their targets. */
export interface Batch {
  /** (N,d) features. */
  readonly x: MatrixLike;
  /** (N) class indices 0 … K − 1, or (N,K) targets: one-hot, soft labels, regression values, rates. */
  readonly y: ArrayLike<number> | VectorView | MatrixLike;
  /** (N) weights ≥ 0 of the samples in the loss, used as given. Default: 1/N each. */
  readonly weights?: ArrayLike<number> | VectorView | undefined;
}

/** A batch checked once and laid out for the kernels; rows of `inputs` end in a 1 where that was asked for. */
export interface PreparedBatch {
  readonly count: number;
  /** N × d̃, row-major. */
  readonly inputs: Tensor;
  /** N × K, row-major. */
  readonly targets: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Checks a batch against any network.
 * @param ones whether rows of features get a 1 at their end
 * @throws ShapeError, LabelError, NonFiniteError, ArgumentError
 */
export function prepareSamples(net: NetworkShape, batch: Batch, ones = false): PreparedBatch {
  requireObject("net", net, networkAdvice);
  requireBatch(batch);
  const inputs = prepareInputs("batch.x", net, batch.x, ones);
  const count = inputs.shape[0];
  const loss = lossOf(net.loss);
  const targets = isVector(batch.y)
    ? oneHot(batch.y, count, net.outputs)
    : targetMatrix(batch.y, count, net.outputs);
  for (let i = 0; i < count; i++) {
    if (!loss.targets.admits(targets, i * net.outputs, net.outputs))
      throw refuseTarget(loss, targets, i, net.outputs);
  }
  return { count, inputs, targets, weights: prepareWeights(batch.weights, count) };
}

/** Some samples of a prepared batch, with weights in the place of their own. */
export function selectPrepared(
  { inputs, targets, count }: PreparedBatch,
  samples: Int32Array,
  weights: Float64Array,
): PreparedBatch {
  const width = inputs.shape[1];
  return {
    count: samples.length,
    inputs: matrixView(selectRows(inputs.data, width, samples), samples.length, width),
    targets: selectRows(targets, targets.length / count, samples),
    weights,
  };
}

/** Rows of a row-major matrix, as a copy. */
export function selectRows(data: Float64Array, width: number, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length * width);
  for (let i = 0, from = 0; i < rows.length; i++) {
    from = rows[i] * width;
    for (let k = 0; k < width; k++) out[i * width + k] = data[from + k];
  }
  return out;
}

/** @throws ArgumentError unless it may be a batch, which data in pieces are not */
export function requireBatch(batch: Batch): void {
  requireObject("batch", batch, "{ x, y }");
  if (Symbol.iterator in batch)
    throw new ArgumentError({
      expected: "one batch { x, y }",
      got: describe(batch),
      next: "lossAndGradient, lossObjective without batchSize, hessianVectorProduct, hessianOperator and exactHessian take data in pieces",
    });
  requireKnownKeys(batch, ["x", "y", "weights"], "a key of batch");
}

/** N. Of an array of rows, none is looked at. @throws ArgumentError, ShapeError */
export function sampleCount(x: Batch["x"]): number {
  return Array.isArray(x) ? x.length : asMatrix("batch.x", x).shape[0];
}

/** The features alone, as prediction needs them. */
export function prepareInputs(name: string, net: NetworkShape, x: MatrixLike, ones = false): Tensor {
  const features = asMatrix(name, x, [undefined, net.inputs], `the net was made with inputs: ${net.inputs}`);
  const count = features.shape[0];
  if (count === 0) throw new ShapeError({ expected: `at least one sample in ${name}`, got: "none" });
  const width = net.inputs + (ones ? 1 : 0);
  const data = scratch(count * width);
  copyMatrix(data, width, features);
  for (let i = 0; i < count; i++) {
    const first = i * width;
    for (let at = first; at < first + net.inputs; at++) {
      // x - x is 0 for every finite x and NaN otherwise.
      if (data[at] - data[at] !== 0) {
        throw new NonFiniteError({
          expected: `${name} to be finite`,
          got: `${data[at]} at sample ${i}, feature ${at - first}`,
          next: "drop or impute such samples",
        });
      }
    }
    if (ones) data[first + net.inputs] = 1;
  }
  return matrixView(data, count, width);
}

/**
 * The samples of a batch with the given indices, in that order; the weights are renormalised by N/(indices.length), so
 * that a random mini-batch's loss estimates the batch's.
 * @param indices each in 0 … N − 1, repeated at will @returns copies
 * @throws ArgumentError for other indices, ShapeError
 * @example
 * import { selectSamples } from "flatward";
 * const batch = { x: [[10], [20], [30]], y: [0, 1, 1], weights: [0.25, 0.5, 0.25] };
 * const { x, y, weights } = selectSamples(batch, [2, 0]);
 * console.log(x.data.join(" "), y, weights); // → 30 10 [ 1, 0 ] [ 0.375, 0.375 ]
 */
export function selectSamples(batch: Batch, indices: ArrayLike<number>): Batch {
  return inFunction("selectSamples", () => {
    requireBatch(batch);
    const { x, y, weights } = batch;
    const total = sampleCount(x);
    requireObject("indices", indices, "[0, 1] are such");
    requireInteger("the number of indices", indices.length, 0);
    if (weights !== undefined) requireObject("batch.weights", weights);
    const picked = Array.from(indices);
    for (const i of picked) {
      if (!(Number.isInteger(i) && i >= 0 && i < total)) {
        throw new ArgumentError({ expected: `indices in 0 … ${total - 1}`, got: describe(i) });
      }
    }
    const entries = (vector: Vector, name: string) => {
      checkVector(name, vector, total);
      return picked.map((i) => vectorEntry(vector, i));
    };
    return {
      x: pickRows("batch.x", x, total, picked),
      y: isVector(y) ? entries(y, "batch.y") : pickRows("batch.y", y, total, picked),
      ...(weights !== undefined
        ? { weights: entries(weights, "batch.weights").map((weight) => (weight * total) / picked.length) }
        : {}),
    };
  });
}

/** Rows of a matrix of `total` rows, as a copy; of an array of rows, only those are looked at. */
function pickRows(name: string, matrix: MatrixLike, total: number, rows: readonly number[]): Tensor {
  if (Array.isArray(matrix) && matrix.length === total && rows.length > 0)
    return asMatrix(
      name,
      rows.map((row) => matrix[row]),
    );
  const a = asMatrix(name, matrix, [total, undefined]);
  const width = a.shape[1];
  const out = scratch(rows.length * width);
  rows.forEach((row, i) => {
    copyRow(out, i * width, a, row);
  });
  return matrixView(out, rows.length, width);
}

type Vector = ArrayLike<number> | VectorView;

/** Class indices come as an array of numbers or as a 1-dimensional view of one. */
export function isVector(y: Batch["y"]): y is Vector {
  if (y === null || typeof y !== "object") return false;
  if (ArrayBuffer.isView(y)) return true;
  if (Array.isArray(y)) return y.length === 0 || typeof y[0] !== "object";
  return "shape" in y && Array.isArray(y.shape) && y.shape.length === 1;
}

function vectorLength(y: Vector): number {
  return "shape" in y ? y.shape[0] : y.length;
}

function vectorEntry(y: Vector, i: number): number {
  return "shape" in y ? y.data[(y.offset ?? 0) + i * (y.stride?.[0] ?? 1)] : y[i];
}

function checkVector(name: string, vector: Vector, count: number): void {
  if (isVector(vector) && "shape" in vector) checkView(name, vector);
  if (!isVector(vector) || vectorLength(vector) !== count) {
    throw new ShapeError({
      expected: `${name} of length ${count}, one entry per sample`,
      got: isVector(vector) ? String(vectorLength(vector)) : describe(vector),
    });
  }
}

/** @throws ArgumentError unless its memory is an array, ShapeError when it leaves that */
function checkView(name: string, view: VectorView): void {
  const { data } = view;
  if (!Array.isArray(data) && typedArrayName(data) === undefined) {
    throw new ArgumentError({
      expected: `${name} to be numbers, or a view { data, shape } of an array of them`,
      got: describe(view),
    });
  }
  placeOf(name, view, data.length);
}

function oneHot(y: Vector, count: number, outputs: number): Float64Array {
  checkVector("batch.y", y, count);
  const targets = scratch(count * outputs);
  for (let i = 0; i < count; i++) {
    const label = vectorEntry(y, i);
    if (!Number.isInteger(label) || label < 0 || label >= outputs) {
      throw new LabelError({
        expected: `class indices 0 … ${outputs - 1} in batch.y`,
        got: `${describe(label)} at sample ${i}`,
        next: "pass other targets as an (N,K) matrix, a single column as [[y0], [y1], …]",
      });
    }
    targets[i * outputs + label] = 1;
  }
  return targets;
}

function targetMatrix(y: MatrixLike, count: number, outputs: number): Float64Array {
  const matrix = asMatrix("batch.y", y, [count, outputs], `the net was made with outputs: ${outputs}`);
  const targets = scratch(count * outputs);
  copyMatrix(targets, outputs, matrix);
  requireFinite("batch.y", targets);
  return targets;
}

function refuseTarget(loss: Loss, targets: Float64Array, sample: number, outputs: number): LabelError {
  const row = Array.from(targets.subarray(sample * outputs, (sample + 1) * outputs));
  return new LabelError({
    expected: `${loss.targets.expected} as targets of ${loss.name}`,
    got: `[${row.slice(0, 8).join(", ")}${outputs > 8 ? ", …" : ""}] at sample ${sample}`,
  });
}

function prepareWeights(given: Batch["weights"], count: number): Float64Array {
  if (given === undefined) return scratch(count).fill(1 / count);
  requireObject("batch.weights", given);
  checkVector("batch.weights", given, count);
  const weights = scratch(count);
  for (let i = 0; i < count; i++) {
    const weight: unknown = vectorEntry(given, i);
    weights[i] = typeof weight === "number" ? weight : Number.NaN;
    if (!Number.isFinite(weight)) {
      throw new NonFiniteError({
        expected: "batch.weights to be finite numbers",
        got: `${describe(weight)} at sample ${i}`,
      });
    }
    if (weights[i] < 0) {
      throw new ArgumentError({ expected: "batch.weights ≥ 0", got: `${weight} at sample ${i}` });
    }
  }
  return weights;
}
