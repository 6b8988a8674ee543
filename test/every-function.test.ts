import { describe, expect, it } from "vitest";
import {
  directionalCurvature,
  gaussNewtonOperator,
  hessianBlock,
  hessianBlockOperator,
  hessianRankBound,
  residualOperator,
} from "../src/hessian/index.js";
import { layerMoments, splitMoments } from "../src/hsr/index.js";
import {
  ArgumentError,
  adam,
  type Batch,
  exactHessian,
  explainBound,
  gaussNewtonMatrix,
  gaussNewtonMoments,
  gaussNewtonUpperBoundAndGradient,
  hessianOperator,
  hessianVectorProduct,
  hsrObjective,
  LabelError,
  type LinearOperator,
  lossAndGradient,
  lossObjective,
  minimize,
  NonFiniteError,
  residualMatrix,
  ShapeError,
  sam,
  sequential,
  sgd,
  spectralBounds,
  spectralMoments,
  threeLayerNet,
  wsBounds,
  wsUpperBoundAndGradient,
} from "../src/index.js";
import {
  esamObjective,
  frobeniusObjective,
  largestEigenvalueObjective,
  traceObjective,
} from "../src/regularizers/index.js";
import { net, theta, x, y } from "./small-network.js";

/** An operator's product with a vector of ones. */
function product(operator: LinearOperator): Float64Array {
  const out = new Float64Array(operator.size);
  operator.apply(new Float64Array(operator.size).fill(1), out);
  return out;
}
type Refusing = typeof ShapeError | typeof NonFiniteError | typeof LabelError | typeof ArgumentError;

const estimate = { method: "estimate", samples: 3 } as const;
const held = { strength: 1, every: 3, samples: 2 } as const;
const cheap = { strength: 1, every: 3, samples: 2, estimator: "unbiased" } as const;

/** The small network as layers, with the same theta. */
const layered = sequential({
  input: 2,
  layers: [{ kind: "dense", outputs: 3 }, { kind: "tanh" }, { kind: "dense", outputs: 2 }],
});

