// Independent: G from differences of the logits, which know no derivative rules; H by products, which knows no parts.

import fc from "fast-check";
import { batchFor, parametersFor, sequentialNetwork } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  gaussNewtonOperator,
  hessianBlock,
  hessianOperator,
  hessianRankBound,
  residualOperator,
} from "../../src/hessian/index.js";
import {
  ArgumentError,
  exactHessian,
  gaussNewtonMatrix,
  type LayerDescription,
  multilayerNet,
  type Network,
  parameterRange,
  residualMatrix,
  type SequentialNet,
  sequential,
  spectralBounds,
  symmetricEigen,
  type Tensor,
} from "../../src/index.js";
import { type LayeredProblem, layeredProblems } from "../layered-problems.js";
import { boundsMargin } from "../oracles/bounds-margin.js";
import { euclidean, expectClose, largest } from "../oracles/compare.js";
import { romberg } from "../oracles/finite-differences.js";
import { numericalRank } from "../oracles/numerical-rank.js";
import { refusals } from "../refusals.js";

const dense = (outputs: number): LayerDescription => ({ kind: "dense", outputs });
const inside: readonly LayerDescription[] = [
  { kind: "layerNorm", affine: false },
  dense(3),
  { kind: "tanh" },
];
const [convolution] = layeredProblems;
const problemOf = (name: string, layers: readonly LayerDescription[]): LayeredProblem => {
  const net = sequential({ input: 3, layers });
  const x = convolution.batch.x as number[][];
  return {
    name,
    net,
    theta: net.init(2),
    batch: { x: x.map((row) => row.slice(0, 3)), y: x.map((_, i) => i % 2) },
  };
};
const relu = problemOf("relu", [dense(4), { kind: "relu" }, dense(2)]);
const taps = problemOf("a shortcut", [dense(3), { kind: "residual", layers: [...inside] }, dense(2)]);
const nested = problemOf("a shortcut over two dense layers", [
  dense(3),
  { kind: "residual", layers: [dense(4), { kind: "tanh" }, dense(3)] },
  { kind: "tanh" },
  dense(2),
]);
const problems = [...layeredProblems, relu, taps, nested];

/** Σ ω JᵀSJ with ω = 1/N, for the softmax: S = diag p − p pᵀ. */
function gaussNewtonByDifferences({ net, theta, batch }: LayeredProblem): Float64Array {
  const x = batch.x as number[][];
  const { data: p, shape } = net.predict(theta, x);
  const [count, K] = shape;
  const columns = Array.from(theta, (_, j) => {
    const logits = (delta: number) =>
      net.logits(
        theta.map((each, at) => each + (at === j ? delta : 0)),
        x,
      ).data;
    const differences = [1, 2, 4].map((divisor) => {
      // Small enough not to step over a kink of relu.
      const step = 1e-4 / divisor;
      const behind = logits(-step);
      return logits(step).map((each, at) => (each - behind[at]) / (2 * step));
    });
    return differences[0].map((_, at) => romberg(differences.map((each) => each[at])));
  });
  return Float64Array.from(
    columns.flatMap((a) =>
      columns.map((b) => {
        let sum = 0;
        for (let i = 0; i < count * K; i += K) {
          const [first, second] = [a, b].map((column) =>
            column.subarray(i, i + K).reduce((mean, each, k) => mean + p[i + k] * each, 0),
          );
          for (let k = 0; k < K; k++) sum += p[i + k] * a[i + k] * b[i + k];
          sum -= first * second;
        }
        return sum / count;
      }),
    ),
  );
}

describe.each(problems)("of $name", (problem) => {
  const { net, theta, batch } = problem;
  const H = exactHessian(net, theta, batch);
  const products = hessianOperator(net, theta, batch).toMatrix().data;
  const norm = euclidean(H.data);

  it("G is JᵀSJ, and H is G + R", () => {
    const G = gaussNewtonMatrix(net, theta, batch).data;
    expectClose(G, gaussNewtonByDifferences(problem), 1e-7);
    const R = residualMatrix(net, theta, batch).data;
    expectClose(
      G.map((entry, at) => entry + R[at]),
      products,
      1e-13,
      norm,
    );
    expect(largest(R)).toBeGreaterThan(0.01 * norm);
  });

  it("the operators of G and R are those of the matrices", () => {
    for (const [matrix, operator] of [
      [gaussNewtonMatrix, gaussNewtonOperator],
      [residualMatrix, residualOperator],
    ] as const) {
      const wanted = matrix(net, theta, batch).data;
      expectClose(operator(net, theta, batch).toMatrix().data, wanted, 1e-13, norm);
    }
  });

  it("blocks are cut from H, to the bit", () => {
    const names = net.layout.flatMap(({ name }) => {
      const parts = name.split(".");
      return parts.map((_, i) => parts.slice(0, i + 1).join("."));
    });
    for (const name of new Set(names)) {
      const { from, to } = parameterRange(net, name);
      const { data, shape } = hessianBlock(net, theta, batch, name);
      expect(shape).toEqual([to - from, to - from]);
      const rows = Array.from({ length: to - from }, (_, i) => (from + i) * net.size);
      expect(data).toEqual(
        Float64Array.from(rows.flatMap((row) => Array.from(H.data.subarray(row + from, row + to)))),
      );
    }
  });
});

