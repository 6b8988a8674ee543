import fc from "fast-check";
import { symmetricMatrix } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  randomStream,
  ShapeError,
  SymmetryError,
  type Tensor,
  tensor,
} from "../../src/index.js";
import { langevinCovariance, sgdCovariance } from "../../src/landscape/index.js";
import { matmul } from "../../src/tensor/index.js";
import { euclidean, expectClose } from "../oracles/compare.js";
import { diagonalMatrix, symmetric, times, withSpectrum } from "../oracles/plain-matrix.js";
import { refusals } from "../refusals.js";

const n = 3;
const H = withSpectrum([0.7, 1, 2.5], 7);
const learningRate = 0.3;
const temperature = 0.02;

/** The covariance of independent runs of θ ← θ − α(Hθ + ξ) from 0, each until (1 − αλ_min)^steps is below 1e-6. */
function simulated(draw: () => Float64Array, runs: number, steps: number): Tensor {
  const sum = new Float64Array(n * n);
  for (let run = 0; run < runs; run++) {
    let theta: Float64Array = new Float64Array(n);
    for (let t = 0; t < steps; t++) {
      const slope = times(H, theta);
      const noise = draw();
      theta = theta.map((entry, i) => entry - learningRate * (slope[i] + noise[i]));
    }
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum[i * n + j] += (theta[i] * theta[j]) / runs;
  }
  return tensor(sum, [n, n]);
}

/** (found − wanted) in standard errors of a covariance from so many Gaussian samples: Var = (Σ_ii Σ_jj + Σ_ij²)/runs. */
function standardErrors(found: Tensor, wanted: Tensor, runs: number): number {
  let most = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = (a: number, b: number) => wanted.data[a * n + b];
      const error = Math.sqrt((at(i, i) * at(j, j) + at(i, j) * at(i, j)) / runs);
      most = Math.max(most, Math.abs(found.data[i * n + j] - at(i, j)) / error);
    }
  }
  return most;
}

describe("the stationary covariance", () => {
  const runs = 10_000;
  const steps = 60;

  it("is that of simulated noisy gradient descent, and in continuous time it is not", () => {
    const stream = randomStream(3, "langevin-test");
    const deviation = Math.sqrt((2 * temperature) / learningRate);
    const found = simulated(
      () => Float64Array.from({ length: n }, () => stream.normal(0, deviation)),
      runs,
      steps,
    );
    const { covariance } = langevinCovariance(H, { temperature, learningRate });
    // Six distinct entries: a 99.9 % bound on the largest of them.
    expect(standardErrors(found, covariance, runs)).toBeLessThan(3.8);
    expect(standardErrors(found, langevinCovariance(H, { temperature }).covariance, runs)).toBeGreaterThan(
      20,
    );
  });

  it("with noise of any covariance is that of simulated SGD, and not that of its temperature", () => {
    const stream = randomStream(4, "sgd-test");
    const root = withSpectrum([0.05, 0.2, 0.6], 9);
    const C = matmul(root, root);
    const found = simulated(
      () =>
        times(
          root,
          Float64Array.from({ length: n }, () => stream.normal()),
        ),
      runs,
      steps,
    );
    const { covariance } = sgdCovariance(H, C, { learningRate });
    expect(standardErrors(found, covariance, runs)).toBeLessThan(3.8);
    const trace = C.data[0] + C.data[4] + C.data[8];
    const isotropic = langevinCovariance(H, { temperature: (learningRate * trace) / (2 * n), learningRate });
    expect(standardErrors(found, isotropic.covariance, runs)).toBeGreaterThan(20);
  });

  it("in continuous time is T·H⁻¹", () => {
    const { covariance, positive, flat, negative } = langevinCovariance(H, { temperature });
    expectClose(
      matmul(H, covariance).data,
      diagonalMatrix([temperature, temperature, temperature]).data,
      1e-14,
    );
    expect({ positive, flat, negative }).toEqual({ positive: 3, flat: 0, negative: 0 });
  });

  it("solves HΣ + ΣH − αHΣH = αC, symmetric to the bit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(1000), (size, seed) => {
        const draws = randomStream(seed, "lyapunov");
        const spectrum = Array.from({ length: size }, () => draws.uniform(0.05, 3));
        const hessian = withSpectrum(spectrum, seed);
        const root = symmetric(size, () => draws.normal());
        const C = matmul(root, root);
        const { covariance, positive } = sgdCovariance(hessian, C, { learningRate: 0.5 });
        expect(positive).toBe(size);
        const left = matmul(hessian, covariance);
        const right = matmul(covariance, hessian);
        const both = matmul(left, hessian);
        const sum = left.data.map((entry, i) => entry + right.data[i] - 0.5 * both.data[i]);
        expectClose(
          sum,
          C.data.map((entry) => 0.5 * entry),
          1e-12,
          euclidean(C.data) + 1e-300,
        );
        expectClose(
          covariance.data,
          covariance.data.map((_, at) => covariance.data[(at % size) * size + Math.floor(at / size)]),
          0,
        );
        // White noise of covariance 2T/α·I is Langevin dynamics of temperature T.
        const white = sgdCovariance(hessian, diagonalMatrix(spectrum.map(() => 8)), { learningRate: 0.5 });
        const langevin = langevinCovariance(hessian, { temperature: 2, learningRate: 0.5 });
        expectClose(white.covariance.data, langevin.covariance.data, 1e-12);
      }),
    );
  });

  it("is that of the positive eigenspace, and counts what is flat or falls", () => {
    const found = langevinCovariance(diagonalMatrix([2, 0, -1, 1e-12, 4]), { temperature: 8 });
    expect(found).toMatchObject({ positive: 2, flat: 2, negative: 1 });
    expectClose(found.covariance.data, diagonalMatrix([4, 0, 0, 0, 2]).data, 1e-15);
    const strict = langevinCovariance(diagonalMatrix([2, 0, -1, 1e-12, 4]), { temperature: 8, tolerance: 0 });
    expect(strict).toMatchObject({ positive: 3, flat: 1, negative: 1 });
    const nothing = langevinCovariance(diagonalMatrix([0, -1]), { temperature: 1 });
    expect(nothing).toMatchObject({ positive: 0, flat: 1, negative: 1 });
    expectClose(nothing.covariance.data, [0, 0, 0, 0], 0);
  });

  it("is refused for noise that is no covariance, and not for one of low rank", () => {
    const unit = diagonalMatrix([1, 1]);
    expect(() => sgdCovariance(unit, diagonalMatrix([1, -1]), { learningRate })).toThrow(
      /sgdCovariance: expected noise to be a covariance, without negative eigenvalues, got -1/,
    );
    for (let i = 0; i < 50; i++) {
      const [a, b] = [Math.cos(i), Math.sin(i)];
      const thin = symmetric(2, (row, column) => [a, b][row] * [a, b][column]);
      expect(sgdCovariance(unit, thin, { learningRate }).positive).toBe(2);
    }
  });

  it("counts every eigenvalue of every symmetric matrix once", () => {
    fc.assert(
      fc.property(symmetricMatrix({ maxSize: 6 }), (matrix) => {
        const { positive, flat, negative, covariance } = langevinCovariance(matrix, { temperature: 0 });
        expect(positive + flat + negative).toBe(matrix.shape[0]);
        expect(Math.max(...covariance.data)).toBe(0);
      }),
    );
  });
});

