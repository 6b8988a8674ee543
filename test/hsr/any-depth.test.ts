// Two oracles that share nothing with the closed form: values of 80-bit arithmetic, and automatic differentiation through
// the whole Hessian.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as ad from "../../src/autodiff/index.js";
import { chainSource } from "../../src/hessian/chain-factors.js";
import { hessianBlock } from "../../src/hessian/index.js";
import type { BoundSlopes } from "../../src/hsr/bound-slopes.js";
import { createContraction } from "../../src/hsr/contraction/contraction.js";
import { layerMoments, spectralBounds, splitMoments } from "../../src/hsr/index.js";
import {
  exactHessian,
  gaussNewtonMatrix,
  lossAndGradient,
  multilayerNet,
  parameterRange,
  randomStream,
  residualMatrix,
  spectralMoments,
  symmetricEigen,
  wsUpperBoundAndGradient,
} from "../../src/index.js";
import { evaluationAt } from "../../src/nn/dense/evaluation.js";
import { type DeepCase, deepCase } from "../any-depth-cases.js";
import { autodiffLoss, autodiffMomentGradient, autodiffResidual } from "../oracles/autodiff-network.js";
import { euclidean, expectClose, expectNear, largest } from "../oracles/compare.js";
import { pairProducts } from "./pair-products.js";

const routes = ["gram", "blocks", "auto"] as const;
const hundred = (from: number) => Array.from({ length: 100 }, (_, i) => deepCase(from + i));

interface Reference {
  readonly sizes: number[];
  readonly activations: never[];
  readonly loss: "poisson";
  readonly bias: boolean[];
  readonly theta: number[];
  readonly x: number[][];
  readonly y: number[][];
  readonly weights: number[];
  readonly expected: {
    readonly loss: number;
    readonly trace: number;
    readonly frobeniusSquared: number;
    readonly bound: number;
    readonly gradient: number[];
    /** By "m,l", counted from 1. */
    readonly blocks: Readonly<Record<string, number>>;
  };
}

const references: readonly Reference[] = JSON.parse(
  readFileSync(new URL("./reference/any-depth.json", import.meta.url), "utf8"),
);

describe.each(references)(
  "a network of $sizes",
  ({ sizes, activations, loss, bias, theta: entries, ...rest }) => {
    const { expected, ...batch } = rest;
    const net = multilayerNet({ sizes, activation: activations, loss, bias });
    const theta = Float64Array.from(entries);

    it.each(routes)("has the loss, moments, bound, gradient and blocks of 80-bit arithmetic: %s", (route) => {
      expectNear(lossAndGradient(net, theta, batch).loss, expected.loss, 1e-13);
      const { value, gradient, moments } = wsUpperBoundAndGradient(net, theta, batch, { route });
      expectNear(moments.trace, expected.trace, 1e-12);
      expectNear(moments.frobeniusSquared, expected.frobeniusSquared, 1e-12);
      expectNear(value, expected.bound, 1e-12);
      expectClose(gradient, expected.gradient, 1e-12);
      const layers = layerMoments(net, theta, batch, { route });
      for (const [block, square] of Object.entries(expected.blocks)) {
        const [m, l] = block.split(",").map(Number);
        const got = m === l ? layers[`layer${m}`].frobeniusSquared : layers.betweenSquared[m - 1][l - 1];
        expectNear(got, square, 1e-12, expected.frobeniusSquared);
      }
    });
  },
);

function denseHessian(problem: DeepCase): Float64Array {
  const hessian = ad.hessian(autodiffLoss(problem), { allowConstant: true })(problem.theta);
  return (hessian as { readonly data: Float64Array }).data;
}

/** ‖·‖² of the block between the ranges of two layers. */
function blockSquare(H: Float64Array, { net }: DeepCase, m: number, l: number): number {
  const [rows, columns] = [m, l].map((layer) => parameterRange(net, `layer${layer + 1}`));
  let sum = 0;
  for (let i = rows.from; i < rows.to; i++)
    for (let j = columns.from; j < columns.to; j++) sum += H[i * net.size + j] * H[i * net.size + j];
  return sum;
}

