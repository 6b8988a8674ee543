// Independent: each part of the bound from dense Hessians of single samples, whose sum is H, and from entries of H; influence
// from differences of the bound.

import { describe, expect, it } from "vitest";
import { chainSource } from "../../../src/hessian/chain-factors.js";
import { factoredLossAt } from "../../../src/hessian/factored.js";
import { createContraction } from "../../../src/hsr/contraction.js";
import { measureParts } from "../../../src/hsr/explain/measured-parts.js";
import { createSamplePairs } from "../../../src/hsr/explain/sample-pairs.js";
import {
  type BoundExplanation,
  exactHessian,
  explainBound,
  gaussNewtonMatrix,
  multilayerNet,
  type Network,
  parameterRange,
  randomStream,
  residualMatrix,
  sequential,
  spectralMoments,
  threeLayerNet,
  wsBounds,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { deepCase } from "../../any-depth-cases.js";
import { expectClose, expectNear } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";

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
  return Array.from({ length: 60 }, (_, i) => deepCase(300 + i)).flatMap(({ name, net, theta, batch }) => {
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
  const scale = slope * inner(h, h) + Math.abs(mean) * n * slope * Math.abs(mean) + Math.abs(mean);
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
  for (const { i, j, share } of shares.pairs) {
    const [a, b] = [batch.weights[i], batch.weights[j]];
    const product = i === j ? square(i) : (square(i, j) - square(i) - square(j)) / 2;
    const ofTrace = i === j ? a * trace(samples[i]) * (1 / n - slope * mean) : 0;
    const size = scale + slope * (square(i) + square(j));
    expectNear(share, (i === j ? 1 : 2) * slope * a * b * product + ofTrace, 1e-11, size);
  }
  near(shares.otherPairs, 0);

  const rowShare = (rows: readonly number[]) =>
    total(
      rows.map((row) =>
        inner(byHessian.subarray(row * n, (row + 1) * n), h.subarray(row * n, (row + 1) * n)),
      ),
    );
  const indices = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const layers = shares.layers.length;
  const ranges = indices(1, layers + 1).map((layer) => parameterRange(net, `layer${layer}`));
  shares.layers.forEach((share, l) => {
    near(share, rowShare(indices(ranges[l].from, ranges[l].to)));
  });
  shares.blocks.forEach((row, m) => {
    row.forEach((share, l) => {
      const zeroed = (a: Float64Array) =>
        a.map((entry, at) => {
          const layerOf = (k: number) => ranges.findIndex(({ to }) => k < to);
          const [i, j] = [layerOf(Math.floor(at / n)), layerOf(at % n)];
          return (i === m && j === l) || (i === l && j === m) ? entry : 0;
        });
      near(share, inner(zeroed(byHessian), h));
    });
  });
  shares.units.forEach((row, l) => {
    const weights = parameterRange(net, `W${l + 1}`);
    const inputs = (weights.to - weights.from) / row.length;
    const biases = ranges[l].to > weights.to ? weights.to : -1;
    row.forEach((share, p) => {
      const rows = indices(weights.from + p * inputs, weights.from + (p + 1) * inputs);
      near(share, rowShare(biases < 0 ? rows : [...rows, biases + p]));
    });
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
    expect(cases.length).toBeGreaterThan(45);
    for (const problem of cases) {
      try {
        check(problem, route);
      } catch (error) {
        throw new Error(`${problem.name}\n${(error as Error).message}`);
      }
    }
  });
});
