// Arrays made in another realm, as in Jest's sandbox, a frame, or a message from a worker: what every function makes of
// them is what it makes of our own, bit for bit.

import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";
import * as ad from "../src/autodiff/index.js";
import { matrixBounds } from "../src/bounds/index.js";
import { directionalCurvature, hessianBlock } from "../src/hessian/index.js";
import * as flatward from "../src/index.js";
import {
  epsilonSharpness,
  expectedSharpness,
  langevinCovariance,
  normalizedSharpness,
  sliceValues,
  spectrumIsotropy,
} from "../src/landscape/index.js";
import {
  asOperator,
  diagonalEstimate,
  hutchinsonTrace,
  matrixOperator,
  quadratureMoments,
} from "../src/linalg/index.js";
import { smoothLabels, weightDecayObjective } from "../src/regularizers/index.js";
import * as tensors from "../src/tensor/index.js";
import { isFloat64Array, typedArrayName } from "../src/typed-arrays.js";
import { net, theta, x } from "./small-network.js";

const elsewhere = createContext({});
const makers = Object.fromEntries(
  ["Float64Array", "Float32Array", "Int32Array", "Uint8Array", "Array"].map((kind) => [
    kind,
    runInContext(`(x) => ${kind}.from(x)`, elsewhere) as (x: ArrayLike<unknown>) => unknown,
  ]),
);
const newObject = runInContext("() => ({})", elsewhere) as () => Record<string, unknown>;

/** A copy whose every object and array was made in the other realm; functions stay. */
function theirs<T>(value: T): T {
  if (value === null || typeof value !== "object") return value;
  const kind = typedArrayName(value);
  if (kind !== undefined) return makers[kind](value as unknown as ArrayLike<number>) as T;
  if (Array.isArray(value)) return makers.Array(value.map(theirs)) as T;
  const copy = Object.assign(
    newObject(),
    Object.fromEntries(Object.entries(value).map(([k, v]) => [k, theirs(v)])),
  );
  return copy as T;
}