function checkAgainstDense(problem: DeepCase): void {
  const { net, theta, batch } = problem;
  const n = net.size;
  const H = denseHessian(problem);
  const size = euclidean(H);
  const R = autodiffResidual(problem);
  const scale = size + euclidean(R);
  expectClose(exactHessian(net, theta, batch).data, H, 1e-12, scale || 1);
  expectClose(residualMatrix(net, theta, batch).data, R, 1e-12, scale || 1);
  const G = H.map((entry, at) => entry - R[at]);
  expectClose(gaussNewtonMatrix(net, theta, batch).data, G, 1e-12, scale || 1);

  const trace = H.reduce((sum, entry, at) => (at % (n + 1) === 0 ? sum + entry : sum), 0);
  const mean = trace / n;
  const spread = euclidean(H.map((entry, at) => (at % (n + 1) === 0 ? entry - mean : entry)));
  const root = Math.sqrt((n - 1) / n);
  for (const route of routes) {
    const moments = spectralMoments(net, theta, batch, { route });
    expectNear(moments.trace, trace, 1e-12, size * n);
    expectNear(moments.frobeniusSquared, size * size, 1e-11, scale * scale);
    const layers = layerMoments(net, theta, batch, { route });
    for (let m = 0; m < net.biases.length; m++) {
      expectNear(
        layers[`layer${m + 1}`].frobeniusSquared,
        blockSquare(H, problem, m, m),
        1e-11,
        scale * scale,
      );
      for (let l = 0; l < m; l++)
        expectNear(layers.betweenSquared[m][l], blockSquare(H, problem, m, l), 1e-11, scale * scale);
    }
    const split = splitMoments(net, theta, batch, { route });
    expectNear(split.gaussNewton.frobeniusSquared, euclidean(G) ** 2, 1e-11, scale * scale);
    expectNear(split.residual.frobeniusSquared, euclidean(R) ** 2, 1e-11, euclidean(R) ** 2);
    const cross = G.reduce((sum, entry, at) => sum + entry * R[at], 0);
    expectNear(split.cross, cross, 1e-11, scale * scale);
  }
  // Near a multiple of I the bound has no derivative that could be compared.
  if (n === 1 || !(spread > 1e-3 * size)) return;
  const bySquare = Math.sqrt((n - 1) / n) / (2 * spread);
  const wanted = autodiffMomentGradient(problem, 1 / n - 2 * mean * bySquare, bySquare);
  for (const route of routes) {
    const { value, gradient } = wsUpperBoundAndGradient(net, theta, batch, { route });
    expectNear(value, mean + spread * root, 1e-11, size);
    expectClose(gradient, wanted, 1e-11, Math.max(largest(wanted), size));
  }
}

describe("200 random networks of 1 … 5 layers have everything that the dense Hessian has, by every route", () => {
  it.each([0, 100])("from %i on", (from) => {
    for (const problem of hundred(from)) {
      try {
        checkAgainstDense(problem);
      } catch (error) {
        throw new Error(`${problem.name}\n${(error as Error).message}`);
      }
    }
  });
});

describe("a network of four layers", () => {
  const { net, theta, batch } = deepCase(18);

  it("has blocks that are cut from its Hessian, to the bit, and bounds that hold", () => {
    const n = net.size;
    const H = exactHessian(net, theta, batch);
    for (const name of [...net.layout.map((block) => block.name), "layer1", "layer2", "layer3", "layer4"]) {
      const { from, to } = parameterRange(net, name);
      const rows = Array.from({ length: to - from }, (_, i) =>
        Array.from(H.data.subarray((from + i) * n + from, (from + i) * n + to)),
      );
      expect(Array.from(hessianBlock(net, theta, batch, name).data), name).toEqual(rows.flat());
    }
    const { values } = symmetricEigen(H);
    const top = values[n - 1];
    for (const { name, upper, lower } of spectralBounds(net, theta, batch).bounds) {
      expect(upper, name).toBeGreaterThanOrEqual(top - 1e-12 * euclidean(values));
      if (lower !== undefined) expect(lower, name).toBeLessThanOrEqual(top + 1e-12 * euclidean(values));
    }
  });
});

