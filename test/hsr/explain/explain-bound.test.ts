// Independent: each part of the bound from dense Hessians of single samples, whose sum is H, and from entries of H; influence
// from differences of the bound.

import { describe, expect, it } from "vitest";
import { factoredLossAt } from "../../../src/hessian/factored.js";
import { createContraction } from "../../../src/hsr/contraction/contraction.js";
import { createInputSlopes } from "../../../src/hsr/explain/input-slopes.js";
import { measureParts } from "../../../src/hsr/explain/measured-parts.js";
import { createSamplePairs } from "../../../src/hsr/explain/sample-pairs.js";
import {
  ArgumentError,
  type BoundExplanation,
  exactHessian,
  explainBound,
  gaussNewtonMatrix,
  type LossName,
  lossNames,
  multilayerNet,
  type Network,
  randomStream,
  residualMatrix,
  sequential,
  spectralMoments,
  symmetricEigen,
  threeLayerNet,
  wsBounds,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { prepareSamples } from "../../../src/nn/batch.js";
import { type Tensor, tensor } from "../../../src/tensor/index.js";
import { deepCase } from "../../any-depth-cases.js";
import { denseTargets } from "../../cases.js";
import { euclidean, expectClose, expectNear } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";
import { refusals } from "../../refusals.js";

const routes = ["gram", "blocks", "auto"] as const;
const inner = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, each, at) => sum + each * b[at], 0);
const total = (shares: Iterable<number>) => Array.from(shares).reduce((sum, each) => sum + each, 0);

interface Problem {
  readonly net: Network;
  readonly theta: Float64Array;
  readonly batch: { readonly x: number[][]; readonly y: number[] | number[][]; readonly weights: number[] };
}

/** A case whose bound has derivatives, and samples of weight 0 among others. */
function problems(): (Problem & { readonly name: string })[] {
  return Array.from({ length: 40 }, (_, i) => deepCase(300 + i)).flatMap(({ name, net, theta, batch }) => {
    const whole = batch as Problem["batch"];
    if (net.size < 2) return [];
    const { size, trace, frobeniusSquared } = spectralMoments(net, theta, batch);
    const spread = frobeniusSquared / size - (trace / size) * (trace / size);
    return spread > (1e-6 * frobeniusSquared) / size ? [{ name, net, theta, batch: whole }] : [];
  });
}

/** ∂B/∂H, and H_i of single samples. */
function dense({ net, theta, batch }: Problem) {
  const n = net.size;
  const h = exactHessian(net, theta, batch).data;
  const trace = (a: Float64Array) => total(Array.from({ length: n }, (_, i) => a[i * (n + 1)]));
  const mean = trace(h) / n;
  const deviation = Math.sqrt(inner(h, h) / n - mean * mean);
  const slope = Math.sqrt(n - 1) / (deviation * n);
  const byHessian = h.map((entry, at) => slope * entry + (at % (n + 1) === 0 ? 1 / n - slope * mean : 0));
  const samples = batch.x.map((row, i) => {
    const y = [batch.y[i]] as number[] | number[][];
    return exactHessian(net, theta, { x: [row], y, weights: [1] }).data;
  });
  return { n, h, trace, mean, slope, byHessian, samples };
}

/** Every level of an explanation. */
function levels({ shares }: BoundExplanation): Record<string, readonly number[]> {
  return {
    moments: [shares.trace, shares.frobenius],
    layers: [...shares.layers],
    blocks: shares.blocks.flatMap((row) => [...row]),
    units: shares.units.flatMap((row) => [...row]),
    parts: [shares.gaussNewton, shares.residual, shares.cross],
    samples: [...shares.samples],
    pairs: [...shares.pairs.map(({ share }) => share), shares.otherPairs],
    ...(shares.classes && { classes: [...shares.classes] }),
    ...(shares.classPairs && { classPairs: shares.classPairs.flatMap((row) => [...row]) }),
  };
}

