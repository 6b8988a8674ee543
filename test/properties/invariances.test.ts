import fc from "fast-check";
import { type Problem, problem } from "flatward/testing";
import { describe, it } from "vitest";
import {
  type Batch,
  exactHessian,
  lossAndGradient,
  randomStream,
  spectralMoments,
  type ThreeLayerNet,
  wsUpperBoundAndGradient,
} from "../../src/index.js";
import { euclidean, expectClose, expectNear, largest } from "../oracles/compare.js";

const runs = { numRuns: 200 };
const seeds = fc.integer({ min: 0, max: 1_000_000 });

/** Rounding in another order, with exponentials and divisions by s on the way. */
const TOLERANCE = 1e-11;

/** The samples' rows, targets and weights as plain arrays, weights spelled out. */
function samplesOf(batch: Batch) {
  const x = batch.x as number[][];
  const weights = Array.from((batch.weights as ArrayLike<number> | undefined) ?? x.map(() => 1 / x.length));
  return { x, y: batch.y as number[] | number[][], weights };
}

function pick(batch: Batch, order: readonly number[], weight: (at: number, weight: number) => number): Batch {
  const { x, y, weights } = samplesOf(batch);
  return {
    x: order.map((i) => x[i]),
    y: order.map((i) => y[i]) as number[] | number[][],
    weights: order.map((i, at) => weight(at, weights[i])),
  };
}

/** Where each parameter comes from when hidden unit m becomes unit `order[m]`'s place: out[j] = in[source[j]]. */
function hiddenPermutation(net: ThreeLayerNet, order: ArrayLike<number>): Int32Array {
  const source = Int32Array.from({ length: net.size }, (_, at) => at);
  for (const { name, shape, offset } of net.layout) {
    const columns = shape[1] ?? 1;
    for (let row = 0; row < shape[0]; row++) {
      for (let column = 0; column < columns; column++) {
        const at = offset + row * columns + column;
        if (name === "W1" || name === "b1") source[at] = offset + order[row] * columns + column;
        if (name === "W2") source[at] = offset + row * columns + order[column];
      }
    }
  }
  return source;
}

const permuted = (values: Float64Array, source: Int32Array) => values.map((_, at) => values[source[at]]);

/** Loss, gradient, moments and bound of two problems agree; theirs is ours with the parameters rearranged. */
function expectSame(
  ours: Problem,
  theirs: Problem,
  source: Int32Array = Int32Array.from({ length: ours.net.size }, (_, at) => at),
): void {
  const n = ours.net.size;
  const a = lossAndGradient(ours.net, ours.theta, ours.batch);
  const b = lossAndGradient(theirs.net, theirs.theta, theirs.batch);
  expectNear(b.loss, a.loss, TOLERANCE, 1 + Math.abs(a.loss));
  expectClose(b.gradient, permuted(a.gradient, source), TOLERANCE, 1e-3 + largest(a.gradient));

  const H = exactHessian(ours.net, ours.theta, ours.batch).data;
  const size = euclidean(H);
  const rearranged = H.map((_, at) => H[source[Math.floor(at / n)] * n + source[at % n]]);
  expectClose(exactHessian(theirs.net, theirs.theta, theirs.batch).data, rearranged, TOLERANCE, 1e-3 + size);

  const [m, k] = [ours, theirs].map(({ net, theta, batch }) => spectralMoments(net, theta, batch));
  expectNear(k.trace, m.trace, TOLERANCE, 1e-3 + size);
  expectNear(k.frobeniusSquared, m.frobeniusSquared, TOLERANCE, 1e-6 + size * size);

  // Close to H = mI the bound has a kink, and its gradient depends on the rounding of s.
  const mean = m.trace / n;
  const deviation = euclidean(H.map((entry, at) => (at % (n + 1) === 0 ? entry - mean : entry)));
  if (deviation < 1e-3 * (1 + size)) return;
  const [p, q] = [ours, theirs].map(({ net, theta, batch }) => wsUpperBoundAndGradient(net, theta, batch));
  expectNear(q.value, p.value, TOLERANCE, size);
  expectClose(q.gradient, permuted(p.gradient, source), TOLERANCE, 1 + largest(p.gradient));
}

describe("loss, Hessian, moments and the bound's gradient", () => {
  it("follow a permutation of the hidden units", () => {
    fc.assert(
      fc.property(problem(), seeds, ({ net, theta, batch }, seed) => {
        const source = hiddenPermutation(net, randomStream(seed).permutation(net.hidden));
        expectSame({ net, theta, batch }, { net, theta: permuted(theta, source), batch }, source);
      }),
      runs,
    );
  });

  it("do not depend on the order of the samples", () => {
    fc.assert(
      fc.property(problem(), seeds, ({ net, theta, batch }, seed) => {
        const order = Array.from(randomStream(seed).permutation(samplesOf(batch).x.length));
        expectSame({ net, theta, batch }, { net, theta, batch: pick(batch, order, (_, weight) => weight) });
      }),
      runs,
    );
  });

  it("do not tell a sample given twice from one of twice the weight", () => {
    fc.assert(
      fc.property(problem(), seeds, ({ net, theta, batch }, seed) => {
        const all = samplesOf(batch).x.map((_, i) => i);
        const chosen = seed % all.length;
        const doubled = pick(batch, all, (at, weight) => (at === chosen ? 2 * weight : weight));
        expectSame(
          { net, theta, batch: doubled },
          { net, theta, batch: pick(batch, [...all, chosen], (_, weight) => weight) },
        );
      }),
      runs,
    );
  });

  it("do not tell a sample from its parts when its weight is split", () => {
    fc.assert(
      fc.property(
        problem(),
        seeds,
        fc.integer({ min: 0, max: 10 }),
        ({ net, theta, batch }, seed, tenths) => {
          const all = samplesOf(batch).x.map((_, i) => i);
          const chosen = seed % all.length;
          const split = pick(batch, [...all, chosen], (at, weight) => {
            if (at === chosen) return (weight * tenths) / 10;
            return at === all.length ? (weight * (10 - tenths)) / 10 : weight;
          });
          expectSame({ net, theta, batch }, { net, theta, batch: split });
        },
      ),
      runs,
    );
  });

  it("ignore a sample of weight 0", () => {
    fc.assert(
      fc.property(problem(), seeds, ({ net, theta, batch }, seed) => {
        const all = samplesOf(batch).x.map((_, i) => i);
        const extra = pick(batch, [...all, seed % all.length], (at, weight) =>
          at < all.length ? weight : 0,
        );
        expectSame({ net, theta, batch }, { net, theta, batch: extra });
      }),
      runs,
    );
  });

  it("flip with the sign of an odd activation's unit", () => {
    const odd = problem({ activations: ["tanh", "sin", "identity"] });
    fc.assert(
      fc.property(odd, ({ net, theta, batch }) => {
        const flipped = theta.slice();
        for (const { name, shape, offset } of net.layout) {
          const columns = shape[1] ?? 1;
          if (name === "b2") continue;
          for (let row = 0; row < shape[0]; row++) {
            for (let column = 0; column < columns; column++) {
              // Unit 0: its row of W1 and b1, its column of W2.
              if ((name === "W2" ? column : row) === 0) flipped[offset + row * columns + column] *= -1;
            }
          }
        }
        const [a, b] = [theta, flipped].map((at) => spectralMoments(net, at, batch));
        expectNear(b.trace, a.trace, TOLERANCE, 1e-3 + Math.sqrt(a.frobeniusSquared));
        expectNear(b.frobeniusSquared, a.frobeniusSquared, TOLERANCE);
      }),
      runs,
    );
  });
});
