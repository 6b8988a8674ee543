import { describe, expect, it } from "vitest";
import { type Batch, lossAndGradient, sequential } from "../../../src/index.js";
import { expectClose } from "../../oracles/compare.js";

const dense = { kind: "dense", outputs: 2, bias: false } as const;

describe("layer normalisation", () => {
  it("by hand: (x − mean)/√(variance + ε), scaled and shifted", () => {
    const net = sequential({ input: 3, layers: [{ kind: "layerNorm", epsilon: 0.5 }, dense] });
    expect(net.layout.map(({ name, shape }) => [name, shape])).toEqual([
      ["0.weight", [3]],
      ["0.bias", [3]],
      ["1.weight", [2, 3]],
    ]);
    // Mean 3, deviations −2, 0, 2, variance 8/3.
    const theta = Float64Array.of(1, 2, 3, 0.1, 0.2, 0.3, 1, 0, 0, 1, 1, 1);
    const root = Math.sqrt(8 / 3 + 0.5);
    const normalised = [-2 / root + 0.1, 0.2, 6 / root + 0.3];
    expectClose(
      net.logits(theta, [[1, 3, 5]]).data,
      [normalised[0], normalised[0] + normalised[1] + normalised[2]],
      1e-15,
    );
  });

  it("begins as the identity but for mean and variance, and has no parameters without affine", () => {
    const at = (affine: boolean) => {
      const net = sequential({ input: 4, layers: [{ kind: "layerNorm", affine }, dense] });
      return { net, logits: net.logits(net.init(3), [[0.3, -1, 2, 0.5]]).data };
    };
    const [plain, affine] = [at(false), at(true)];
    expect(affine.net.size - plain.net.size).toBe(8);
    expect(plain.net.layout.map(({ name }) => name)).toEqual(["1.weight"]);
    const weights = (net: typeof plain.net) => net.init(3).slice(net.size - 8);
    expect(weights(affine.net)).toEqual(weights(plain.net));
    expect(affine.logits).toEqual(plain.logits);
  });

  it("sees one sample at a time: losses of a batch are those of its samples", () => {
    const net = sequential({
      input: 3,
      layers: [{ kind: "dense", outputs: 4 }, { kind: "layerNorm" }, { kind: "tanh" }, dense],
    });
    const theta = net.init(1);
    const x = [
      [1, 2, -1],
      [0.5, 0, 2],
    ];
    const lossOf = (batch: Batch) => lossAndGradient(net, theta, batch).loss;
    const [first, second] = [0, 1].map((i) => lossOf({ x: [x[i]], y: [i] }));
    expect(lossOf({ x, y: [0, 1] })).toBeCloseTo((first + second) / 2, 14);
  });

  it("does not see what its inputs have in common, nor, but for ε, their scale", () => {
    const net = sequential({
      input: 3,
      layers: [{ kind: "layerNorm", affine: false, epsilon: 1e-12 }, dense],
    });
    const theta = net.init(1);
    const logits = net.logits(theta, [[1, 2, 4]]).data;
    expectClose(net.logits(theta, [[101, 102, 104]]).data, logits, 1e-11);
    expectClose(net.logits(theta, [[10, 20, 40]]).data, logits, 1e-11);
  });

  it("refuses a variance that overflows, by name", () => {
    const net = sequential({ input: 2, layers: [{ kind: "layerNorm" }, dense] });
    expect(() => net.logits(net.init(1), [[1e200, -1e200]])).toThrow(
      /^sequential: layers\[0\] \(layerNorm\): expected the variance to normalise by to be finite, got Infinity/,
    );
  });
});