function expectSums(explanation: BoundExplanation): void {
  for (const [level, shares] of Object.entries(levels(explanation))) {
    const size = total(shares.map(Math.abs));
    expect(Math.abs(total(shares) - explanation.value), level).toBeLessThanOrEqual(1e-12 * size);
  }
}

function check(problem: Problem, route: (typeof routes)[number]): void {
  const { net, theta, batch } = problem;
  const { n, h, trace, mean, slope, byHessian, samples } = dense(problem);
  const all = (batch.x.length * (batch.x.length + 1)) / 2;
  const explanation = explainBound(net, theta, batch, { route, pairs: all });
  const { shares, influence, value } = explanation;
  const bound = wsUpperBoundAndGradient(net, theta, batch, { route });
  expectNear(value, bound.value, 1e-13);
  expectSums(explanation);
  const scale = slope * (inner(h, h) + n * mean * mean) + Math.abs(mean);
  const near = (got: number, wanted: number) => expectNear(got, wanted, 1e-11, scale);

  samples.forEach((own, i) => {
    const size = scale + slope * Math.sqrt(inner(own, own) * inner(h, h));
    expectNear(influence[i], inner(byHessian, own), 1e-11, size);
    near(shares.samples[i], batch.weights[i] * inner(byHessian, own));
  });

  // Of different samples by moments of batches of two, by polarisation.
  expect(shares.pairs.length).toBe(all);
  const square = (...which: number[]) =>
    spectralMoments(net, theta, {
      x: which.map((i) => batch.x[i]),
      y: which.map((i) => batch.y[i]) as number[][],
      weights: which.map(() => 1),
    }).frobeniusSquared;
  const squares = batch.x.map((_, i) => square(i));
  for (const { i, j, share } of shares.pairs) {
    const [a, b] = [batch.weights[i], batch.weights[j]];
    const product = i === j ? squares[i] : (square(i, j) - squares[i] - squares[j]) / 2;
    const ofTrace = i === j ? a * trace(samples[i]) * (1 / n - slope * mean) : 0;
    const size = scale + slope * (squares[i] + squares[j]);
    expectNear(share, (i === j ? 1 : 2) * slope * a * b * product + ofTrace, 1e-11, size);
  }
  near(shares.otherPairs, 0);

  // The rows of H that belong to each unit of each layer, and what lies outside a block is zeroed.
  const rowsOf = net.closedForm?.layers ?? net.tapped?.taps ?? [];
  const unitsOf = rowsOf.map(({ units, inputs, weights, biases, bias }) =>
    Array.from({ length: units }, (_, p) => [
      ...Array.from({ length: inputs }, (_, q) => weights + p * inputs + q),
      ...(bias ? [biases + p] : []),
    ]),
  );
  const entries = (rows: readonly number[], columns: readonly number[]) =>
    total(rows.flatMap((i) => columns.map((j) => byHessian[i * n + j] * h[i * n + j])));
  const everything = Array.from({ length: n }, (_, i) => i);
  unitsOf.forEach((units, m) => {
    near(shares.layers[m], entries(units.flat(), everything));
    units.forEach((rows, p) => {
      near(shares.units[m][p], entries(rows, everything));
    });
    for (let l = 0; l <= m; l++)
      near(shares.blocks[m][l], (l < m ? 2 : 1) * entries(units.flat(), unitsOf[l].flat()));
  });

  const g = gaussNewtonMatrix(net, theta, batch).data;
  const r = residualMatrix(net, theta, batch).data;
  const alone = (a: Float64Array) => (1 / n - slope * mean) * trace(a) + slope * inner(a, a);
  const partSize = scale + slope * (inner(g, g) + inner(r, r));
  expectNear(shares.gaussNewton, alone(g), 1e-11, partSize);
  expectNear(shares.residual, alone(r), 1e-11, partSize);
  expectNear(shares.cross, 2 * slope * inner(g, r), 1e-11, partSize);
}

