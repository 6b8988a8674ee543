import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  hessianVectorProduct,
  lossAndGradient,
  lossObjective,
  NonFiniteError,
  parameterRange,
  randomStream,
  type SequentialOptions,
  selectSamples,
  sequential,
  type Tensor,
} from "../../../src/index.js";
import type { OwnLayer } from "../../../src/nn/index.js";
import { tensor } from "../../../src/tensor/index.js";
import { euclidean, expectClose, expectNear } from "../../oracles/compare.js";
import { refusals } from "../../refusals.js";

const epsilon = 1e-12;

function problem(
  layers: SequentialOptions["layers"],
  count: number,
  input: [number, number, number] = [2, 5, 4],
) {
  const net = sequential({ input, layers });
  const draws = randomStream(8);
  const x = tensor(
    Float64Array.from({ length: count * net.inputs }, () => draws.normal(0.3, 1.4)),
    [count, net.inputs],
  );
  const y = Array.from({ length: count }, () => draws.integer(net.outputs));
  const theta = net.init(3).map((each) => each + draws.normal(0, 0.1));
  return { net, theta, batch: { x, y }, draws };
}

const deep = problem(
  [
    { kind: "conv2d", channels: 3, kernel: 3, padding: 1, bias: false },
    { kind: "batchNorm", epsilon },
    { kind: "tanh" },
    {
      kind: "residual",
      layers: [{ kind: "conv2d", channels: 2, kernel: 3 }, { kind: "batchNorm" }, { kind: "silu" }],
      shortcut: [{ kind: "conv2d", channels: 2, kernel: 3, bias: false }, { kind: "batchNorm" }],
    },
    { kind: "flatten" },
    { kind: "batchNorm" },
    { kind: "dense", outputs: 3 },
  ],
  11,
);

describe("batch normalisation by the batch", () => {
  // Theorem: L(cw) = L(w) for the weights w of a convolution without bias that is normalised next, c > 0. Differentiated
  // by c at 1: gᵀw = 0, and once more by w: H w = −g on the rows of w, and on the others 0.
  it("makes the loss invariant to the scale of the weights before it, to second order", () => {
    const { net, theta, batch } = deep;
    const { from, to } = parameterRange(net, "0.weight");
    const scaled = theta.map((each, i) => (i >= from && i < to ? 3 * each : each));
    const { loss, gradient } = lossAndGradient(net, theta, batch);
    expectNear(lossAndGradient(net, scaled, batch).loss, loss, 1e-11);

    const w = theta.map((each, i) => (i >= from && i < to ? each : 0));
    const own = gradient.map((each, i) => (i >= from && i < to ? each : 0));
    const along = own.reduce((sum, each, i) => sum + each * w[i], 0);
    expectNear(along, 0, 1e-10, euclidean(own) * euclidean(w));
    expect(euclidean(own)).toBeGreaterThan(1e-3);
    expectClose(
      hessianVectorProduct(net, theta, batch, w),
      own.map((each) => -each),
      1e-9,
    );
  });

  it("refuses a batch without two values to normalise by", () => {
    const net = sequential({ input: 2, layers: [{ kind: "batchNorm" }, { kind: "dense", outputs: 2 }] });
    expect(() => lossAndGradient(net, net.init(1), { x: [[1, 2]], y: [0] })).toThrow(
      /^sequential: layers\[0\] \(batchNorm\): expected at least 2 values.*frozen/,
    );
    expect(() => net.frozen(net.init(1), [[1, 2]])).toThrow(
      /^frozen: expected at least 2 values to normalise by, got a single sample/,
    );
    // Of an image, every pixel is one.
    const image = problem([{ kind: "batchNorm" }, { kind: "flatten" }, { kind: "dense", outputs: 2 }], 1);
    expect(lossAndGradient(image.net, image.theta, image.batch).loss).toBeGreaterThan(0);
  });
});

describe("values too large to normalise", () => {
  const net = sequential({
    input: 1,
    layers: [
      { kind: "dense", outputs: 2 },
      { kind: "batchNorm" },
      { kind: "batchNorm" },
      { kind: "dense", outputs: 2 },
    ],
  });
  // The deviations are finite and their squares are not: normalised they would be 0, without a derivative.
  const x = [[1e200], [-1e200]];
  it("are refused by the layer in train mode, and by the statistics to freeze", () => {
    expect(() => lossAndGradient(net, net.init(1), { x, y: [0, 1] })).toThrow(
      /^sequential: layers\[1\] \(batchNorm\): expected the variance to normalise by to be finite, got Infinity/,
    );
    expect(() => net.predict(net.init(1), x)).toThrow(NonFiniteError);
    expect(() => net.frozen(net.init(1), x)).toThrow(
      /^frozen: expected the variance that batch normalisation 1 normalises by to be finite, got Infinity/,
    );
    expect(() => net.frozen(new Float64Array(net.size).fill(1e300), [[1], [2]])).toThrow(NonFiniteError);
  });
});