describe("ranks and bounds of networks whose parameters enter through dense layers, but no chains", () => {
  const tapped = sequentialNetwork({ smooth: true, maxLayers: 5 })
    .filter((net) => net.tapped !== null && net.closedForm === null && net.size <= 40)
    .chain((net) =>
      fc.record({
        net: fc.constant(net),
        theta: parametersFor(net, { limit: 0.5 }),
        batch: batchFor(net, { maxCount: 5 }),
      }),
    );

  it("hold", () => {
    let [attained, below, bounded] = [0, 0, 0];
    fc.assert(
      fc.property(tapped, ({ net, theta, batch }) => {
        const H = hessianOperator(net, theta, batch).toMatrix();
        const [G, R] = [gaussNewtonMatrix(net, theta, batch), residualMatrix(net, theta, batch)];
        const scale = largest(G.data) + largest(R.data);
        const ranks = hessianRankBound(net, batch);
        const parts: readonly [number, Tensor][] = [
          [ranks.hessian, H],
          [ranks.gaussNewton, G],
          [ranks.residual, R],
          ...layersOf(net).map(([from, to], l): [number, Tensor] => [
            ranks[`layer${l + 1}`],
            cut(H, from, to),
          ]),
        ];
        for (const [bound, matrix] of parts) {
          const rank = numericalRank(matrix, scale);
          expect(rank).toBeLessThanOrEqual(bound);
          if (rank === bound && bound > 0) attained++;
          if (bound < matrix.shape[0]) below++;
        }
        if (net.size < 2) return;
        const { values } = symmetricEigen(H);
        const mean = values.reduce((sum, value) => sum + value / net.size, 0);
        const deviation = euclidean(values.map((value) => value - mean)) / Math.sqrt(net.size);
        const slack = boundsMargin(net.size, euclidean(H.data), deviation) + 1e-13 * scale * net.size;
        const { bounds } = spectralBounds(net, theta, batch);
        expect(bounds).toHaveLength(10);
        for (const { name, upper, lower = Number.NEGATIVE_INFINITY } of bounds) {
          expect(upper, name).toBeGreaterThanOrEqual(values[net.size - 1] - slack);
          expect(lower, name).toBeLessThanOrEqual(values[net.size - 1] + slack);
          bounded++;
        }
      }),
      { numRuns: 80 },
    );
    // Otherwise the bounds would be right but useless.
    expect(attained).toBeGreaterThan(60);
    expect(below).toBeGreaterThan(60);
    expect(bounded).toBeGreaterThan(500);
  });

  /** Where the weights and biases of each dense layer lie. */
  function layersOf({ tapped }: SequentialNet): (readonly [number, number])[] {
    return (tapped?.taps ?? []).map(({ weights, units, inputs, bias }) => [
      weights,
      weights + units * (inputs + (bias ? 1 : 0)),
    ]);
  }

  function cut({ data, shape: [n] }: Tensor, from: number, to: number): Tensor {
    const size = to - from;
    const entries = Float64Array.from({ length: size * size }, (_, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      return data[(from + i) * n + from + j];
    });
    return { data: entries, shape: [size, size] } as unknown as Tensor;
  }

  it("count κ = hᴸ where the last layer is not dense", () => {
    const layers = [dense(2), { kind: "tanh" }] as const;
    const [ending, logits] = [[...layers], [...layers, dense(2)]].map((all) =>
      sequential({ input: 3, layers: all }),
    );
    const batch = { x: [[1, 2, 3]], y: [0] };
    expect(hessianRankBound(ending, batch)).toEqual({ hessian: 2, gaussNewton: 1, residual: 2, layer1: 2 });
    expect(ending.tapped?.endsInTap).toBe(false);
    expect(logits.tapped?.endsInTap).toBe(true);
  });
});

describe("a network of one's own without products of G and R", () => {
  const chain = multilayerNet({ sizes: [3, 2, 2] });
  const own: Network = {
    ...chain,
    closedForm: null,
    lossOn(given) {
      const { partAt: _, ...others } = chain.lossOn(given);
      return others;
    },
  };
  const at = chain.init(1);
  refusals(ArgumentError, "invalid-argument", [
    [
      "is refused",
      () => gaussNewtonOperator(own, at, relu.batch),
      /^gaussNewtonOperator: expected a network whose lossOn returns partAt.*got undefined; .*docs\/reference\/networks\.md/,
    ],
    ["as a matrix too", () => residualMatrix(own, at, relu.batch), /^residualMatrix: .*partAt/],
  ]);
  it("has them from the passes of dense layers where it leaves them in", () => {
    const same: Network = { ...chain, closedForm: null };
    expect(gaussNewtonOperator(same, at, relu.batch).toMatrix().data).toEqual(
      gaussNewtonOperator(chain, at, relu.batch).toMatrix().data,
    );
  });
});