describe.each(routes)("every share is what dense Hessians give, and each level adds up: %s", (route) => {
  it("random networks of 1 … 5 layers", () => {
    const cases = problems();
    expect(cases.length).toBeGreaterThan(30);
    for (const problem of cases) {
      try {
        check(problem, route);
      } catch (error) {
        throw new Error(`${problem.name}\n${(error as Error).message}`);
      }
    }
  });

  it("a network with shortcuts and layer normalisation", () => {
    const dense = (outputs: number) => ({ kind: "dense", outputs }) as const;
    const net = sequential({
      input: 3,
      layers: [
        dense(3),
        {
          kind: "residual",
          layers: [{ kind: "layerNorm", affine: false, epsilon: 0.1 }, dense(4), { kind: "silu" }, dense(3)],
        },
        { kind: "tanh" },
        dense(2),
      ],
    });
    const draws = randomStream(5);
    const theta = Float64Array.from({ length: net.size }, () => draws.normal(0, 0.6));
    const x = Array.from({ length: 5 }, () => Array.from({ length: 3 }, () => draws.normal()));
    check({ net, theta, batch: { x, y: [0, 1, 1, 0, 1], weights: [0.1, 0.4, 0, 0.3, 0.2] } }, route);
  });
});

/** More samples than a tile of pairs has. */
function manySamples(
  count: number,
  net = multilayerNet({ sizes: [3, 4, 3, 3], activation: ["tanh", "silu"] }),
) {
  const draws = randomStream(count, "many");
  const x = Array.from({ length: count }, () => Array.from({ length: 3 }, () => draws.normal()));
  const y = Array.from({ length: count }, () => draws.integer(3));
  const weights = Array.from({ length: count }, () => draws.uniform(0.5, 1.5) / count);
  return { net, theta: net.init(3), batch: { x, y, weights } };
}

describe("pairs of samples", () => {
  const { net, theta, batch } = manySamples(150);
  const all = explainBound(net, theta, batch, { pairs: (150 * 151) / 2 }).shares;

  it("are a matrix whose rows add up to samples, and over classes to classes", () => {
    const rows = new Float64Array(150);
    const classPairs = [0, 1, 2].map(() => new Float64Array(3));
    expect(new Set(all.pairs.map(({ i, j }) => i * 150 + j)).size).toBe(all.pairs.length);
    for (const { i, j, share } of all.pairs) {
      const half = share / 2;
      rows[i] += half;
      rows[j] += half;
      classPairs[batch.y[i]][batch.y[j]] += half;
      classPairs[batch.y[j]][batch.y[i]] += half;
    }
    expectClose(rows, all.samples, 1e-12);
    all.classPairs?.forEach((row, a) => {
      expectClose(row, classPairs[a], 1e-12);
      expectNear(total(row), all.classes?.[a] ?? 0, 1e-12);
    });
  });

  it("that are told are the largest of all, and the others are one sum", () => {
    for (const pairs of [0, 1, 7, 20, 100]) {
      const { shares } = explainBound(net, theta, batch, { pairs });
      expect(shares.pairs).toEqual(all.pairs.slice(0, pairs));
      expectNear(shares.otherPairs, total(all.pairs.slice(pairs).map(({ share }) => share)), 1e-12);
    }
    const sizes = all.pairs.map(({ share }) => Math.abs(share));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });
});

