import { describe, expect, it } from "vitest";
import { directionalCurvature } from "../../../src/hessian/index.js";
import {
  ArgumentError,
  hessianVectorProduct,
  lossAndGradient,
  multilayerNet,
  parameterRange,
  threeLayerNet,
} from "../../../src/index.js";
import { cases } from "../../cases.js";
import { refusals } from "../../refusals.js";

describe("multilayerNet", () => {
  it("lays theta out as W1, b1, W2, b2, W3, …, without the biases of layers that have none", () => {
    const net = multilayerNet({ sizes: [4, 8, 5, 3], bias: [true, false, true] });
    expect(net.layout).toEqual([
      { name: "W1", shape: [8, 4], offset: 0 },
      { name: "b1", shape: [8], offset: 32 },
      { name: "W2", shape: [5, 8], offset: 40 },
      { name: "W3", shape: [3, 5], offset: 80 },
      { name: "b3", shape: [3], offset: 95 },
    ]);
    expect(net).toMatchObject({
      sizes: [4, 8, 5, 3],
      activations: ["tanh", "tanh"],
      biases: [true, false, true],
      inputs: 4,
      outputs: 3,
      loss: "softmax-cross-entropy",
      size: 98,
    });
    expect(parameterRange(net, "layer2")).toEqual({ from: 40, to: 80 });
    expect(parameterRange(net, "layer3")).toEqual({ from: 80, to: 98 });
  });

  it("keeps nothing of the lists that it was given", () => {
    const [sizes, activation, bias] = [[2, 3, 1], ["sin" as const], [true, true]];
    const net = multilayerNet({ sizes, activation, bias });
    sizes[1] = 7;
    activation.pop();
    bias[0] = false;
    expect(net).toMatchObject({ sizes: [2, 3, 1], activations: ["sin"], biases: [true, true], size: 13 });
  });

  it("starts within ±1/√fan-in of each layer, the same for the same seed", () => {
    const net = multilayerNet({ sizes: [100, 25, 400, 20] });
    const theta = net.init(7);
    expect(theta).toEqual(net.init(7));
    expect(theta).not.toEqual(net.init(8));
    for (const [name, limit] of [
      ["layer1", 0.1],
      ["layer2", 0.2],
      ["layer3", 0.05],
    ] as const) {
      const { from, to } = parameterRange(net, name);
      const most = Math.max(...theta.subarray(from, to).map(Math.abs));
      expect(most).toBeLessThanOrEqual(limit);
      expect(most).toBeGreaterThan(0.99 * limit);
    }
  });

  it.each(cases.filter((_, at) => at % 11 === 0))("is threeLayerNet, to the bit: $name", (problem) => {
    const { net, theta, batch } = problem;
    const { inputs, hidden, outputs, activation, loss, bias } = net;
    const other = multilayerNet({ sizes: [inputs, hidden, outputs], activation, loss, bias });
    const v = net.init(3);
    const [own, wanted] = [other, net].map((each) => ({
      theta: each.init(7),
      layout: each.layout,
      means: each.predict(theta, batch.x),
      loss: lossAndGradient(each, theta, batch),
      product: hessianVectorProduct(each, theta, batch, v),
      curvature: directionalCurvature(each, theta, batch, v),
    }));
    expect(own).toEqual(wanted);
  });
});

describe("multilayerNet refuses", () => {
  const make = (options: object) => multilayerNet({ sizes: [2, 3, 3, 1], ...options });
  refusals(ArgumentError, "invalid-argument", [
    [
      "no options",
      () => multilayerNet(undefined as never),
      /multilayerNet: expected options to be an object/,
    ],
    ["an unknown option", () => make({ size: [2, 1] }), /one of sizes, activation, loss, bias, got "size"/],
    ["no sizes", () => make({ sizes: undefined }), /sizes to be an array/],
    ["one size", () => make({ sizes: [3] }), /sizes to be an array of inputs.*\[4, 8, 3\] is one/],
    ["an empty layer", () => make({ sizes: [2, 0, 1] }), /sizes\[1\] to be an integer ≥ 1, got 0/],
    ["a hole", () => make({ sizes: Array(3) }), /sizes\[0\] to be an integer ≥ 1, got undefined/],
    ["relu", () => make({ activation: "relu" }), /multilayerNet.*got "relu".*three derivatives/],
    [
      "relu in one layer",
      () => make({ activation: ["tanh", "relu"] }),
      /multilayerNet.*got "relu".*three derivatives/,
    ],
    [
      "an unknown activation without hidden layers",
      () => make({ sizes: [2, 1], activation: "tahn" }),
      /got "tahn"/,
    ],
    [
      "too few activations",
      () => make({ activation: ["tanh"] }),
      /activation to be one for all, or a list of 2, one for each hidden layer, got a list of 1/,
    ],
    [
      "too many biases",
      () => make({ bias: [true, true, true, true] }),
      /bias to be one for all, or a list of 3, one for each affine layer, got a list of 4/,
    ],
    ["a bias that is neither", () => make({ bias: 1 }), /bias to be true or false, got 1/],
    ["one such", () => make({ bias: [true, 1, true] }), /bias\[1\] to be true or false, got 1/],
    ["an unknown loss", () => make({ loss: "hinge" }), /one of softmax-cross-entropy.*got "hinge"/],
    ["a negative seed", () => make({}).init(-1), /seed to be an integer ≥ 0/],
    [
      "a bias that it does not have",
      () => parameterRange(make({ bias: false }), "b1"),
      /one of W1, W2, W3, layer1.*without biases/,
    ],
  ]);

  it("is itself named where threeLayerNet refuses", () => {
    const relu = () => threeLayerNet({ inputs: 1, hidden: 1, outputs: 1, activation: "relu" as never });
    expect(relu).toThrow(/^threeLayerNet: /);
  });
});