describe("‖H − mI‖², which is tr H² − 2m tr H + nm²", () => {
  it.each([undefined, 400])("has that value and derivative: memory for %s numbers", (budget) => {
    for (const { net, theta, batch, name } of hundred(0)) {
      const contraction = createContraction(chainSource(evaluationAt(net, theta, batch, 3)), true, budget);
      const derivative = (slopes: BoundSlopes) => {
        const gradient = new Float64Array(net.size);
        contraction.pullBack(slopes, gradient);
        return gradient;
      };
      const { total } = contraction.squares("blocks", true);
      const mean = Math.sqrt(total) + 0.1;
      const wanted = derivative({ byTrace: -2 * mean, bySquare: 1 });
      const trace = contraction.traces().reduce((sum, each) => sum + each, 0);
      const whole = net.size * mean * mean;
      expectNear(contraction.squaredDeviation(mean, true), total - 2 * mean * trace + whole, 1e-13, whole);
      const got = derivative({ byTrace: 0, bySquare: 1 });
      expectClose(got, wanted, 1e-11, Math.max(largest(wanted), total), (at) => `${name} [${at}]`);
    }
  });
});

describe("in several tiles of samples, for want of memory", () => {
  it.each([3, 4, 12, 13])("sums and derivatives are the same: case %i", (number) => {
    const { net, theta } = deepCase(number);
    const count = 23;
    const draws = Array.from({ length: count }, (_, i) => i);
    const x = draws.map((i) => Array.from({ length: net.inputs }, (_, c) => Math.sin(i * 7 + c)));
    const y = draws.map((i) =>
      Array.from({ length: net.outputs }, (_, k) => (k === i % net.outputs ? 1 : 0)),
    );
    const source = chainSource(evaluationAt(net, theta, { x, y }, 3));
    const slopes = { byTrace: 0.7, bySquare: -1.3 };
    const [whole, parts] = [undefined, 400].map((budget) => {
      const contraction = createContraction(source, true, budget);
      return routes.map((route) => {
        const { squares } = contraction.squares(route, true);
        const gradient = new Float64Array(net.size);
        contraction.pullBack(slopes, gradient);
        const cross = contraction.inner(route, "gauss-newton", "residual");
        return {
          squares,
          gradient,
          cross,
          traces: contraction.traces(),
          pairs: pairProducts(contraction, count),
        };
      });
    });
    routes.forEach((_, at) => {
      const scale = largest(whole[at].squares);
      expectClose(parts[at].squares, whole[at].squares, 1e-13);
      expectClose(parts[at].gradient, whole[at].gradient, 1e-12);
      expectNear(parts[at].cross, whole[at].cross, 1e-12, scale);
      expectClose(parts[at].traces, whole[at].traces, 1e-13);
      expectClose(parts[at].pairs, whole[at].pairs, 1e-13);
      // All pairs with their weights are tr H².
      const total = whole[at].pairs.reduce((sum, product) => sum + product, 0) / (count * count);
      const square = spectralMoments(net, theta, { x, y }).frobeniusSquared;
      expectNear(total, square, 1e-12);
    });
  });
});

describe("layers apart that have many entries and few units, which pairs of samples sum column by column", () => {
  // More samples than a tile has, too.
  it.each([5, 150])("have the moments of the dense Hessian, and its pairs: %i samples", (count) => {
    const net = multilayerNet({ sizes: [3, 8, 4, 8, 5] });
    const theta = net.init(1);
    const samples = Array.from({ length: count }, (_, i) => i);
    const batch = {
      x: samples.map((i) => [Math.sin(3 * i), Math.cos(5 * i), Math.sin(7 * i + 1)]),
      y: samples.map((i) => i % 5),
    };
    const square = euclidean(exactHessian(net, theta, batch).data) ** 2;
    for (const route of routes)
      expectNear(spectralMoments(net, theta, batch, { route }).frobeniusSquared, square, 1e-12);
    const contraction = createContraction(chainSource(evaluationAt(net, theta, batch, 3)), true);
    const total = pairProducts(contraction, count).reduce((sum, product) => sum + product, 0);
    expectNear(total / (count * count), square, 1e-12);
  });
});