describe("in several chunks of samples, for want of memory", () => {
  const deep = manySamples(70);
  const shallow = manySamples(70, multilayerNet({ sizes: [3, 8, 3] }));
  const cases = routes.flatMap((route) => [
    { route, layers: 3, ...deep },
    { route, layers: 2, ...shallow },
  ]);
  it.each(cases)("parts are the same: $route, $layers layers", ({ route, net, theta, batch }) => {
    const without = [0, 33, 69];
    const weights = batch.weights.map((weight, i) => (without.includes(i) ? 0 : weight));
    const loss = factoredLossAt(net, theta, { ...batch, weights }, true);
    const classes = { of: Int32Array.from(weights, (_, i) => i % 3), count: 3 };
    const [whole, parts] = [undefined, 3000].map((budget) => {
      const pairs = createSamplePairs(loss.weights, classes, 5);
      const measured = measureParts(loss, createContraction(loss, true, budget), route, pairs.visit);
      return {
        ...measured,
        self: pairs.self,
        withAll: without.map((i) => pairs.withAll(i)),
        classes: pairs.classes(),
        largest: pairs.largest().map(({ share }) => share),
      };
    });
    for (const key of ["traces", "squares"] as const) {
      expectClose(parts[key].samples, whole[key].samples, 1e-12);
      expectClose(parts[key].blocks, whole[key].blocks, 1e-12);
      parts[key].units.forEach((units, l) => {
        expectClose(units, whole[key].units[l], 1e-12);
      });
      expectNear(parts[key].gaussNewton, whole[key].gaussNewton, 1e-12);
    }
    expectNear(parts.cross, whole.cross, 1e-12, whole.total);
    expectClose(parts.self, whole.self, 1e-12);
    expectClose(parts.withAll, whole.withAll, 1e-12);
    expectClose(parts.classes, whole.classes, 1e-12);
    expectClose(parts.largest, whole.largest, 1e-12);
  });
});

it.each(lossNames)("influence is what differences of the bound by weights converge to: %s", (loss) => {
  const net = multilayerNet({ sizes: [2, 3, 2, 2], activation: "tanh", loss });
  const draws = randomStream(8, loss);
  const theta = Float64Array.from({ length: net.size }, () => draws.normal(0, 0.7));
  const x = Array.from({ length: 4 }, () => [draws.normal(), draws.normal()]);
  const y = x.map(() => denseTargets(loss, 2, draws));
  const at = Float64Array.of(0.3, 0.2, 0.4, 0.25);
  const { influence } = explainBound(net, theta, { x, y, weights: at });
  assertDerivative({
    f: (weights) => [wsUpperBoundAndGradient(net, theta, { x, y, weights }).value],
    at,
    column: (i) => [influence[i]],
    step: 1 / 64,
  });
});

