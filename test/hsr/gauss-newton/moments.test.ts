// The oracles are dense: G assembled from automatic differentiation's Jacobians, the factors of the whole Hessian, and
// derivatives of the dense G.

import { describe, expect, it } from "vitest";
import * as ad from "../../../src/autodiff/index.js";
import { momentGradient, momentsOf, type SumOver } from "../../../src/hsr/gauss-newton/sums-over-pairs.js";
import { splitMoments } from "../../../src/hsr/index.js";
import {
  ArgumentError,
  type Batch,
  exactHessian,
  gaussNewtonMatrix,
  gaussNewtonMoments,
  gaussNewtonUpperBoundAndGradient,
  type LayerDescription,
  lossNames,
  type Network,
  randomStream,
  type SequentialNet,
  type SpectralMoments,
  sequential,
  symmetricEigen,
  type Tensor,
  wsBounds,
} from "../../../src/index.js";
import { chainEvaluationAt } from "../../../src/nn/dense/evaluation.js";
import { loss } from "../../../src/nn/index.js";
import { deepCase } from "../../any-depth-cases.js";
import { denseTargets } from "../../cases.js";
import { autodiffGaussNewton } from "../../oracles/autodiff-network.js";
import { euclidean, expectClose, expectNear, largest, parameterName } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";

/** Of a dense matrix, row-major. */
function momentsOfEntries(entries: Float64Array, size: number): SpectralMoments {
  const trace = entries.reduce((sum, entry, at) => (at % (size + 1) === 0 ? sum + entry : sum), 0);
  return { size, trace, frobeniusSquared: euclidean(entries) ** 2 };
}

function expectMoments(found: SpectralMoments, wanted: SpectralMoments, tolerance: number): void {
  expect(found.size).toBe(wanted.size);
  expectNear(found.trace, wanted.trace, tolerance);
  expectNear(found.frobeniusSquared, wanted.frobeniusSquared, tolerance);
}

const ways: readonly SumOver[] = ["kernel", "layers"];

/** m + s√(n − 1) of a dense matrix; ‖A − mI‖² does not cancel. */
function boundOfEntries(entries: Float64Array, size: number): number {
  const mean = momentsOfEntries(entries, size).trace / size;
  const spread = euclidean(entries.map((entry, at) => (at % (size + 1) === 0 ? entry - mean : entry)));
  return mean + Math.sqrt((size - 1) / size) * spread;
}

describe("tr G and tr G² of 200 random networks of 1 … 5 layers", () => {
  it("are those of G from automatic differentiation, and of the factors of H", () => {
    for (let number = 0; number < 200; number++) {
      const problem = deepCase(number);
      const { net, theta, batch, name } = problem;
      try {
        const found = gaussNewtonMoments(net, theta, batch);
        expectMoments(found, momentsOfEntries(autodiffGaussNewton(problem), net.size), 1e-12);
        expectMoments(found, splitMoments(net, theta, batch).gaussNewton, 1e-12);
        const evaluation = chainEvaluationAt(net, theta, batch, 2);
        const [kernel, layers] = ways.map((over) => {
          expectMoments(momentsOf(evaluation, { over }), found, 1e-12);
          return momentGradient(evaluation, { byTrace: 0.7, bySquare: -1.3 }, { over });
        });
        expectClose(kernel, layers, 1e-11, Math.max(largest(layers), found.frobeniusSquared));
      } catch (error) {
        throw new Error(`${name}\n${(error as Error).message}`);
      }
    }
  });
});