/** The same numbers, whichever realm they lie in. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, v) => (ArrayBuffer.isView(v) ? Array.from(v as unknown as number[]) : v)),
  );

const matrix = { data: Float64Array.of(2, 1, 1, 3), shape: [2, 2] };
const vector = Float64Array.of(1, -2);
const batch = { x, y: Uint8Array.of(0, 1), weights: Float64Array.of(0.25, 0.75) };
const other = theta.map((entry) => 0.5 * entry);

/** Calls of public functions, given a copier of what they are passed. */
const calls: Readonly<Record<string, (of: <T>(value: T) => T) => unknown>> = {
  lossAndGradient: (of) => flatward.lossAndGradient(net, of(theta), of(batch)),
  "lossAndGradient of pieces": (of) => flatward.lossAndGradient(net, of(theta), of([batch, batch])),
  "a batch of tensors": (of) =>
    flatward.lossAndGradient(net, of(theta), of({ x: matrix, y: { data: Int32Array.of(1, 0), shape: [2] } })),
  exactHessian: (of) => flatward.exactHessian(net, of(theta), of(batch)),
  hessianVectorProduct: (of) => flatward.hessianVectorProduct(net, of(theta), of(batch), of(other)),
  hessianBlock: (of) => hessianBlock(net, of(theta), of(batch), "W2"),
  directionalCurvature: (of) => directionalCurvature(net, of(theta), of(batch), of(other)),
  spectralMoments: (of) => flatward.spectralMoments(net, of(theta), of(batch)),
  explainBound: (of) => flatward.explainBound(net, of(theta), of(batch)),
  wsUpperBoundAndGradient: (of) => flatward.wsUpperBoundAndGradient(net, of(theta), of(batch)),
  predict: (of) => net.predict(of(theta), of(x)),
  selectSamples: (of) => flatward.selectSamples(of(batch), of([1])),
  smoothLabels: (of) => smoothLabels(net, of(batch), of({ smoothing: 0.1 })),
  "sequential networks": (of) => {
    const layers = flatward.sequential(of({ input: 2, layers: [{ kind: "dense", outputs: 2 }] }));
    return flatward.lossAndGradient(layers, of(layers.init(1)), of(batch));
  },
  minimize: (of) => {
    const objective = flatward.lossObjective(net, of(batch));
    const optimizer = flatward.adam(of({ learningRate: 0.1 }));
    const half = flatward.minimize(objective, of(theta), optimizer, of({ steps: 2 }));
    return flatward.minimize(objective, of(half.theta), optimizer, { steps: 2, from: of(half) });
  },
  "gradients returned from callbacks": (of) => {
    const f = (t: Float64Array) => ({ value: t[0] * t[0], gradient: of(Float64Array.of(2 * t[0], 0)) });
    const objective = flatward.objectiveOf(2, f, {
      hessianVectorProduct: (_, v) => of(Float64Array.of(2 * v[0], 0)),
    });
    return [
      flatward.minimize(objective, of(vector), flatward.sam({ learningRate: 0.1, radius: 0.1 }), {
        steps: 2,
      }),
      weightDecayObjective(objective, { strength: 1 }).gradient(of(vector)),
      flatward.curvatureSummary(objective, of(vector)),
      expectedSharpness(objective, of(vector), of({ deviation: 0.1, pairs: 4 })),
      epsilonSharpness(objective, of(vector), of({ radius: 0.1 })),
      sliceValues((at) => objective.value(at), of(vector), of([Float64Array.of(1, 0)]), of([[0, 1]])),
    ];
  },
  "measures of networks": (of) =>
    normalizedSharpness(flatward.lossObjective(net, of(batch)), of(theta), of({ layout: net.layout })),
  "products returned from callbacks": (of) =>
    flatward.lanczos(flatward.productOperator(2, ([v, w]) => of(Float64Array.of(v, 2 * w)))),
  "operators that write": (of) => {
    const out = of(new Float64Array(2));
    matrixOperator(of(matrix))
      .plus(asOperator(flatward.productOperator(2, (v) => of(v))))
      .apply(of(vector), out);
    return out;
  },
  symmetricEigen: (of) => flatward.symmetricEigen(of(matrix), of({ vectors: true })),
  matrixBounds: (of) => matrixBounds(of(matrix)),
  hutchinsonTrace: (of) =>
    hutchinsonTrace(
      matrixOperator(
        of([
          [2, 1],
          [1, 3],
        ]),
      ),
    ),
  diagonalEstimate: (of) => diagonalEstimate(matrixOperator(of(matrix))),
  quadratureMoments: (of) =>
    quadratureMoments(of(flatward.stochasticLanczosQuadrature(matrixOperator(of(matrix)))), 2),
  spectrumIsotropy: (of) => spectrumIsotropy(of(Float64Array.of(1, 2))),
  langevinCovariance: (of) => langevinCovariance(of(matrix), of({ temperature: 1 })),
  stableSpectrum: (of) => flatward.isStable(flatward.sgd({ learningRate: 0.1 }), of(Float64Array.of(1, 2))),
  "flatward/tensor": (of) => {
    const out = of(vector.slice());
    tensors.addScaled(out, 2, of(vector));
    return [
      tensors.tensor(of(vector), of([2])),
      tensors.dot(of(vector), of(vector)),
      tensors.norm(of(vector)),
      tensors.matmul(of(matrix), of([[1], [2]])),
      flatward.fromNdarray(of(matrix)),
      out,
    ];
  },
  "operands of automatic differentiation": (of) => [
    ad.add(of(vector), of([1, 2])),
    ad.matmul(
      of(matrix),
      of([
        [1, 2],
        [3, 4],
      ]),
    ),
    ad.gather(of(matrix), of(Int32Array.of(1, 0))),
    ad.grad((v: ad.Value) => ad.norm(v))(of(vector)),
    ad.grad(({ v }: { v: ad.Value }) => ad.sum(ad.square(v)))(of({ v: vector })),
  ],
};

describe("arrays of another realm", () => {
  it("are none of ours", () => {
    expect(theirs(vector)).not.toBeInstanceOf(Float64Array);
    expect(isFloat64Array(theirs(vector))).toBe(true);
  });

  it.each(Object.entries(calls))("%s", (_, call) => {
    expect(plain(call(theirs))).toEqual(plain(call((value) => value)));
  });

  it("are named in errors", () => {
    expect(() => flatward.lossAndGradient(net, theirs(vector), batch)).toThrow(/got 2/);
    expect(() => flatward.lossAndGradient(net, theirs(Float32Array.of(1, 2)) as never, batch)).toThrow(
      /to be a Float64Array, got Float32Array of length 2/,
    );
  });

  it("are not imitated by a tag", () => {
    const impostor = { [Symbol.toStringTag]: "Float64Array", length: 2, 0: 1, 1: 2 };
    expect(isFloat64Array(impostor)).toBe(false);
    expect([1, "a", null, undefined, new DataView(new ArrayBuffer(8))].map(typedArrayName)).toEqual(
      new Array(5).fill(undefined),
    );
  });
});