describe("stationary covariances refuse", () => {
  const nothing = undefined as never;
  const H = [
    [2, 1],
    [1, 3],
  ];
  const skew = [
    [1, 2],
    [0, 1],
  ];
  refusals(ArgumentError, "invalid-argument", [
    ["no temperature", () => langevinCovariance(H, nothing), /langevinCovariance: .*\{ temperature \}/],
    ["a negative temperature", () => langevinCovariance(H, { temperature: -1 }), /temperature.*≥ 0/],
    ["a rate of 0", () => langevinCovariance(H, { temperature: 1, learningRate: 0 }), /learningRate.*> 0/],
    [
      "a rate at which θ diverges",
      () => langevinCovariance([[4]], { temperature: 1, learningRate: 0.5 }),
      /learningRate < 2\/λ_max = 0\.5, got 0\.5; beyond, .*diverges/,
    ],
    ["no rate", () => sgdCovariance(H, H, nothing), /sgdCovariance: .*\{ learningRate \}/],
    [
      "a negative rate",
      () => sgdCovariance(H, H, { learningRate: -1 }),
      /sgdCovariance: .*learningRate.*> 0/,
    ],
    [
      "a broken tolerance",
      () => sgdCovariance(H, H, { learningRate: 0.1, tolerance: -1 }),
      /sgdCovariance: .*tolerance/,
    ],
  ]);
  refusals(ShapeError, "shape-mismatch", [
    [
      "noise of another size",
      () => sgdCovariance(H, [[1]], { learningRate: 0.1 }),
      /sgdCovariance: .*noise.*\(2,2\)/,
    ],
    [
      "a Hessian that is not square",
      () => langevinCovariance([[1, 2]], { temperature: 1 }),
      /langevinCovariance/,
    ],
  ]);
  refusals(SymmetryError, "not-symmetric", [
    [
      "a skew Hessian",
      () => langevinCovariance(skew, { temperature: 1 }),
      /langevinCovariance: .*hessian\[1,0\]/,
    ],
    ["skew noise", () => sgdCovariance(H, skew, { learningRate: 0.1 }), /sgdCovariance: .*noise\[1,0\]/],
  ]);
});