describe("squares that derivatives tell", () => {
  // One hidden layer of many units: between layers X ⊗ a over pairs, the rest from entries. And more samples than a tile has.
  it.each([
    { sizes: [6, 12, 5], count: 40 },
    { sizes: [6, 12, 5], count: 300 },
    { sizes: [3, 5, 4, 3], count: 70 },
  ])("are those that are added up: $sizes, $count samples", ({ sizes, count }) => {
    const net = multilayerNet({ sizes });
    const { inputs, outputs } = net;
    const stream = randomStream(3, "samples");
    const batch = {
      x: Array.from({ length: count }, () => Array.from({ length: inputs }, () => stream.normal())),
      y: Array.from({ length: count }, () => stream.integer(outputs)),
      weights: Array.from({ length: count }, () => stream.uniform()),
    };
    const at = evaluationAt(net, net.init(1), batch, 3);
    // In one piece, and in several chunks.
    for (const samples of [undefined, Math.ceil(count / 3)]) {
      const contraction = createContraction(chainSource(at), true, undefined, samples);
      for (const route of ["gram", "auto"] as const) {
        const plain = contraction.squares(route);
        const told = contraction.squares(route, true);
        expectClose(told.squares, plain.squares, 1e-13);
        expectNear(told.cancellation, plain.cancellation, 1e-13);
        if (route === "gram") expect(plain.cancellation).toBeGreaterThan(1);
      }
    }
  });
});

describe("where samples cancel", () => {
  // At theta = 0 tanh leaves H nothing but r x in the block between the layers, and two opposite targets nearly cancel.
  // Features that are 0 add nothing, but with them pairs are the cheaper way.
  const net = multilayerNet({ sizes: [6, 3, 2], loss: "mean-squared-error", bias: false });
  const theta = new Float64Array(net.size);
  const excess = 2 ** -17;
  const x = Array.from({ length: 4 }, () => [1, 0, 0, 0, 0, 0]);
  const y = [1, -1 - excess, 1, -1 - excess].map((target) => [target, target]);
  // Each of 6 entries, which stand twice, is the mean residual.
  const square = 12 * (excess / 2) * (excess / 2);

  it("tr H² is summed over blocks instead of pairs, and the result says so", () => {
    const { cancellation, frobeniusSquared } = spectralMoments(net, theta, { x, y });
    expectNear(frobeniusSquared, square, 1e-14);
    // Every ‖H_i‖² is about 12.
    expectNear(cancellation ?? 0, 12 / square, 1e-3);
    const { gradient, moments } = wsUpperBoundAndGradient(net, theta, { x, y });
    expect(moments).toEqual(spectralMoments(net, theta, { x, y }));
    expect(gradient).toEqual(wsUpperBoundAndGradient(net, theta, { x, y }, { route: "blocks" }).gradient);
  });

  it("pairs keep to a route that was asked for, and warn; there is no warning elsewhere", () => {
    const { cancellation, frobeniusSquared } = spectralMoments(net, theta, { x, y }, { route: "gram" });
    expect(cancellation).toBeGreaterThan(1e10);
    expectNear(frobeniusSquared, square, 1e-15 * (cancellation ?? 0));
    expect(spectralMoments(net, theta, { x, y }, { route: "blocks" })).not.toHaveProperty("cancellation");
    expect(
      spectralMoments(net, theta, {
        x,
        y: [
          [1, 1],
          [1, 1],
          [1, 1],
          [1, 1],
        ],
      }),
    ).not.toHaveProperty("cancellation");
  });
});