describe("the gradient of the bound on G", () => {
  // One class has no curvature, one layer and squared errors have a constant one: no slope is seen there.
  const numbers = Array.from({ length: 40 }, (_, number) => number).filter((number) => {
    const { net, theta, batch } = deepCase(number);
    return largest(gaussNewtonUpperBoundAndGradient(net, theta, batch).gradient) > 1e-3;
  });

  it("is what differences of the dense G approach, with the right slope", () => {
    expect(numbers.length).toBeGreaterThan(25);
    for (const number of numbers) {
      const { net, theta, batch, name } = deepCase(number);
      const { value, gradient } = gaussNewtonUpperBoundAndGradient(net, theta, batch);
      const bound = (at: Float64Array) => boundOfEntries(gaussNewtonMatrix(net, at, batch).data, net.size);
      try {
        expectNear(value, bound(theta), 1e-12);
        assertDerivative({
          f: (at) => [bound(at)],
          at: theta,
          column: (j) => [gradient[j]],
          name: (_, j) => `∂B/∂${parameterName(net.layout, j)}`,
        });
      } catch (error) {
        throw new Error(`${name}\n${(error as Error).message}`);
      }
    }
  });

  it.each([8, 14, 19])(
    "is the same where samples are repeated, over several tiles of pairs: %i",
    (number) => {
      const { net, theta, batch } = deepCase(number);
      const { x, y, weights } = batch as Required<Batch> & {
        x: number[][];
        y: number[][];
        weights: number[];
      };
      // Several tiles, of 512 rows or of 64 samples, the last of them short. The copies of a sample share its weight, unevenly.
      const copies = Math.ceil(1100 / (net.outputs * x.length));
      const places = Array.from({ length: copies * x.length }, (_, place) => place);
      const shares = places.map((place) => {
        const copy = Math.floor(place / x.length);
        return (2 * (copy + 1) * weights[place % x.length]) / (copies * (copies + 1));
      });
      const repeated = {
        x: places.map((place) => x[place % x.length]),
        y: places.map((place) => y[place % x.length]),
        weights: shares,
      };
      const found = gaussNewtonUpperBoundAndGradient(net, theta, repeated);
      const wanted = gaussNewtonUpperBoundAndGradient(net, theta, batch);
      expectMoments(found.moments, wanted.moments, 1e-12);
      expectNear(found.value, wanted.value, 1e-12);
      expectClose(found.gradient, wanted.gradient, 1e-11, largest(wanted.gradient));
      expect(gaussNewtonMoments(net, theta, repeated)).toEqual(found.moments);
      const slopes = { byTrace: 0.7, bySquare: -1.3 };
      const once = momentGradient(chainEvaluationAt(net, theta, batch, 2), slopes);
      const evaluation = chainEvaluationAt(net, theta, repeated, 2);
      for (const over of ways) {
        for (const budget of [undefined, 0]) {
          expectMoments(momentsOf(evaluation, { over, budget }), wanted.moments, 1e-12);
          expectClose(momentGradient(evaluation, slopes, { over, budget }), once, 1e-11, largest(once));
        }
      }
    },
  );
});

function drawnBatch(net: Network, count: number): Batch {
  const stream = randomStream(count, "batch");
  const x = Array.from({ length: count }, () => Array.from({ length: net.inputs }, () => stream.normal()));
  const y = x.map(() => denseTargets(net.loss as never, net.outputs, stream));
  return { x, y, weights: x.map(() => stream.uniform(0.2, 2) / count) };
}

/** Layers of a chain with relu in it. */
const chains: readonly (readonly LayerDescription[])[] = [
  [{ kind: "dense", outputs: 6 }, { kind: "relu" }, { kind: "dense", outputs: 3 }],
  [
    { kind: "dense", outputs: 5, bias: false },
    { kind: "relu" },
    { kind: "dense", outputs: 4 },
    { kind: "relu" },
    { kind: "dense", outputs: 2 },
  ],
  [
    { kind: "dense", outputs: 4 },
    { kind: "relu" },
    { kind: "dense", outputs: 4 },
    { kind: "tanh" },
    { kind: "dense", outputs: 3, bias: false },
    { kind: "relu" },
    { kind: "dense", outputs: 3 },
  ],
];
const relus = chains.flatMap((layers) =>
  lossNames.map((name) => ({ name: `${layers.length} layers, ${name}`, layers, loss: name })),
);

