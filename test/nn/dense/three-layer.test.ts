import { describe, expect, it } from "vitest";
import { ArgumentError, type LossName, threeLayerNet } from "../../../src/index.js";
import { cases } from "../../cases.js";
import { expectClose } from "../../oracles/compare.js";
import { plainLogits } from "../../oracles/network-loss.js";
import { refusals } from "../../refusals.js";
import { extents, net } from "../../small-network.js";

describe("threeLayerNet", () => {
  it("lays theta out as W1, b1, W2, b2, like PyTorch's parameters_to_vector", () => {
    const net = threeLayerNet({ inputs: 4, hidden: 8, outputs: 3 });
    expect(net.layout).toEqual([
      { name: "W1", shape: [8, 4], offset: 0 },
      { name: "b1", shape: [8], offset: 32 },
      { name: "W2", shape: [3, 8], offset: 40 },
      { name: "b2", shape: [3], offset: 64 },
    ]);
    expect(net.size).toBe(8 * 5 + 3 * 9);
    expect(net).toMatchObject({ activation: "tanh", loss: "softmax-cross-entropy", bias: true });
  });

  it("has no b1 and b2 without bias", () => {
    const net = threeLayerNet({ inputs: 4, hidden: 8, outputs: 3, bias: false });
    expect(net.layout.map(({ name }) => name)).toEqual(["W1", "W2"]);
    expect(net.size).toBe(8 * 4 + 3 * 8);
  });

  it("starts within ±1/√fan-in, on the whole range, the same for the same seed", () => {
    const net = threeLayerNet({ inputs: 100, hidden: 25, outputs: 40 });
    const theta = net.init(7);
    expect(theta).toEqual(net.init(7));
    expect(theta).not.toEqual(net.init(8));
    for (const [from, to, limit] of [
      [0, 2525, 0.1],
      [2525, net.size, 0.2],
    ]) {
      const part = Array.from(theta.subarray(from, to));
      expect(Math.max(...part)).toBeLessThan(limit);
      expect(Math.max(...part)).toBeGreaterThan(0.99 * limit);
      expect(Math.min(...part)).toBeGreaterThanOrEqual(-limit);
      expect(Math.min(...part)).toBeLessThan(-0.99 * limit);
    }
  });

  it("draws a block independently of the extents of the others", () => {
    const narrow = threeLayerNet({ inputs: 3, hidden: 4, outputs: 1 }).init(5);
    const wide = threeLayerNet({ inputs: 3, hidden: 4, outputs: 9 }).init(5);
    expect(narrow.subarray(0, 16)).toEqual(wide.subarray(0, 16));
  });
});

describe("predict", () => {
  it.each(cases.filter((_, at) => at % 9 === 0))("gives the means of the plain network: $name", (problem) => {
    const { net, theta, plain } = problem;
    const means = plain.x.flatMap((x) => {
      const u = plainLogits(net, theta, x);
      const total = u.reduce((sum, uk) => sum + Math.exp(uk), 0);
      return u.map(
        (uk) =>
          ({
            "softmax-cross-entropy": Math.exp(uk) / total,
            "sigmoid-cross-entropy": 1 / (1 + Math.exp(-uk)),
            "mean-squared-error": uk,
            poisson: Math.exp(uk),
          })[net.loss as LossName],
      );
    });
    const got = net.predict(theta, plain.x);
    expect(got.shape).toEqual([plain.x.length, net.outputs]);
    expectClose(got.data, means, 1e-13);
  });
});

describe("threeLayerNet refuses", () => {
  const make = (options: object) => threeLayerNet({ ...extents, ...options });
  refusals(ArgumentError, "invalid-argument", [
    [
      "relu",
      () => make({ activation: "relu" }),
      /threeLayerNet.*got "relu".*three derivatives.*softplus, silu and gelu/,
    ],
    [
      "an unknown activation",
      () => make({ activation: "tahn" }),
      /one of tanh, sigmoid, softplus.*got "tahn"/,
    ],
    ["an unknown loss", () => make({ loss: "hinge" }), /one of softmax-cross-entropy.*got "hinge"/],
    ["no hidden unit", () => make({ hidden: 0 }), /hidden to be an integer ≥ 1, got 0/],
    ["no input", () => make({ inputs: 0 }), /inputs to be an integer ≥ 1/],
    ["a broken number of outputs", () => make({ outputs: 2.5 }), /outputs to be an integer ≥ 1, got 2\.5/],
    ["a bias that is neither", () => make({ bias: 1 }), /bias to be true or false, got 1/],
    ["a negative seed", () => net.init(-1), /seed to be an integer ≥ 0/],
  ]);
});