describe("a frozen network", () => {
  it("has the loss of the batch that it was frozen on, through any number of normalisations", () => {
    const { net, theta, batch } = deep;
    const frozen = net.frozen(theta, batch.x);
    expect([net.mode, frozen.mode]).toEqual(["train", "eval"]);
    expect([frozen.size, frozen.layout, frozen.description]).toEqual([net.size, net.layout, net.description]);
    expectNear(lossAndGradient(frozen, theta, batch).loss, lossAndGradient(net, theta, batch).loss, 1e-13);
    expectClose(frozen.logits(theta, batch.x).data, net.logits(theta, batch.x).data, 1e-12);
  });

  it("normalises each sample alone, at every later theta as at the first", () => {
    const { net, theta, batch, draws } = deep;
    const frozen = net.frozen(theta, batch.x);
    const later = theta.map((each) => each + draws.normal(0, 0.1));
    const whole = frozen.logits(later, batch.x).data;
    const few = selectSamples(batch, [7, 2]);
    const own = frozen.logits(later, few.x).data;
    expectClose(own, [...whole.subarray(21, 24), ...whole.subarray(6, 9)], 1e-13);
    // In train mode the others matter.
    const [a, b] = [net.logits(later, batch.x).data.subarray(21, 24), net.logits(later, few.x).data];
    expect(Math.abs(a[0] - b[0])).toBeGreaterThan(1e-3);
  });

  it("has the derivatives of a loss whose statistics are constants", () => {
    const { net, theta, batch } = deep;
    const frozen = net.frozen(theta, batch.x);
    const objective = lossObjective(frozen, batch);
    const { gradient } = objective.valueAndGradient(theta);
    expect(
      euclidean(gradient.map((each, i) => each - lossAndGradient(net, theta, batch).gradient[i])),
    ).toBeGreaterThan(1e-2);
    const step = 1e-4;
    const differences = theta.map((_, j) => {
      const [up, down] = [step, -step].map((by) =>
        objective.value(theta.map((each, i) => (i === j ? each + by : each))),
      );
      return (up - down) / (2 * step);
    });
    expectClose(gradient, differences, 1e-6);
  });

  it("takes the population statistics of many samples piece by piece", () => {
    // Wide enough that some 300 samples are a piece; a network in train mode takes all in one.
    const { net, theta, batch } = problem(
      [
        { kind: "batchNorm" },
        { kind: "averagePool2d", size: 16 },
        { kind: "flatten" },
        { kind: "batchNorm" },
        { kind: "dense", outputs: 2 },
      ],
      400,
      [1, 64, 64],
    );
    // Far from 0, so that a one-pass variance would cancel.
    const far: Tensor = { ...batch.x, data: batch.x.data.map((each) => each + 1e4) };
    const frozen = net.frozen(theta, far);
    expectClose(frozen.logits(theta, far).data, net.logits(theta, far).data, 1e-9);

    // The loss, its gradient and H·v of all samples are the sums over parts that the caller cuts.
    const weights = Float64Array.from({ length: 400 }, (_, i) => 1 / (i + 1));
    const cuts = [
      [0, 90],
      [90, 301],
      [301, 400],
    ];
    const parts = cuts.map(([from, to]) => ({
      x: tensor(far.data.slice(from * net.inputs, to * net.inputs), [to - from, net.inputs]),
      y: batch.y.slice(from, to),
      weights: weights.slice(from, to),
    }));
    const whole = lossAndGradient(frozen, theta, { x: far, y: batch.y, weights });
    const shares = parts.map((part) => lossAndGradient(frozen, theta, part));
    const product = hessianVectorProduct(frozen, theta, { x: far, y: batch.y, weights }, theta);
    const products = parts.map((part) => hessianVectorProduct(frozen, theta, part, theta));
    const total = (vectors: readonly Float64Array[]) =>
      vectors[0].map((_, i) => vectors.reduce((sum, each) => sum + each[i], 0));
    expectNear(
      shares.reduce((sum, { loss }) => sum + loss, 0),
      whole.loss,
      1e-12,
    );
    expectClose(total(shares.map(({ gradient }) => gradient)), whole.gradient, 1e-12);
    expectClose(total(products), product, 1e-12);
  });

  /** A layer of one's own that normalises in train mode alone; in pieces of so many numbers a sample. */
  const skipping = (footprint: number) => {
    const make: OwnLayer["make"] = (context) => {
      const inner = context.nested("layers", [{ kind: "batchNorm" }]);
      const apply: typeof inner.apply = (x, own, pass) => (pass.moments ? x : inner.apply(x, own, pass));
      return { ...inner, footprint, apply };
    };
    return () => {
      const net = sequential({
        input: 1,
        layers: [{ kind: "batchNorm" }, { kind: { name: "mine", make } }, { kind: "dense", outputs: 2 }],
      });
      return net.frozen(net.init(1), [[1], [2], [4]]);
    };
  };
  const says = /^frozen: expected batch normalisation 2 to be applied, got a layer that leaves it out; apply/;
  refusals(ArgumentError, "invalid-argument", [
    ["is refused where a layer leaves out a normalisation that it nested", skipping(1), says],
    ["in pieces too", skipping(2 ** 22), says],
  ]);

  it("without batch normalisation is the network itself", () => {
    const { net, theta, batch } = problem([{ kind: "flatten" }, { kind: "dense", outputs: 2 }], 4);
    expect(lossAndGradient(net.frozen(theta, batch.x), theta, batch)).toEqual(
      lossAndGradient(net, theta, batch),
    );
  });
});
