import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  minimize,
  NonFiniteError,
  randomStream,
  ShapeError,
  sgd,
  symmetricEigen,
} from "../../../src/index.js";
import { trajectoryDirections } from "../../../src/landscape/index.js";
import { euclidean } from "../../oracles/compare.js";
import { column, diagonalMatrix, inner, symmetric } from "../../oracles/plain-matrix.js";
import { refusals } from "../../refusals.js";
import { quadraticForm } from "../quadratic-form.js";

/** A random walk in n dimensions, some of them wider than others. */
function walk(size: number, count: number, seed: number): Float64Array[] {
  const stream = randomStream(seed, "walk");
  const thetas = [Float64Array.from({ length: size }, () => stream.normal())];
  for (let i = 1; i < count; i++)
    thetas.push(thetas[i - 1].map((entry, at) => entry + stream.normal() / (1 + at)));
  return thetas;
}

describe("The principal directions of a trajectory", () => {
  it("are the eigenvectors of the dense covariance matrix of its points", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 4, max: 15 }),
        fc.nat(999),
        (n, m, seed) => {
          const thetas = walk(n, m, seed);
          const mean = thetas[0].map((_, i) => thetas.reduce((sum, theta) => sum + theta[i], 0) / m);
          const covariance = symmetric(
            n,
            (i, j) => thetas.reduce((sum, t) => sum + (t[i] - mean[i]) * (t[j] - mean[j]), 0) / m,
          );
          const { values, vectors } = symmetricEigen(covariance, { vectors: true });
          const total = values.reduce((sum, value) => sum + value, 0);
          const { directions, variances, explained } = trajectoryDirections(thetas);
          for (const k of [0, 1]) {
            const rank = n - 1 - k;
            expect(Math.abs(variances[k] - values[rank])).toBeLessThan(1e-13 * values[n - 1]);
            expect(Math.abs(explained[k] - values[rank] / total)).toBeLessThan(1e-13);
            // As far as the eigenvalue is from its neighbours, the vector is determined.
            const gap = Math.min(
              ...[rank - 1, rank + 1]
                .filter((i) => i in values)
                .map((i) => Math.abs(values[i] - values[rank])),
            );
            const cosine = Math.abs(inner(directions[k], column(vectors, rank)));
            expect(Math.sqrt(Math.max(0, 1 - cosine * cosine))).toBeLessThan((1e-7 * values[n - 1]) / gap);
          }
          expect(Math.abs(inner(directions[0], directions[1]))).toBeLessThan(1e-14);
        },
      ),
    );
  });

  it("hold a plane curve whole: distances are kept, and two directions explain all", () => {
    const [n, m] = [40, 25];
    const [a, b] = walk(n, 2, 3);
    const thetas = Array.from({ length: m }, (_, i) =>
      a.map((entry, at) => entry * Math.cos(i / 5) + i * b[at]),
    );
    const { explained, path, variances } = trajectoryDirections(thetas);
    expect(explained[0] + explained[1]).toBeCloseTo(1, 12);
    expect(variances[0]).toBeGreaterThan(variances[1]);
    const point = (i: number) => path.data.subarray(2 * i, 2 * i + 2);
    for (let i = 0; i < m; i++) {
      const there = euclidean(thetas[i].map((entry, at) => entry - thetas[m - 1][at]));
      expect(Math.abs(euclidean(point(i)) - there)).toBeLessThan(1e-12 * there + 1e-300);
    }
    expect(Array.from(point(m - 1))).toEqual([0, 0]);
  });

  it("begin where no coordinate is negative, and change nothing that they were given", () => {
    const thetas = walk(9, 7, 5);
    const before = thetas.map((theta) => theta.slice());
    const { path, directions } = trajectoryDirections(thetas, { components: 4 });
    expect(path.shape).toEqual([7, 4]);
    expect(directions).toHaveLength(4);
    expect(path.data.subarray(0, 4).every((start) => start >= 0)).toBe(true);
    expect(thetas).toEqual(before);
    const mirrored = trajectoryDirections(thetas.map((theta) => theta.map((entry) => -entry)));
    expect(mirrored.path.data).toEqual(trajectoryDirections(thetas).path.data);
  });

  it("lose nothing to what all points have in common, as to where they lie", () => {
    const thetas = walk(9, 7, 5).map((theta) => theta.map((entry) => Math.round(entry * 2 ** 20) / 2 ** 20));
    const far = thetas.map((theta) => theta.map((entry) => entry + 2 ** 28));
    expect(trajectoryDirections(far)).toEqual(trajectoryDirections(thetas));
  });

  it("of a descent on a quadratic are its slow axes", () => {
    const form = quadraticForm(diagonalMatrix([1, 0.01, 1.5, 0.03]), new Float64Array(4));
    const thetas: Float64Array[] = [];
    const onStep = ({ theta, step }: { theta: Float64Array; step: number }) => {
      if (step > 20) thetas.push(theta.slice());
    };
    minimize(form, new Float64Array(4).fill(1), sgd({ learningRate: 1 }), { steps: 300, onStep });
    const { directions } = trajectoryDirections(thetas);
    expect(euclidean([directions[0][1], directions[0][3]])).toBeCloseTo(1, 5);
  });
});

describe("An ArgumentError refuses, of trajectories,", () => {
  const line = [0, 1, 2].map((t) => Float64Array.of(t, 2 * t, 1));
  refusals(ArgumentError, "invalid-argument", [
    ["two points for two directions", () => trajectoryDirections(line.slice(1)), /more than 2 points/],
    ["a straight line for two", () => trajectoryDirections(line), /2 directions, got .* in 1; ask for comp/],
    ["one point again and again", () => trajectoryDirections([line[1], line[1], line[1]]), /all the same/],
    [
      "one point again and again whose mean rounds",
      () => trajectoryDirections(Array.from({ length: 7 }, () => Float64Array.of(0.1, 0.7, -1 / 3))),
      /all the same/,
    ],
    [
      "points that differ in their last bits",
      () =>
        trajectoryDirections([0, 1, 2, 3].map((i) => Float64Array.of(1 + i * 2e-17, 3 + (i % 2) * 2 ** -52))),
      /all the same, up to rounding/,
    ],
    ["no component", () => trajectoryDirections(line, { components: 0 }), /components .*≥ 1/],
    ["no list", () => trajectoryDirections(line[0] as never), /list of more than 2 points/],
    ["a number for options", () => trajectoryDirections(line, 1 as never), /options/],
  ]);
});

describe("Errors of other kinds refuse, of trajectories,", () => {
  refusals(ShapeError, "shape-mismatch", [
    [
      "points of two sizes",
      () => trajectoryDirections([1, 2, 3].map((size) => new Float64Array(size))),
      /every theta to be a Float64Array of length 1/,
    ],
  ]);
  refusals(NonFiniteError, "non-finite", [
    [
      "points at infinity",
      () => trajectoryDirections([1, 2, 1 / 0].map((t) => Float64Array.of(t, t * t))),
      /theta/,
    ],
    [
      "squares that overflow",
      () => trajectoryDirections([1, 3, 2].map((t) => Float64Array.of(1e200 * t, t))),
      /inner products/,
    ],
  ]);
});
