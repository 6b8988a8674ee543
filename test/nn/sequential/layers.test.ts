// Independent: central differences of values know nothing of derivative rules; and forward mode of reverse mode.

import { describe, expect, it } from "vitest";
import { checkGrads, type Value } from "../../../src/autodiff/index.js";
import { type LayerDescription, lossNames, randomStream } from "../../../src/index.js";
import { type LayerName, layerNames } from "../../../src/nn/index.js";
import { makeChain, noLayers } from "../../../src/nn/sequential/layers/chain.js";
import type { Pass, SampleShape } from "../../../src/nn/sequential/layers/layer.js";
import { sampleLosses } from "../../../src/nn/sequential/traced-loss.js";
import { sizeOf, tensor } from "../../../src/tensor/view.js";
import { denseTargets } from "../../cases.js";

interface Example {
  readonly layer: LayerDescription;
  readonly input: SampleShape;
  readonly pass?: Pass;
}

const image: SampleShape = [2, 4, 3];
const dropping: Pass = { firstSample: 2, dropout: randomStream(5) };
const frozen: Pass = {
  firstSample: 0,
  moments: () => ({ mean: Float64Array.of(0.2, -0.1), variance: Float64Array.of(0.5, 2) }),
};

/** Every kind of layer; a new one does not compile without its own. */
const examples: { readonly [Name in LayerName]: readonly Example[] } = {
  dense: [
    { layer: { kind: "dense", outputs: 2 }, input: [3] },
    { layer: { kind: "dense", outputs: 2, bias: false }, input: [3] },
  ],
  conv2d: [
    { layer: { kind: "conv2d", channels: 2, kernel: 2 }, input: image },
    { layer: { kind: "conv2d", channels: 1, kernel: 3, stride: 2, padding: 1, bias: false }, input: image },
  ],
  maxPool2d: [{ layer: { kind: "maxPool2d", size: 2, stride: 1 }, input: image }],
  averagePool2d: [{ layer: { kind: "averagePool2d", size: 2, padding: 1 }, input: image }],
  flatten: [{ layer: { kind: "flatten" }, input: image }],
  relu: [{ layer: { kind: "relu" }, input: [5] }],
  tanh: [{ layer: { kind: "tanh" }, input: [3] }],
  sigmoid: [{ layer: { kind: "sigmoid" }, input: [3] }],
  softplus: [{ layer: { kind: "softplus" }, input: [3] }],
  silu: [{ layer: { kind: "silu" }, input: [3] }],
  gelu: [{ layer: { kind: "gelu" }, input: [3] }],
  sin: [{ layer: { kind: "sin" }, input: [3] }],
  batchNorm: [
    { layer: { kind: "batchNorm" }, input: [2] },
    { layer: { kind: "batchNorm", epsilon: 0.1 }, input: [2, 2, 1] },
    { layer: { kind: "batchNorm" }, input: [2, 2, 1], pass: frozen },
  ],
  layerNorm: [
    { layer: { kind: "layerNorm" }, input: [3] },
    { layer: { kind: "layerNorm", epsilon: 0.1 }, input: [2, 2, 1] },
    { layer: { kind: "layerNorm", affine: false }, input: [4] },
  ],
  dropout: [{ layer: { kind: "dropout", rate: 0.4 }, input: [4], pass: dropping }],
  residual: [
    { layer: { kind: "residual", layers: [{ kind: "dense", outputs: 2 }, { kind: "tanh" }] }, input: [2] },
    {
      layer: {
        kind: "residual",
        layers: [{ kind: "conv2d", channels: 1, kernel: 2 }, { kind: "sigmoid" }],
        shortcut: [
          { kind: "averagePool2d", size: 2, stride: 1 },
          { kind: "conv2d", channels: 1, kernel: 1 },
        ],
      },
      input: image,
    },
  ],
};

const rows = layerNames.flatMap((name) =>
  examples[name].map((example) => ({ what: JSON.stringify(example.layer), ...example })),
);

/** Numbers that are no nearer to 0, and to each other, than differences reach: they keep clear of kinks. */
function spread(count: number, seed: number): Float64Array {
  const order = randomStream(seed).permutation(count);
  return Float64Array.from(order, (place) => (place + 0.25 - count / 2) / Math.max(4, count / 4));
}

describe("derivatives of a layer, by samples and parameters, to order 2:", () => {
  it.each(rows)("$what", ({ layer, input, pass = { firstSample: 0 } }) => {
    const chain = makeChain("layers", [layer], input, noLayers());
    const draws = randomStream(4);
    const names = chain.parameters.map(({ name }) => name);
    const at = {
      samples: tensor(spread(3 * sizeOf(input), 2), [3, ...input]),
      ...Object.fromEntries(
        chain.parameters.map(({ name, shape }) => [
          name,
          tensor(
            Float64Array.from({ length: sizeOf(shape) }, () => draws.normal()),
            shape,
          ),
        ]),
      ),
    };
    const f = (values: Readonly<Record<string, Value>>): Value =>
      chain.apply(
        values.samples,
        names.map((name) => values[name]),
        pass,
      );
    const report = checkGrads(f, at, { order: 2 });
    expect(report.passed, report.text).toBe(true);
    const output = chain.apply(
      at.samples,
      names.map((name) => (at as Record<string, Value>)[name]),
      pass,
    );
    expect(output.shape).toEqual([3, ...chain.output]);
  });
});

describe("derivatives of a loss by its logits, to order 4:", () => {
  it.each(lossNames)("%s", (name) => {
    const draws = randomStream(6, name);
    const targets = Float64Array.from([0, 1, 2].flatMap(() => denseTargets(name, 2, draws)));
    const logits = tensor(
      Float64Array.from({ length: 6 }, () => draws.normal()),
      [3, 2],
    );
    const report = checkGrads(sampleLosses(name, targets), logits, { order: 4, tolerance: 1e-4 });
    expect(report.passed, report.text).toBe(true);
  });
});