describe("every function of (net, theta, batch)", () => {
  const functions: [string, (at: Float64Array, batch: Batch) => unknown][] = [
    ["lossAndGradient", (at, batch) => lossAndGradient(net, at, batch)],
    ["exactHessian", (at, batch) => exactHessian(net, at, batch)],
    ["hessianVectorProduct", (at, batch) => hessianVectorProduct(net, at, batch, theta)],
    ["hessianOperator", (at, batch) => hessianOperator(net, at, batch)],
    ["hessianBlock", (at, batch) => hessianBlock(net, at, batch, "layer1")],
    ["hessianBlockOperator", (at, batch) => product(hessianBlockOperator(net, at, batch, "W2"))],
    ["gaussNewtonMatrix", (at, batch) => gaussNewtonMatrix(net, at, batch)],
    ["gaussNewtonOperator", (at, batch) => product(gaussNewtonOperator(net, at, batch))],
    ["residualMatrix", (at, batch) => residualMatrix(net, at, batch)],
    ["residualOperator", (at, batch) => product(residualOperator(net, at, batch))],
    ["exactHessian", (at, batch) => exactHessian(net, at, [batch])],
    ["hessianOperator", (at, batch) => product(hessianOperator(net, at, [batch]))],
    ["lossObjective", (at, batch) => lossObjective(net, [batch]).valueAndGradient(at)],
    ["gaussNewtonMoments", (at, batch) => gaussNewtonMoments(net, at, batch)],
    ["gaussNewtonUpperBoundAndGradient", (at, batch) => gaussNewtonUpperBoundAndGradient(layered, at, batch)],
    ["layerMoments", (at, batch) => layerMoments(net, at, batch)],
    ["splitMoments", (at, batch) => splitMoments(net, at, batch)],
    ["spectralBounds", (at, batch) => spectralBounds(net, at, batch)],
    ["spectralBounds", (at, batch) => spectralBounds(net, at, batch, { dense: false })],
    ["spectralMoments", (at, batch) => spectralMoments(net, at, batch)],
    ["wsUpperBoundAndGradient", (at, batch) => wsUpperBoundAndGradient(net, at, batch)],
    ["explainBound", (at, batch) => explainBound(net, at, batch)],
    ["spectralMoments", (at, batch) => spectralMoments(net, at, batch, estimate)],
    ["wsUpperBoundAndGradient", (at, batch) => wsUpperBoundAndGradient(net, at, batch, estimate)],
    ["spectralMoments", (at, batch) => spectralMoments(layered, at, batch, estimate)],
    ["wsUpperBoundAndGradient", (at, batch) => wsUpperBoundAndGradient(layered, at, batch, estimate)],
    ["lossObjective", (at, batch) => lossObjective(net, batch).valueAndGradient(at)],
    ["hsrObjective", (at, batch) => hsrObjective(net, batch, { strength: 1 }).value(at)],
    ["hsrObjective", (at, batch) => hsrObjective(net, batch, cheap).value(at)],
    ["hsrObjective", (at, batch) => hsrObjective(net, batch, cheap).gradient(at)],
    ["hsrObjective", (at, batch) => hsrObjective(net, batch, { strength: 1 }).gradient(at)],
    [
      "hsrObjective",
      (at, batch) => hsrObjective(net, batch, { strength: 1, form: "unit-direction" }).gradient(at),
    ],
    ["hsrObjective", (at, batch) => hsrObjective(net, batch, { strength: 1, form: "alternating" }).value(at)],
    ["hsrObjective", (at, batch) => hsrObjective(layered, batch, { strength: 1, ...estimate }).gradient(at)],
    ["traceObjective", (at, batch) => traceObjective(net, batch, { strength: 1 }).value(at)],
    ["traceObjective", (at, batch) => traceObjective(layered, batch, { strength: 1, ...estimate }).value(at)],
    ["traceObjective", (at, batch) => traceObjective(net, batch, { strength: 1 }).gradient(at)],
    ["frobeniusObjective", (at, batch) => frobeniusObjective(net, batch, { strength: 1 }).gradient(at)],
    ["traceObjective", (at, batch) => traceObjective(net, batch, held).gradient(at)],
    ["frobeniusObjective", (at, batch) => frobeniusObjective(net, batch, cheap).gradient(at)],
    [
      "largestEigenvalueObjective",
      (at, batch) => largestEigenvalueObjective(net, batch, { ...held, products: 2 }).gradient(at),
    ],
    ["esamObjective", (at, batch) => esamObjective(net, batch, { radius: 0.1 }).gradient(at)],
    ["directionalCurvature", (at, batch) => directionalCurvature(net, at, batch, theta)],
    ["directionalCurvature", (at, batch) => directionalCurvature(layered, at, batch, theta)],
    [
      "largestEigenvalueObjective",
      (at, batch) => largestEigenvalueObjective(net, batch, { strength: 1 }).value(at),
    ],
    [
      "largestEigenvalueObjective",
      (at, batch) => largestEigenvalueObjective(net, batch, { strength: 1, solver: "lanczos" }).gradient(at),
    ],
  ];

  it.each(functions)("checks its input at the door, by its own name: %s", (name, call) => {
    const wrong: [Float64Array, Batch, Refusing][] = [
      [theta.slice(1), { x, y }, ShapeError],
      [theta.map(() => Number.NaN), { x, y }, NonFiniteError],
      [theta, { x, y: [0, 5] }, LabelError],
      [theta, { x: [[1], [2]], y }, ShapeError],
      [theta, { x, y, weights: [-1, 1] }, ArgumentError],
    ];
    for (const [at, batch, errorType] of wrong) {
      expect(() => call(at, batch)).toThrow(errorType);
      expect(() => call(at, batch)).toThrow(new RegExp(`^${name}: expected`));
    }
  });

  it.each(functions)("never returns what is not finite: %s", (name, call) => {
    // Logits of 1e300: the loss is finite for a softmax, its square is not for anything.
    const far = theta.map((t) => 1e300 * t);
    let result: unknown;
    try {
      result = call(far, {
        x: [
          [1e10, 1],
          [1, 1],
        ],
        y,
      });
    } catch (error) {
      expect(error).toBeInstanceOf(NonFiniteError);
      expect((error as Error).message).toMatch(new RegExp(`^${name}: expected`));
      return;
    }
    expect(JSON.stringify(result)).not.toMatch(/null/);
  });

  it("predict names itself too", () => {
    expect(() => net.predict(theta.slice(1), x)).toThrow(/^predict: expected theta/);
    expect(() => net.predict(theta, [[1]])).toThrow(/^predict: expected x of shape \(N,2\)/);
  });
});