/** G = Σ ω JᵀSJ as a function of flat theta, traced: J by automatic differentiation, S that of the loss's definition. */
function tracedGaussNewton(net: SequentialNet, layers: readonly LayerDescription[], batch: Batch) {
  const { size, outputs: K, layout } = net;
  const x = batch.x as readonly (readonly number[])[];
  const weights = batch.weights as readonly number[];
  const logits = (theta: ad.Value): ad.Value => {
    const tensors = layout.map(({ offset, shape }) =>
      ad.reshape(
        ad.slice(theta, [offset], [offset + shape.reduce((product, extent) => product * extent, 1)]),
        shape,
      ),
    );
    return ad.reshape(
      layers.reduce<ad.Operand>((a, layer) => {
        if (layer.kind === "relu") return ad.relu(a as ad.Value);
        if (layer.kind === "tanh") return ad.tanh(a as ad.Value);
        const product = ad.matmul(a, tensors.shift() as ad.Value, { transposeB: true });
        const biased = layer.kind === "dense" && layer.bias !== false;
        return biased ? ad.add(product, tensors.shift() as ad.Value) : product;
      }, x as never) as ad.Value,
      [x.length * K],
    );
  };
  const curvatures: Readonly<Record<string, (u: ad.Value) => ad.Value>> = {
    "softmax-cross-entropy": (u) => {
      const p = ad.exp(ad.logSoftmax(u));
      const column = ad.reshape(p, [K, 1]);
      return ad.sub(diagonal(p), ad.matmul(column, ad.reshape(p, [1, K])));
    },
    "sigmoid-cross-entropy": (u) => diagonal(ad.mul(ad.sigmoid(u), ad.sigmoid(ad.neg(u)))),
    "mean-squared-error": (u) => diagonal(ad.add(1, ad.mul(0, u))),
    poisson: (u) => diagonal(ad.exp(u)),
  };
  const identity = Array.from({ length: K }, (_, i) =>
    Array.from({ length: K }, (_entry, j) => Number(i === j)),
  );
  const diagonal = (d: ad.Value): ad.Value => ad.mul(identity, d);
  return (theta: ad.Value): ad.Value => {
    const J = ad.jacobian(logits as never)(theta as never) as unknown as ad.Value;
    const u = logits(theta);
    return x
      .map((_, i) => {
        const own = ad.slice(J, [i * K, 0], [(i + 1) * K, size]);
        const S = curvatures[net.loss as string](ad.slice(u, [i * K], [(i + 1) * K]));
        return ad.mul(weights[i], ad.matmul(own, ad.matmul(S, own), { transposeA: true }));
      })
      .reduce((sum, each) => ad.add(sum, each));
  };
}

describe.each(relus)("a chain with relu: $name", ({ layers, loss: name }) => {
  const net = sequential({ input: 3, layers, loss: name });
  const theta = net.init(3).map((entry) => 1.5 * entry);
  const batch = drawnBatch(net, 5);
  const n = net.size;
  const gaussNewton = tracedGaussNewton(net, layers, batch);
  const entries = () => (gaussNewton(theta as never) as unknown as Tensor).data;

  it("has the moments of JᵀSJ", () => {
    expect(net.closedForm).toBeNull();
    const found = gaussNewtonMoments(net, theta, batch);
    expectMoments(found, momentsOfEntries(entries(), n), 1e-12);
    const { values } = symmetricEigen({ data: entries(), shape: [n, n], stride: [n, 1], offset: 0 });
    const { largest: bounds } = wsBounds(found);
    expect(bounds.upper).toBeGreaterThanOrEqual(values[n - 1]);
    expect(bounds.lower).toBeLessThanOrEqual(values[n - 1]);
  });

  it("has the bound and its gradient, by automatic differentiation and by differences", () => {
    const { value, gradient } = gaussNewtonUpperBoundAndGradient(net, theta, batch);
    expectNear(value, boundOfEntries(entries(), n), 1e-12);
    const trace = (G: ad.Value) =>
      ad.sum(
        ad.gather(
          ad.reshape(G, [n * n, 1]),
          Array.from({ length: n }, (_, i) => i * (n + 1)),
        ),
      );
    const bound = (at: ad.Value): ad.Value => {
      const G = gaussNewton(at);
      const mean = ad.div(trace(G), n);
      const variance = ad.sub(ad.div(ad.sum(ad.square(G)), n), ad.square(mean));
      return ad.add(mean, ad.sqrt(ad.mul(n - 1, variance)));
    };
    const wanted = ad.grad(bound, { allowConstant: true })(theta) as Float64Array;
    expectClose(gradient, wanted, 1e-11, largest(wanted));
    assertDerivative({
      f: (at) => [boundOfEntries((gaussNewton(at as never) as unknown as Tensor).data, n)],
      at: theta,
      column: (j) => [gradient[j]],
      step: 2 ** -9,
    });
  });
});

