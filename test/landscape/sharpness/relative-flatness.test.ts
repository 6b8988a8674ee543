import fc from "fast-check";
import { problem } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  exactHessian,
  lossObjective,
  randomStream,
  ShapeError,
  type Tensor,
  threeLayerNet,
} from "../../../src/index.js";
import { type ParameterLayout, relativeFlatness } from "../../../src/landscape/index.js";
import { makeCase } from "../../cases.js";
import { euclidean, expectNear } from "../../oracles/compare.js";
import { symmetric } from "../../oracles/plain-matrix.js";
import { expectCoverage, studentT975 } from "../../oracles/statistics.js";
import { refusals } from "../../refusals.js";
import { net, theta, x, y } from "../../small-network.js";
import { quadraticOf } from "../objectives.js";

/** Petzka et al. 2021, by the dense Hessian: Σ_{s,s'} ⟨w_s, w_s'⟩ Σ_j H_{(s,j),(s',j)}. */
function definition(H: Tensor, theta: Float64Array, rows: number, columns: number, offset: number): number {
  const n = theta.length;
  let sum = 0;
  for (let s = 0; s < rows; s++) {
    for (let t = 0; t < rows; t++) {
      let product = 0;
      let trace = 0;
      for (let j = 0; j < columns; j++) {
        const [a, b] = [offset + s * columns + j, offset + t * columns + j];
        product += theta[a] * theta[b];
        trace += H.data[a * n + b];
      }
      sum += product * trace;
    }
  }
  return sum;
}

const byDefinition = (H: Tensor, theta: Float64Array, layout: ParameterLayout): number[] =>
  layout
    .filter(({ shape }) => shape.length > 1)
    .map(({ shape, offset }) =>
      definition(
        H,
        theta,
        shape[0],
        shape.slice(1).reduce((a, b) => a * b, 1),
        offset,
      ),
    );

describe("relative flatness", () => {
  it("is its definition by the dense Hessian, for every network, wide and tall layers", () => {
    fc.assert(
      fc.property(problem(), ({ net, theta, batch }) => {
        const H = exactHessian(net, theta, batch);
        const { layers, value, standardError } = relativeFlatness(lossObjective(net, batch), theta, {
          layout: net.layout,
        });
        const wanted = byDefinition(H, theta, net.layout);
        const scale = 1e-300 + euclidean(H.data) * euclidean(theta) ** 2;
        expect(layers.map(({ name }) => name)).toEqual(["W1", "W2"]);
        layers.forEach((layer, i) => {
          expectNear(layer.value, wanted[i], 1e-11, scale);
          expect(layer.standardError).toBe(0);
        });
        expectNear(value, wanted[0] + wanted[1], 1e-11, scale);
        expect(standardError).toBe(0);
        const { inputs: d, hidden: h, outputs: K } = net;
        expect(layers.map(({ products }) => products)).toEqual([d * Math.min(d, h), h * Math.min(h, K)]);
      }),
    );
  });

  it("of least squares is ridge: ‖W‖² times the mean of ‖φ‖²", () => {
    // The last layer of a network with ½‖u − y‖²: H = I ⊗ mean of a aᵀ. Petzka et al. 2021 make the same point.
    const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, loss: "mean-squared-error", bias: false });
    const theta = net.init(4);
    const x = [
      [1, 2],
      [-1, 0.5],
      [0.3, -2],
    ];
    const y = [
      [1, 0],
      [0, 2],
      [1, 1],
    ];
    const { layers } = relativeFlatness(lossObjective(net, { x, y }), theta, { layout: net.layout });
    let features = 0;
    for (const row of x) {
      for (let m = 0; m < 3; m++)
        features += Math.tanh(theta[2 * m] * row[0] + theta[2 * m + 1] * row[1]) ** 2 / 3;
    }
    expectNear(layers[1].value, euclidean(theta.subarray(6)) ** 2 * features, 1e-13);
  });

  it("takes the filters of a convolution as rows", () => {
    const layout = [
      { name: "0.weight", shape: [2, 1, 2, 2], offset: 0 },
      { name: "0.bias", shape: [2], offset: 8 },
      { name: "2.weight", shape: [3, 2], offset: 10 },
    ];
    const stream = randomStream(6);
    const H = symmetric(16, () => stream.normal());
    const theta = Float64Array.from({ length: 16 }, () => stream.normal());
    const { layers } = relativeFlatness(quadraticOf(H), theta, { layout });
    for (const [i, wanted] of byDefinition(H, theta, layout).entries())
      expectNear(layers[i].value, wanted, 1e-12);
  });

  it("draws other vectors for every layer and seed: no layer of one seed has those of another", () => {
    // Layers alike in size and Hessian: their estimates differ by their vectors alone.
    const layout = [0, 1, 2].map((l) => ({ name: `${l}`, shape: [2, 2], offset: 4 * l }));
    const H = symmetric(12, (i, j) => (i >> 2 === j >> 2 ? 1 / (1 + (i % 4) + (j % 4)) : 0));
    const theta = Float64Array.from({ length: 12 }, (_, i) => [1, 2, -1, 0.5][i % 4]);
    const estimates = [0, 1, 2].flatMap((seed) =>
      relativeFlatness(quadraticOf(H), theta, { layout, productLimit: 0, samples: 20, seed }).layers.map(
        ({ value }) => value,
      ),
    );
    expect(new Set(estimates).size).toBe(9);
  });

  it("beyond the limit is estimated, with the exact value within the interval at the stated rate", () => {
    const { net, theta, batch } = makeCase({ size: [20, 2, 4, 3], seed: 3 });
    const objective = lossObjective(net, batch);
    const wanted = byDefinition(exactHessian(net, theta, batch), theta, net.layout);
    const found = Array.from({ length: 400 }, (_, seed) =>
      relativeFlatness(objective, theta, { layout: net.layout, productLimit: 0, samples: 30, seed }),
    );
    for (const i of [0, 1]) {
      expectCoverage(
        found.map(({ layers }) => layers[i]),
        wanted[i],
        studentT975[29],
      );
    }
    expectCoverage(found, wanted[0] + wanted[1], studentT975[49]);
    expect(found[0].layers.map(({ products }) => products)).toEqual([30, 30]);
    // Layers that are alike have draws of their own.
    const twins = relativeFlatness(
      quadraticOf(
        symmetric(8, (i, j) => ((i % 4) + (j % 4)) * (Math.floor(i / 4) === Math.floor(j / 4) ? 1 : 0)),
      ),
      Float64Array.of(1, 2, 3, 4, 1, 2, 3, 4),
      {
        layout: ["a", "b"].map((name, i) => ({ name, shape: [2, 2], offset: 4 * i })),
        productLimit: 0,
        samples: 5,
      },
    );
    expect(twins.layers[0].value).not.toBe(twins.layers[1].value);
  });
});