describe("a missing argument is refused by name", () => {
  const batch = { x, y };
  const nothing = undefined as never;
  /** Every public function that takes options or an object, with nothing passed. */
  const functions: readonly [name: string, call: () => unknown][] = [
    ["threeLayerNet", () => threeLayerNet(nothing)],
    ["sgd", () => sgd(nothing)],
    ["adam", () => adam(nothing)],
    ["sam", () => sam(nothing)],
    ["hsrObjective", () => hsrObjective(net, batch, nothing)],
    ["minimize", () => minimize(lossObjective(net, batch), theta, sgd({ learningRate: 1 }), nothing)],
    ["minimize", () => minimize(lossObjective(net, batch), theta, nothing, { steps: 1 })],
    ["minimize", () => minimize(nothing, theta, sgd({ learningRate: 1 }), { steps: 1 })],
    ["wsBounds", () => wsBounds(nothing)],
    ["lossAndGradient", () => lossAndGradient(nothing, theta, batch)],
    ["lossAndGradient", () => lossAndGradient(net, theta, null as never)],
  ];

  it.each(functions)("%s", (name, call) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(new RegExp(`^${name}: expected \\w+ to be an object, got (undefined|null); `));
  });

  it("but options that are all optional may be null", () => {
    expect(spectralMoments(net, theta, batch, null as never)).toEqual(spectralMoments(net, theta, batch));
  });
});

describe("a network of layers is refused by name where a closed form is asked for:", () => {
  const dense = { kind: "dense", outputs: 2 } as const;
  const net = sequential({ input: 3, layers: [dense, { kind: "relu" }, dense] });
  const batch = {
    x: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    y: [0, 1],
  };
  const theta = net.init(1);
  const other = net;
  const calls: readonly [string, () => unknown][] = [
    ["spectralBounds", () => spectralBounds(other, theta, batch)],
    ["splitMoments", () => splitMoments(other, theta, batch)],
    ["layerMoments", () => layerMoments(other, theta, batch)],
    ["hessianRankBound", () => hessianRankBound(other, batch)],
  ];
  it.each(calls)("%s", (name, call) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(
      new RegExp(
        `^${name}: expected a chain of dense layers.*lossObjective, hessianOperator and exactHessian take`,
      ),
    );
  });

  const strength = { strength: 0.1 };
  const estimating: readonly [string, () => unknown][] = [
    ["spectralMoments", () => spectralMoments(other, theta, batch)],
    ["spectralMoments", () => spectralMoments(other, theta, batch, { method: "closed-form" })],
    ["wsUpperBoundAndGradient", () => wsUpperBoundAndGradient(other, theta, batch)],
    ["hsrObjective", () => hsrObjective(other, batch, strength)],
    ["traceObjective", () => traceObjective(other, batch, strength)],
    ["frobeniusObjective", () => frobeniusObjective(other, batch, strength)],
  ];
  it.each(estimating)("%s, which says how it takes every network", (name, call) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(
      new RegExp(
        `^${name}: expected a network with a closed form.*${name}\\(net, .*method: "estimate", samples, seed \\}\\) takes`,
      ),
    );
  });
});