describe("a relu that is 0 for every sample", () => {
  it("leaves the last layer's biases alone in G", () => {
    const net = sequential({
      input: 2,
      layers: chains[0] as LayerDescription[],
      loss: "mean-squared-error",
    });
    const theta = net.init(1);
    theta.fill(-100, 12, 18);
    const batch = drawnBatch(net, 4);
    const weight = (batch.weights as number[]).reduce((sum, each) => sum + each, 0);
    // G is the sum of the weights on the diagonal of three biases.
    expectMoments(
      gaussNewtonMoments(net, theta, batch),
      { size: net.size, trace: 3 * weight, frobeniusSquared: 3 * weight * weight },
      1e-14,
    );
  });
});

describe("a loss of one's own", () => {
  it("has the moments and the gradient of the same with a name", () => {
    const own = { ...loss("softmax-cross-entropy"), name: "mine" };
    const made = [own, "softmax-cross-entropy" as const].map((each) =>
      sequential({ input: 3, layers: chains[1] as LayerDescription[], loss: each }),
    );
    const theta = made[0].init(5);
    const batch = drawnBatch(made[1], 6);
    const [mine, named] = made.map((net) => gaussNewtonUpperBoundAndGradient(net, theta, batch));
    expect(mine).toEqual(named);
  });
});

describe("what bounds λ_max(G)", () => {
  it("does not bound λ_max(H)", () => {
    // With targets far away the residual part is the larger.
    const net = sequential({
      input: 1,
      layers: [
        { kind: "dense", outputs: 1, bias: false },
        { kind: "sin" },
        { kind: "dense", outputs: 1, bias: false },
      ],
      loss: "mean-squared-error",
    });
    const theta = Float64Array.of(1, 1);
    const batch = { x: [[1]], y: [[5]] };
    const { values } = symmetricEigen(exactHessian(net, theta, batch));
    expect(gaussNewtonUpperBoundAndGradient(net, theta, batch).value).toBeLessThan(values[1] - 1);
  });
});

describe("edges", () => {
  it("the gradient at s = 0 is that of the mean: 0 for a softmax of one class", () => {
    const net = sequential({ input: 2, layers: [{ kind: "dense", outputs: 1 }] });
    const { value, gradient } = gaussNewtonUpperBoundAndGradient(net, net.init(1), { x: [[1, 2]], y: [0] });
    expect(value).toBe(0);
    expect(gradient.every((entry) => entry === 0)).toBe(true);
  });

  it("every other network is refused, with what takes it", () => {
    const net = sequential({
      input: [1, 4, 4],
      layers: [
        { kind: "conv2d", channels: 1, kernel: 3 },
        { kind: "flatten" },
        { kind: "dense", outputs: 2 },
      ],
    });
    const call = () =>
      gaussNewtonMoments(net, net.init(1), { x: [Array.from({ length: 16 }, () => 1)], y: [0] });
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(/^gaussNewtonMoments: expected a chain of dense layers, with activations between/);
  });
});
