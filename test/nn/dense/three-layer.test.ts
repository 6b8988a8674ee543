import { describe, expect, it } from "vitest";
import { lossAndGradient, selectSamples, threeLayerNet } from "../../../src/index.js";
import { cases, makeCase } from "../../cases.js";
import { expectClose, expectNear } from "../../oracles/compare.js";
import { plainLogits } from "../../oracles/network-loss.js";

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
          })[net.loss],
      );
    });
    const got = net.predict(theta, plain.x);
    expect(got.shape).toEqual([plain.x.length, net.outputs]);
    expectClose(got.data, means, 1e-13);
  });
});

describe("batches", () => {
  it("take class indices as one-hot targets, typed arrays too", () => {
    const { net, theta, plain, batch } = makeCase({ size: [6, 2, 3, 3] });
    const wanted = lossAndGradient(net, theta, batch);
    expect(lossAndGradient(net, theta, { x: plain.x, y: plain.targets })).toEqual(wanted);
    const labels = Int32Array.from(batch.y as number[]);
    expect(lossAndGradient(net, theta, { x: plain.x, y: labels })).toEqual(wanted);
  });

  it("take weights as an array or as a tensor, strided ones included", () => {
    const { net, theta, batch } = makeCase({ size: [3, 2, 3, 2], weighted: true });
    const weights = Array.from(batch.weights as number[]);
    const wanted = lossAndGradient(net, theta, batch);
    const spread = Float64Array.from(weights.flatMap((weight) => [weight, 99]));
    const views = [
      Float64Array.from(weights),
      { data: Float64Array.from(weights), shape: [3] },
      { data: spread, shape: [3], stride: [2], offset: 0 },
    ];
    for (const view of views)
      expect(lossAndGradient(net, theta, { ...batch, weights: view })).toEqual(wanted);
    const picked = views.map((view) => selectSamples({ ...batch, weights: view }, [2, 0]).weights);
    for (const each of picked) expect(each).toEqual([1.5 * weights[2], 1.5 * weights[0]]);
  });

  it("use weights as given: twice the weights are twice the loss", () => {
    const { net, theta, batch } = makeCase({ size: [6, 2, 3, 2], weighted: true });
    const doubled = { ...batch, weights: Array.from(batch.weights as number[], (weight) => 2 * weight) };
    const [once, twice] = [batch, doubled].map((each) => lossAndGradient(net, theta, each));
    expect(twice.loss).toBe(2 * once.loss);
    expect(twice.gradient).toEqual(once.gradient.map((entry) => 2 * entry));
  });

  it("are left unchanged", () => {
    const { net, theta, batch } = makeCase({ size: [6, 2, 3, 2], weighted: true, targets: "dense" });
    const before = structuredClone({ theta, batch });
    lossAndGradient(net, theta, batch);
    expect({ theta, batch }).toEqual(before);
  });
});

describe("selectSamples", () => {
  it("takes samples in the given order, repeated ones too", () => {
    const { net, theta, batch, plain } = makeCase({ size: [6, 2, 3, 2], targets: "dense" });
    const order = [4, 0, 4];
    const picked = selectSamples(batch, order);
    const wanted = { x: order.map((i) => plain.x[i]), y: order.map((i) => plain.targets[i]) };
    expect(lossAndGradient(net, theta, picked)).toEqual(lossAndGradient(net, theta, wanted));
  });

  it("gives the same bits of rows, of a matrix and of its strided views, narrow and wide", () => {
    for (const width of [3, 40]) {
      const rows = Array.from({ length: 5 }, (_, i) =>
        Array.from({ length: width }, (_, j) => Math.sin(9 * i + j)),
      );
      const flat = Float64Array.from(rows.flat());
      const spread = Float64Array.from(rows.flat().flatMap((value) => [value, 99]));
      const views = [
        rows,
        { data: flat, shape: [5, width] },
        { data: spread, shape: [5, width], stride: [2 * width, 2], offset: 0 },
      ];
      const order = [3, 0, 3];
      const wanted = Float64Array.from(order.flatMap((i) => rows[i]));
      for (const x of views) {
        const picked = selectSamples({ x, y: [0, 1, 0, 1, 0] }, order);
        expect(picked).toMatchObject({ x: { data: wanted, shape: [3, width] }, y: [1, 0, 1] });
      }
    }
  });

  it("keeps the sum over disjoint parts: their losses average to the whole batch's", () => {
    const { net, theta, batch } = makeCase({ size: [6, 2, 3, 2], weighted: true });
    const whole = lossAndGradient(net, theta, batch).loss;
    const parts = [
      [0, 3],
      [1, 5],
      [2, 4],
    ].map((part) => lossAndGradient(net, theta, selectSamples(batch, part)).loss);
    expectNear(parts.reduce((sum, part) => sum + part, 0) / 3, whole, 1e-14);
  });
});