describe("the derivative by inputs is what differences of the bound converge to", () => {
  const deep = lossNames.map((loss) => ({ loss, sizes: [2, 3, 2, 2] }));
  const others = [
    [2, 2],
    [2, 3, 2],
    [2, 2, 3, 2, 2],
    // A block between layers apart that is summed column by column.
    [2, 3, 8, 8, 2],
  ].map((sizes) => ({ loss: lossNames[0], sizes }));
  it.each([...deep, ...others])("$loss, layers of $sizes", ({ loss, sizes }) => {
    const bias = sizes.slice(1).map((_, l) => l !== 1);
    const net = multilayerNet({ sizes, activation: "tanh", loss, bias });
    const draws = randomStream(sizes.length, loss);
    const theta = Float64Array.from({ length: net.size }, () => draws.normal(0, 0.7));
    const at = Float64Array.from({ length: 6 }, () => draws.normal());
    const y = [0, 1, 2].map(() => denseTargets(loss, 2, draws));
    const batchAt = (x: Float64Array) => ({ x: tensor(x, [3, 2]), y, weights: [0.3, 0.5, 0.2] });
    for (const route of ["gram", "blocks"] as const) {
      const { inputs } = explainBound(net, theta, batchAt(at), { inputs: true, route });
      expect(inputs?.shape).toEqual([3, 2]);
      assertDerivative({
        f: (x) => [wsUpperBoundAndGradient(net, theta, batchAt(x), { route }).value],
        at,
        column: (i) => [inputs?.data[i] ?? Number.NaN],
        roundings: 512,
      });
    }
  });

  it("in several chunks of samples, and with more than a tile of them", () => {
    const { net, theta, batch } = manySamples(150);
    const loss = factoredLossAt(net, theta, batch, true);
    const x = prepareSamples(net, batch).inputs;
    const slopes = { byTrace: 0.3, bySquare: 0.7 };
    const [whole, parts] = [undefined, 20_000].map((budget) => {
      const inputs = createInputSlopes(net.size, loss.weights, x);
      measureParts(loss, createContraction(loss, true, budget), "auto", () => {}, inputs);
      return inputs.combined(slopes, slopes).data;
    });
    expectClose(parts, whole, 1e-11);
    const moved = (t: number) => ({
      ...batch,
      x: batch.x.map((row, i) => (i === 140 ? [row[0] + t, row[1], row[2]] : row)),
    });
    assertDerivative({
      f: ([t]) => {
        const { trace, frobeniusSquared } = spectralMoments(net, theta, moved(t));
        return [slopes.byTrace * trace + slopes.bySquare * frobeniusSquared];
      },
      at: new Float64Array(1),
      column: () => [whole[140 * 3]],
      step: 1 / 8,
    });
  });

  it("near a multiple of I", () => {
    // Two inputs, a weight for each: H = diag(x₁², x₂²), and B is the larger one.
    const net = multilayerNet({ sizes: [2, 1], loss: "mean-squared-error", bias: false });
    const x = [
      [1 + 3e-5, 0],
      [0, 1],
    ];
    const batch = { x, y: [[0], [0]], weights: [1, 1] };
    const { value, inputs, moments } = explainBound(net, net.init(1), batch, { inputs: true });
    expect(moments.deviation).toBeGreaterThan(0);
    expectNear(value, x[0][0] * x[0][0], 1e-14);
    expectClose(inputs?.data ?? [], [2 * x[0][0], 0, 0, 0], 1e-9);
  });

  it("is left out unless asked for, and refused where inputs enter elsewhere", () => {
    const { net, theta, batch } = manySamples(3);
    expect(explainBound(net, theta, batch)).not.toHaveProperty("inputs");
    const shortcut = sequential({
      input: 3,
      layers: [
        { kind: "residual", layers: [{ kind: "dense", outputs: 3 }, { kind: "tanh" }] },
        { kind: "dense", outputs: 3 },
      ],
    });
    const explained = () => explainBound(shortcut, shortcut.init(1), batch, { inputs: true });
    expect(explained).toThrow(/explainBound: expected a chain of dense layers with inputs: true/);
  });
});

it("other bounds have shares too", () => {
  const { net, theta, batch } = manySamples(20);
  const wanted = wsBounds(spectralMoments(net, theta, batch));
  for (const [name, value] of [
    ["largest-upper", wanted.largest.upper],
    ["largest-lower", wanted.largest.lower],
    ["smallest-upper", wanted.smallest.upper],
    ["smallest-lower", wanted.smallest.lower],
    ["spread-upper", wanted.spread.upper],
    ["spread-lower", wanted.spread.lower],
  ] as const) {
    const explanation = explainBound(net, theta, batch, { bound: name });
    expectNear(explanation.value, value, 1e-14);
    expectSums(explanation);
  }
});

