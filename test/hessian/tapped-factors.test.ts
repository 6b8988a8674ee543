// Independent: H by products, reverse over reverse through the whole network, knows no taps; H of a chain comes from
// passes written by hand; differences of factors know no derivative rules.

import { describe, expect, it } from "vitest";
import type { FactorSet } from "../../src/hessian/factors.js";
import { tappedSource } from "../../src/hessian/tapped-factors.js";
import {
  type Batch,
  exactHessian,
  gaussNewtonMatrix,
  hessianOperator,
  type LayerDescription,
  type LossName,
  lossNames,
  randomStream,
  residualMatrix,
  type SequentialNet,
  sequential,
  type Tensor,
  threeLayerNet,
} from "../../src/index.js";
import { prepareSamples } from "../../src/nn/batch.js";
import type { CurvaturePart } from "../../src/nn/dense/tangents.js";
import type { TappedNetwork } from "../../src/nn/taps.js";
import { tensor } from "../../src/tensor/index.js";
import { zeros } from "../../src/tensor/view.js";
import { denseTargets } from "../cases.js";
import { expectClose } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";

const dense = (outputs: number, bias = true): LayerDescription => ({ kind: "dense", outputs, bias });
const norm: LayerDescription = { kind: "layerNorm", affine: false, epsilon: 0.1 };
const tanh: LayerDescription = { kind: "tanh" };

/** Networks whose parameters enter through dense layers alone. */
const networks: Readonly<Record<string, Pick<Parameters<typeof sequential>[0], "input" | "layers">>> = {
  "one dense layer": { input: 3, layers: [dense(2)] },
  "a chain": { input: 3, layers: [dense(4), tanh, dense(3, false), { kind: "gelu" }, dense(2)] },
  "residual blocks with layer normalisation": {
    input: 3,
    layers: [
      dense(4),
      { kind: "residual", layers: [norm, dense(4), { kind: "silu" }, dense(4, false)] },
      { kind: "residual", layers: [norm, dense(4), { kind: "softplus" }] },
      norm,
      dense(2),
    ],
  },
  "shortcuts through dense layers": {
    input: 3,
    layers: [
      { kind: "residual", layers: [dense(3), tanh, dense(2)], shortcut: [dense(2, false)] },
      { kind: "sin" },
      { kind: "residual", layers: [dense(3), { kind: "sigmoid" }], shortcut: [tanh, dense(3)] },
      dense(2),
    ],
  },
  "images, averaged, normalised and flattened; dropout that drops nothing": {
    input: [2, 3, 2],
    layers: [
      norm,
      { kind: "averagePool2d", size: 2, stride: 1 },
      { kind: "flatten" },
      dense(3),
      { kind: "dropout", rate: 0.5 },
      tanh,
      dense(2),
    ],
  },
};

interface Problem {
  readonly net: SequentialNet;
  readonly tapped: TappedNetwork;
  readonly theta: Float64Array;
  readonly batch: Batch;
}

function problemOf(name: string, loss: LossName = "softmax-cross-entropy", count = 5): Problem {
  const net = sequential({ ...networks[name], loss });
  const draws = randomStream(3, name);
  const normals = (length: number) => Float64Array.from({ length }, () => draws.normal());
  return {
    net,
    tapped: net.tapped as TappedNetwork,
    theta: normals(net.size).map((each) => 0.7 * each),
    batch: {
      x: tensor(normals(count * net.inputs), [count, net.inputs]),
      y: Array.from({ length: count }, () => denseTargets(loss, net.outputs, draws)),
      weights: Float64Array.from({ length: count }, () => draws.uniform(0.1, 1)),
    },
  };
}

function factorsOf({ tapped, theta, batch }: Problem, differentiate = false): FactorSet {
  const prepared = prepareSamples(tapped, batch);
  return tappedSource({ net: tapped, theta, batch: prepared }).create(prepared.count, differentiate);
}

/** Adds Σ ω (X ã ãᵀ + δ E ã) to H, entry by entry, as `Factors` tells. */
function addHessian(h: Tensor, factors: FactorSet): void {
  const { taps, count, weights, rows, deltas, curvature, slopes } = factors;
  const size = h.shape[0];
  taps.forEach((upper, m) => {
    for (let l = 0; l <= m; l++) {
      const lower = taps[l];
      const place = (tap: typeof upper, unit: number, r: number) =>
        r === tap.inputs ? tap.biases + unit : tap.weights + unit * tap.inputs + r;
      const widths = [upper, lower].map(({ inputs, bias }) => inputs + Number(bias));
      for (let i = 0; i < count; i++)
        for (let p = 0; p < upper.units; p++)
          for (let q = 0; q < lower.units; q++)
            for (let r = 0; r < widths[0]; r++)
              for (let s = 0; s < widths[1]; s++) {
                const x = curvature[m][l].data[(q * count + i) * upper.units + p];
                const e =
                  l < m && r < upper.inputs ? slopes[m][l].data[(q * count + i) * upper.inputs + r] : 0;
                const entry = x * rows[m].data[i * widths[0] + r] + deltas[m].data[i * upper.units + p] * e;
                const value = weights[i] * entry * rows[l].data[i * widths[1] + s];
                const [a, b] = [place(upper, p, r), place(lower, q, s)];
                h.data[a * size + b] += value;
                if (l < m) h.data[b * size + a] += value;
              }
    }
  });
}

function hessianOf(problem: Problem, part?: CurvaturePart): Float64Array {
  const factors = factorsOf(problem);
  factors.fill(0, part);
  const h = zeros([problem.net.size, problem.net.size]);
  addHessian(h, factors);
  return h.data;
}

