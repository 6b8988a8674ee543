import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  adam,
  hessianOperator,
  hsrObjective,
  lossAndGradient,
  lossObjective,
  minimize,
  randomStream,
  sam,
  selectSamples,
  sgd,
  spectralMoments,
  threeLayerNet,
  wsBounds,
} from "../../src/index.js";

const net = threeLayerNet({ inputs: 1, hidden: 2, outputs: 2 });
const theta = net.init(1);
const batch = { x: [[1], [2]], y: [0, 1] };
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

describe("a missing argument is refused by name", () => {
  it.each(functions)("%s", (name, call) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(new RegExp(`^${name}: expected \\w+ to be an object, got (undefined|null); `));
  });

  it("but options that are all optional may be null", () => {
    expect(spectralMoments(net, theta, batch, null as never)).toEqual(spectralMoments(net, theta, batch));
  });
});

describe("what is not quite right is refused too", () => {
  it("nesterov that is neither true nor false", () => {
    expect(() => sgd({ learningRate: 1, momentum: 0.9, nesterov: "no" as never })).toThrow(
      /nesterov to be true or false/,
    );
  });

  it("a permutation of fewer than no elements", () => {
    expect(() => randomStream(1).permutation(-1)).toThrow(/count.*≥ 0/);
  });

  it("weights that are texts or rows, instead of reading them as numbers", () => {
    for (const weights of [
      ["0.5", "0.5"],
      [[0.5], [0.5]],
    ]) {
      expect(() => lossAndGradient(net, theta, { ...batch, weights: weights as never })).toThrow(
        /batch\.weights/,
      );
    }
  });

  it("targets or weights of another length than the samples that are selected from", () => {
    expect(() => selectSamples({ x: [[1], [2], [3]], y: [0, 1] }, [2])).toThrow(/batch\.y of length 3/);
    expect(() => selectSamples({ x: [[1], [2]], y: [0, 1], weights: [1] }, [1])).toThrow(
      /batch\.weights of length 2/,
    );
  });

  it("vectors of the wrong length or with NaN in an operator's product", () => {
    const operator = hessianOperator(net, theta, batch);
    const out = new Float64Array(net.size);
    expect(() => operator.apply(new Float64Array(3), out)).toThrow(/v to be a Float64Array of length 10/);
    expect(() => operator.apply(new Float64Array(10), new Float64Array(3))).toThrow(
      /out to be a Float64Array of length 10/,
    );
    expect(() => operator.apply(new Float64Array(10).fill(Number.NaN), out)).toThrow(/v to be finite/);
  });

  it("moments that no symmetric matrix has", () => {
    expect(() => wsBounds({ size: 2, trace: 1, frobeniusSquared: 0.1 })).toThrow(
      /frobeniusSquared ≥ trace²\/size = 0\.5/,
    );
    expect(() => wsBounds({ size: 2, trace: 1e200, frobeniusSquared: 1e300 })).toThrow(/no symmetric matrix/);
    // But rounding is forgiven: here H = I/3 in sums made elsewhere.
    expect(wsBounds({ size: 3, trace: 1, frobeniusSquared: 1 / 3 - 1e-16 }).largest.upper).toBe(1 / 3);
  });
});