describe("relativeFlatness refuses", () => {
  const objective = lossObjective(net, { x, y });
  const { layout } = net;
  const nothing = undefined as never;
  refusals(ArgumentError, "invalid-argument", [
    ["no layout", () => relativeFlatness(objective, theta, {} as never), /relativeFlatness: expected layout/],
    [
      "no options of flatness",
      () => relativeFlatness(objective, theta, nothing),
      /relativeFlatness: .*\{ layout \}/,
    ],
    [
      "a layout without weights",
      () => relativeFlatness(objective, theta, { layout: [{ name: "b", shape: [net.size], offset: 0 }] }),
      /a tensor of two or more extents, got only b/,
    ],
    [
      "a layout whose shape is a number",
      () => relativeFlatness(objective, theta, { layout: [{ name: "b", shape: 3 as never, offset: 0 }] }),
      /the shape of b to be an array, got 3/,
    ],
    [
      "a layout of nothing",
      () => relativeFlatness(objective, theta, { layout: [nothing] }),
      /a tensor of layout/,
    ],
    [
      "an extent of 0",
      () => relativeFlatness(objective, theta, { layout: [{ name: "b", shape: [0], offset: 0 }] }),
      /an extent of b/,
    ],
    [
      "a flatness limit",
      () => relativeFlatness(objective, theta, { layout, productLimit: -1 }),
      /productLimit/,
    ],
    [
      "one sample of flatness",
      () => relativeFlatness(objective, theta, { layout, samples: 1 }),
      /samples.*≥ 2/,
    ],
    [
      "a seed of flatness",
      () => relativeFlatness(objective, theta, { layout, seed: -1 }),
      /relativeFlatness: .*seed/,
    ],
  ]);
  refusals(ShapeError, "shape-mismatch", [
    [
      "a layout of another network",
      () => relativeFlatness(objective, theta, { layout: layout.slice(0, 2) }),
      /relativeFlatness: expected a layout of 17 parameters, got 9/,
    ],
  ]);
});