describe("near a multiple of I", () => {
  // Of targets that nothing depends on, Poisson's loss at x = 2e_c has H = diag exp(2 w_kc) for four samples of weight ¼.
  const net = multilayerNet({ sizes: [4, 3], loss: "poisson", bias: false });
  const x = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((c) => (i === c ? 2 : 0)));
  const batch = { x, y: x.map(() => [1, 1, 1]) };
  const root = Math.sqrt(11 / 12);

  it.each([1e-2, 1e-4, 1e-7, 1e-9])("shares add up, and are those of H − mI: weights of %d", (size) => {
    const theta = Float64Array.from({ length: 12 }, (_, k) => size * Math.sin(3 * k));
    const excess = theta.map((weight) => Math.expm1(2 * weight));
    const mean = total(excess) / 12;
    const deviations = excess.map((each) => each - mean);
    const explanation = explainBound(net, theta, batch);
    expect(explanation.moments.deviation === undefined).toBe(size > 1e-3);
    expectSums(explanation);
    // The derivative of B by an entry on the diagonal, times that entry; sample c has those of input c.
    const entries = deviations.map(
      (deviation, at) => (1 + excess[at]) * (1 / 12 + (root * deviation) / euclidean(deviations)),
    );
    // H − mI has the rounding of H's entries; s from a difference that of its square.
    const tolerance = 1e-13 + 1e-15 / (size > 1e-3 ? size * size : size);
    const bySample = [0, 1, 2, 3].map((c) => entries[c] + entries[4 + c] + entries[8 + c]);
    expectClose(explanation.shares.samples, bySample, tolerance, 1);
    const byUnit = [0, 1, 2].map((k) => total(entries.subarray(4 * k, 4 * k + 4)));
    expectClose(explanation.shares.units[0], byUnit, tolerance, 1);
    expectNear(explanation.shares.gaussNewton, explanation.value, tolerance, 1);
    // With a_kc = ∂B/∂H on the diagonal, Σ_k exp(2 w_kc) a_kc (w_kd + [d = c]) by input d of sample c.
    const { inputs } = explainBound(net, theta, batch, { inputs: true });
    const wanted = x.flatMap((_, c) =>
      [0, 1, 2, 3].map((d) =>
        total([0, 1, 2].map((k) => entries[4 * k + c] * (theta[4 * k + d] + (d === c ? 1 : 0)))),
      ),
    );
    expectClose(inputs?.data ?? [], wanted, tolerance, 1);
  });
});

it("where samples cancel, shares come from H's blocks", () => {
  // Features that are 0 add nothing, but with them pairs are the cheaper way.
  const net = multilayerNet({ sizes: [6, 3, 2], loss: "mean-squared-error", bias: false });
  const x = Array.from({ length: 4 }, () => [0.7, 0, 0, 0, 0, 0]);
  const y = [0.3, -0.3, 1.1, -1.1 - 1e-5].map((target) => [target, 0.9 * target]);
  const theta = new Float64Array(net.size);
  const explanation = explainBound(net, theta, { x, y });
  expect(explanation.moments.cancellation).toBeGreaterThan(1e10);
  const { samples } = explainBound(net, theta, { x, y }, { route: "blocks" }).shares;
  expect(explanation.shares.samples).toEqual(samples);
});

it("where H is 0, all shares are", () => {
  const net = multilayerNet({ sizes: [2, 1], bias: false });
  const { value, shares, influence } = explainBound(net, net.init(1), { x: [[1, 2]], y: [[1]] });
  expect(value).toBe(0);
  expect([...shares.samples, ...shares.layers, ...influence, shares.cross, shares.otherPairs]).toEqual([
    0, 0, 0, 0, 0,
  ]);
});

describe("classes", () => {
  const x = [[1], [2], [3]];
  const classesOf = (loss: LossName, outputs: number, y: number[] | number[][]) => {
    const net = threeLayerNet({ inputs: 1, hidden: 2, outputs, loss });
    const { shares } = explainBound(net, net.init(1), { x, y });
    return shares.classes && [...shares.classes].map((share) => share !== 0);
  };

  it("are the largest targets of a softmax", () => {
    expect(classesOf("softmax-cross-entropy", 3, [0, 1, 1])).toEqual([true, true, false]);
    const soft = [
      [0.2, 0.3, 0.5],
      [0.6, 0.2, 0.2],
      [0.1, 0.1, 0.8],
    ];
    expect(classesOf("softmax-cross-entropy", 3, soft)).toEqual([true, false, true]);
  });

  it("are targets of 0 and 1 of other losses, where one of them is 1", () => {
    expect(classesOf("sigmoid-cross-entropy", 1, [[0], [1], [1]])).toEqual([true, true]);
    expect(classesOf("mean-squared-error", 2, [1, 1, 1])).toEqual([false, true]);
  });

  it("are none of other targets", () => {
    expect(classesOf("sigmoid-cross-entropy", 1, [[0.5], [1], [1]])).toBeUndefined();
    expect(classesOf("mean-squared-error", 1, [[0], [1], [1]])).toBeUndefined();
    const several = [
      [1, 1],
      [0, 1],
      [0, 0],
    ];
    expect(classesOf("sigmoid-cross-entropy", 2, several)).toBeUndefined();
  });
});