describe("H assembled from factors is H by products,", () => {
  const rows = Object.keys(networks).flatMap((name) => lossNames.map((loss) => ({ name, loss })));
  it.each(rows)("$name, $loss", ({ name, loss }) => {
    const problem = problemOf(name, loss);
    const products = hessianOperator(problem.net, problem.theta, problem.batch).toMatrix().data;
    expectClose(hessianOf(problem), products, 1e-13);
    expectClose(exactHessian(problem.net, problem.theta, problem.batch).data, products, 1e-13);
  });

  it("and the sum of the factors of runs of samples", () => {
    const problem = problemOf("residual blocks with layer normalisation");
    const { tapped: net, theta, batch } = problem;
    const source = tappedSource({ net, theta, batch: prepareSamples(net, batch) });
    const h = zeros([net.size, net.size]);
    for (const [from, count] of [
      [0, 2],
      [2, 3],
    ]) {
      const factors = source.create(count, false);
      factors.fill(from);
      addHessian(h, factors);
    }
    expectClose(h.data, hessianOf(problem), 1e-14);
  });
});

it("are computed in the same memory for every part of H, and leave nothing of the part before", () => {
  const problem = problemOf("shortcuts through dense layers");
  const factors = factorsOf(problem);
  factors.fill(0, "gauss-newton");
  const held = [...factors.deltas, ...factors.curvature.flat(), ...factors.slopes.flat()].map(
    ({ data }) => data,
  );
  factors.fill(0, "residual");
  const fresh = factorsOf(problem);
  fresh.fill(0, "residual");
  [...fresh.deltas, ...fresh.curvature.flat(), ...fresh.slopes.flat()].forEach(({ data }, k) => {
    expect(held[k]).toEqual(data);
  });
});

describe("G and R", () => {
  it("are those of the network with one hidden layer, whose parts come by hand", () => {
    const loss = "softmax-cross-entropy";
    const layers = [dense(4), tanh, dense(3)];
    const net = sequential({ input: 3, layers, loss });
    const three = threeLayerNet({ inputs: 3, hidden: 4, outputs: 3, loss });
    const theta = three.init(4);
    const draws = randomStream(2);
    const x = tensor(
      Float64Array.from({ length: 15 }, () => draws.normal()),
      [5, 3],
    );
    const batch = { x, y: [0, 1, 2, 0, 1] };
    const problem = { net, tapped: net.tapped as TappedNetwork, theta, batch };
    expectClose(hessianOf(problem, "gauss-newton"), gaussNewtonMatrix(three, theta, batch).data, 1e-14);
    expectClose(hessianOf(problem, "residual"), residualMatrix(three, theta, batch).data, 1e-14);
  });

  it.each(Object.keys(networks))("add up to H: %s", (name) => {
    const problem = problemOf(name, "poisson");
    const g = hessianOf(problem, "gauss-newton");
    const r = hessianOf(problem, "residual");
    expectClose(
      g.map((each, at) => each + r[at]),
      hessianOf(problem),
      1e-13,
    );
  });
});

describe("what is pulled back to theta is the derivative of Σ ⟨adjoint, factor⟩:", () => {
  const all = (factors: FactorSet) => [
    ...factors.rows,
    ...factors.deltas,
    ...factors.curvature.flat(),
    ...factors.slopes.flat(),
  ];
  it.each(Object.keys(networks))("%s", (name) => {
    const problem = problemOf(name, "softmax-cross-entropy", 3);
    const factors = factorsOf(problem, true);
    factors.fill(0);
    const draws = randomStream(8);
    const bars = all(factors).map(({ adjoint }) => adjoint.map(() => draws.normal()));
    const value = (theta: Float64Array): number => {
      const moved = factorsOf({ ...problem, theta });
      moved.fill(0);
      return all(moved).reduce(
        (total, { data }, k) => bars[k].reduce((sum, bar, at) => sum + bar * data[at], total),
        0,
      );
    };
    all(factors).forEach(({ adjoint }, k) => {
      adjoint.set(bars[k]);
    });
    const gradient = new Float64Array(problem.net.size).fill(1);
    factors.pullBack(gradient);
    assertDerivative({ f: (theta) => [value(theta)], at: problem.theta, column: (j) => [gradient[j] - 1] });
    // Used up.
    expect(factors.adjoints.every((adjoint) => adjoint.every((each) => each === 0))).toBe(true);
  });
});

describe("a network has taps unless", () => {
  const tapsOf = (layers: readonly LayerDescription[], input: number | [number, number, number] = 3) =>
    sequential({ input, layers: [...layers, dense(2)] }).tapped;
  it.each<[string, LayerDescription[], [number, number, number]?]>([
    ["it has a kink", [dense(3), { kind: "relu" }]],
    ["a maximum", [{ kind: "maxPool2d", size: 2 }, { kind: "flatten" }], [1, 4, 4]],
    ["a convolution", [{ kind: "conv2d", channels: 1, kernel: 2 }, { kind: "flatten" }], [1, 4, 4]],
    ["a scale after layer normalisation", [dense(3), { kind: "layerNorm" }]],
    ["batch normalisation", [dense(3), { kind: "batchNorm" }]],
    ["any of these in a block", [{ kind: "residual", layers: [dense(3), { kind: "relu" }] }]],
  ])("%s", (_, layers, input) => {
    expect(tapsOf(layers, input)).toBeNull();
  });

  it("and they are its dense layers, by offset", () => {
    const { tapped } = problemOf("shortcuts through dense layers");
    expect(tapped.taps.slice(0, 3)).toEqual([
      { inputs: 3, units: 3, bias: true, weights: 0, biases: 9 },
      { inputs: 3, units: 2, bias: true, weights: 12, biases: 18 },
      { inputs: 3, units: 2, bias: false, weights: 20, biases: -1 },
    ]);
  });
});
