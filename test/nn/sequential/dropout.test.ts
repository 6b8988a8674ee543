import { describe, expect, it } from "vitest";
import {
  adam,
  lossAndGradient,
  lossObjective,
  minibatchObjective,
  minimize,
  randomStream,
  selectSamples,
  sequential,
  threeLayerNet,
} from "../../../src/index.js";
import { makeChain, noLayers } from "../../../src/nn/sequential/layers/chain.js";
import { type Tensor, tensor } from "../../../src/tensor/view.js";
import { expectNear } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";

const net = sequential({
  input: 3,
  layers: [
    { kind: "dense", outputs: 6 },
    { kind: "tanh" },
    { kind: "dropout", rate: 0.5 },
    { kind: "dense", outputs: 2 },
  ],
});
const theta = net.init(2);
const draws = randomStream(9);
const batch = {
  x: Array.from({ length: 20 }, () => Array.from({ length: 3 }, () => draws.normal())),
  y: Array.from({ length: 20 }, () => draws.integer(2)),
};

describe("dropout", () => {
  it("is off unless an objective is given a seed", () => {
    const plain = lossAndGradient(net, theta, batch).loss;
    const objective = lossObjective(net, batch);
    expect(objective.value(theta)).toBe(plain);
    expect(objective.beginStep).toBeUndefined();
    expect(lossObjective(net, batch, { dropoutSeed: 1 }).value(theta)).not.toBe(plain);
  });

  it("draws masks from seed and step alone", () => {
    const valuesOf = (seed: number, steps: readonly number[]) => {
      const objective = lossObjective(net, batch, { dropoutSeed: seed });
      return steps.map((step) => {
        objective.beginStep?.(step);
        return objective.value(theta);
      });
    };
    const first = valuesOf(1, [0, 1, 2, 3]);
    expect(new Set(first).size).toBe(4);
    expect(valuesOf(1, [3, 0, 2, 1])).toEqual([first[3], first[0], first[2], first[1]]);
    expect(valuesOf(2, [0])[0]).not.toBe(first[0]);
    // Before the first step the masks are those of step 0.
    expect(lossObjective(net, batch, { dropoutSeed: 1 }).value(theta)).toBe(first[0]);
  });

  it("keeps its masks for a whole step: value, gradient and H·v are of one function", () => {
    const objective = lossObjective(net, batch, { dropoutSeed: 4 });
    objective.beginStep?.(5);
    const { value, gradient } = objective.valueAndGradient(theta);
    expect(objective.value(theta)).toBe(value);
    assertDerivative({ f: (at) => [objective.value(at)], at: theta, column: (j) => [gradient[j]] });
    assertDerivative({
      f: (at) => objective.gradient(at),
      at: theta,
      column: (j) =>
        objective.hessianVectorProduct(
          theta,
          theta.map((_, i) => (i === j ? 1 : 0)),
        ),
    });
  });

  // Theorem: for u = wᵀ(m ∘ x)/(1 − p) with independent masks m, E u = wᵀx and Var u = p/(1 − p) Σ w²x², so
  // E ½(u − y)² = ½(wᵀx − y)² + ½ p/(1 − p) Σ w²x².
  it("keeps the mean of what it drops, and adds the variance that it should", () => {
    const rate = 0.3;
    const linear = sequential({
      input: 4,
      loss: "mean-squared-error",
      layers: [
        { kind: "dropout", rate },
        { kind: "dense", outputs: 1, bias: false },
      ],
    });
    const w = Float64Array.of(0.5, -1, 2, 0.25);
    const x = [1, 0.5, -0.75, 2];
    const u = x.reduce((sum, each, i) => sum + w[i] * each, 0);
    const variance = x.reduce((sum, each, i) => sum + w[i] * w[i] * each * each, 0) * (rate / (1 - rate));
    const objective = lossObjective(linear, { x: [x], y: [[1]] }, { dropoutSeed: 6 });
    const samples = Array.from({ length: 4000 }, (_, step) => {
      objective.beginStep?.(step);
      return objective.value(w);
    });
    const mean = samples.reduce((sum, each) => sum + each, 0) / samples.length;
    const spread = Math.sqrt(
      samples.reduce((sum, each) => sum + (each - mean) * (each - mean), 0) / samples.length,
    );
    const wanted = 0.5 * (u - 1) * (u - 1) + 0.5 * variance;
    expect(Math.abs(mean - wanted)).toBeLessThan((4 * spread) / Math.sqrt(samples.length));
    expectNear(lossAndGradient(linear, w, { x: [x], y: [[1]] }).loss, 0.5 * (u - 1) * (u - 1), 1e-14);
  });

  it("drops the same of every sample however the batch is cut into pieces", () => {
    const chain = makeChain("layers", [{ kind: "dropout", rate: 0.5 }], [4], noLayers());
    const dropout = randomStream(3);
    const apply = (count: number, firstSample: number) =>
      (
        chain.apply(tensor(new Float64Array(4 * count).fill(1), [count, 4]), [], {
          firstSample,
          dropout,
        }) as Tensor
      ).data;
    expect([...apply(2, 0), ...apply(5, 2)]).toEqual([...apply(7, 0)]);
    expect(new Set(apply(7, 0))).toEqual(new Set([0, 2]));
  });

  it("does so in a loss that is evaluated in pieces", () => {
    // Some 400 samples of this size are a piece; the chain itself takes them all at once.
    const wide = sequential({
      input: [1, 64, 64],
      loss: "mean-squared-error",
      layers: [
        { kind: "dropout", rate: 0.5 },
        { kind: "averagePool2d", size: 32 },
        { kind: "flatten" },
        { kind: "dense", outputs: 1, bias: false },
      ],
    });
    const count = 700;
    const x = new Float64Array(count * wide.inputs).map((_, at) => Math.cos(at));
    const w = Float64Array.of(300, -200, 100, 50);
    const batch = { x: tensor(x, [count, wide.inputs]), y: Array.from({ length: count }, () => [1]) };
    const chain = makeChain("layers", wide.description.layers, [1, 64, 64], noLayers());
    const u = chain.apply(tensor(x, [count, 1, 64, 64]), [tensor(w, [1, 4])], {
      firstSample: 0,
      dropout: randomStream(5, "dropout", 0),
    }) as Tensor;
    const wanted = u.data.reduce((sum, each) => sum + (0.5 * (each - 1) * (each - 1)) / count, 0);
    expectNear(lossObjective(wide, batch, { dropoutSeed: 5 }).value(w), wanted, 1e-12);
  });

  it.each([
    ["in one piece", 5],
    ["in several", 400],
  ])("keeps the masks of a Hessian that is held from one step to the next, %s", (_, count) => {
    const wide = sequential({
      input: [1, 64, 64],
      layers: [
        { kind: "dropout", rate: 0.5 },
        { kind: "averagePool2d", size: 32 },
        { kind: "flatten" },
        { kind: "dense", outputs: 2, bias: false },
      ],
    });
    const x = tensor(
      new Float64Array(count * wide.inputs).map((_, at) => Math.cos(at)),
      [count, wide.inputs],
    );
    const loss = wide.lossOn({ x, y: Array.from({ length: count }, (_, i) => i % 2) }, { dropoutSeed: 5 });
    const v = wide.init(2);
    const times = (multiply: (v: Float64Array, out: Float64Array) => void) => {
      const out = new Float64Array(wide.size);
      multiply(v, out);
      return out;
    };
    const held = loss.hessianAt(wide.init(1));
    const before = times(held);
    loss.beginStep?.(1);
    expect(times(held)).toEqual(before);
    expect(times(loss.hessianAt(wide.init(1)))).not.toEqual(before);
  });

  it("gives layers, samples and steps masks of their own", () => {
    const two = makeChain(
      "layers",
      [
        { kind: "dropout", rate: 0.5 },
        { kind: "dropout", rate: 0.5 },
      ],
      [64],
      noLayers(),
    );
    const ones = tensor(new Float64Array(128).fill(1), [2, 64]);
    const { data } = two.apply(ones, [], { firstSample: 0, dropout: randomStream(3) }) as Tensor;
    // Were both masks one, only 0 and 4 would occur about half the time each; now 4 has a quarter.
    const share = data.filter((each) => each === 4).length / 128;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.4);
    expect(data.subarray(0, 64)).not.toEqual(data.subarray(64));
  });

  it("is off in a frozen network, and nothing to a network without it", () => {
    const frozen = net.frozen(theta, batch.x);
    const objective = lossObjective(frozen, batch, { dropoutSeed: 1 });
    expect(objective.beginStep).toBeUndefined();
    expect(objective.value(theta)).toBe(lossAndGradient(net, theta, batch).loss);
    const smooth = threeLayerNet({ inputs: 3, hidden: 2, outputs: 2 });
    expect(lossObjective(smooth, batch, { dropoutSeed: 1 }).beginStep).toBeUndefined();
  });

  it("leaves a run of mini-batches resumable to the bit", () => {
    const objective = () =>
      minibatchObjective({ count: 20, batchSize: 6, seed: 3 }, (samples) =>
        lossObjective(net, selectSamples(batch, samples), { dropoutSeed: 3 }),
      );
    const optimizer = adam({ learningRate: 0.02 });
    const whole = minimize(objective(), theta, optimizer, { steps: 12 });
    const half = minimize(objective(), theta, optimizer, { steps: 7 });
    const rest = minimize(objective(), half.theta, optimizer, { steps: 5, from: half });
    expect(rest.theta).toEqual(whole.theta);
    expect(rest.value).toBe(whole.value);
  });
});