describe.each(lossNames)("the same for λ_max, from its eigenvector v: vᵀH_i v, %s", (loss) => {
  const net = multilayerNet({ sizes: [2, 3, 2, 2], activation: "tanh", loss });
  const draws = randomStream(9, loss);
  const theta = Float64Array.from({ length: net.size }, () => draws.normal(0, 0.7));
  const x = Array.from({ length: 5 }, () => [draws.normal(), draws.normal()]);
  const y = x.map(() => denseTargets(loss, 2, draws));
  const n = net.size;
  const at = Float64Array.of(0.3, 0.2, 0.4, 0.25, 0.15);
  const hessian = (weights: Float64Array) => exactHessian(net, theta, { x, y, weights });
  const { values, vectors } = symmetricEigen(hessian(at), { vectors: true });
  const v = (vectors as Tensor).data.filter((_, entry) => entry % n === n - 1);
  const influence = x.map((row, i) => {
    const own = exactHessian(net, theta, { x: [row], y: [y[i]], weights: [1] }).data;
    return total(Array.from(v, (each, r) => each * inner(own.subarray(r * n, (r + 1) * n), v)));
  });

  it("adds up to λ_max, and is what differences by weights converge to", () => {
    expectNear(inner(influence, at), values[n - 1], 1e-12);
    assertDerivative({
      f: (weights) => [symmetricEigen(hessian(weights)).values[n - 1]],
      at,
      column: (i) => [influence[i]],
      step: 1 / 64,
    });
  });

  it("is in line with that of B, where one eigenvalue is much of it", () => {
    const bound = explainBound(net, theta, { x, y, weights: at });
    expect(values[n - 1] / bound.value).toBeGreaterThan(0.5);
    const cosine = inner(influence, bound.influence) / (euclidean(influence) * euclidean(bound.influence));
    expect(cosine).toBeGreaterThan(0.9);
  });
});

describe("without pairs", () => {
  it.each(routes)("all other shares are the same: %s", (route) => {
    const { net, theta, batch } = manySamples(90);
    const whole = explainBound(net, theta, batch, { route });
    const alone = explainBound(net, theta, batch, { route, pairs: false });
    expect(alone.shares).toMatchObject({ pairs: [], otherPairs: alone.value });
    expect(alone.shares).not.toHaveProperty("classPairs");
    const { pairs: _, classPairs: __, ...others } = levels(whole);
    for (const [level, shares] of Object.entries(others)) expectClose(levels(alone)[level], shares, 1e-12);
    expectClose(alone.influence, whole.influence, 1e-12);
  });

  it("samples of weight 0 have their influence, and inputs theirs", () => {
    const { net, theta, batch } = manySamples(9);
    const weights = batch.weights.with(4, 0);
    const given = { ...batch, weights };
    const whole = explainBound(net, theta, given, { inputs: true });
    const alone = explainBound(net, theta, given, { inputs: true, pairs: false });
    expect(Math.abs(alone.influence[4])).toBeGreaterThan(0);
    expect(alone.influence).toEqual(whole.influence);
    expect(alone.inputs).toEqual(whole.inputs);
  });
});

describe("refuses", () => {
  const { net, theta, batch } = manySamples(3);
  refusals(ArgumentError, "invalid-argument", [
    ["an unknown bound", () => explainBound(net, theta, batch, { bound: "upper" as never }), /largest-upper/],
    ["half a pair", () => explainBound(net, theta, batch, { pairs: 0.5 }), /pairs/],
    ["an unknown route", () => explainBound(net, theta, batch, { route: "pairs" as never }), /gram/],
    [
      "one parameter",
      () => {
        const one = multilayerNet({ sizes: [1, 1], bias: false, loss: "poisson" });
        return explainBound(one, one.init(1), { x: [[1]], y: [[1]] });
      },
      /net.size/,
    ],
  ]);
});
