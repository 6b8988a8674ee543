import fc from "fast-check";
import { symmetricMatrix } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  type LanczosQuadrature,
  NonFiniteError,
  productOperator,
  randomStream,
  stochasticLanczosQuadrature,
  symmetricEigen,
  type Tensor,
} from "../../../src/index.js";
import {
  matrixOperator,
  quadratureMoments,
  quadratureTrace,
  spectralDensity,
} from "../../../src/linalg/index.js";
import { expectClose, expectNear, largest } from "../../oracles/compare.js";
import { diagonalMatrix, symmetric, withSpectrum } from "../../oracles/plain-matrix.js";
import { expectCoverage, mean, studentT975 } from "../../oracles/statistics.js";
import { refusals } from "../../refusals.js";

const quadratureOf = (a: Tensor, options = {}): LanczosQuadrature =>
  stochasticLanczosQuadrature(matrixOperator(a), options);

/** Σ λ^p / n. */
const momentOf = (values: readonly number[], p: number): number => mean(values.map((value) => value ** p));

const partOf = ({ offsets }: LanczosQuadrature, of: Float64Array, p: number) =>
  of.slice(offsets[p], offsets[p + 1]);

describe("the quadrature of a diagonal matrix", () => {
  // A vector of signs has the same share, 1/n, of every eigenvector: the measure is that of the eigenvalues themselves.
  it("has the eigenvalues for nodes, and their multiplicities for weights: squared first components and no others", () => {
    const values = [...new Array<number>(20).fill(1), ...new Array<number>(9).fill(4), -3, 10, 10];
    const quadrature = quadratureOf(diagonalMatrix(values), { probes: 4 });
    expect(quadrature.status).toBe("invariant-subspace");
    expect(Array.from(quadrature.offsets)).toEqual([0, 4, 8, 12, 16]);
    for (let p = 0; p < 4; p++) {
      expectClose(partOf(quadrature, quadrature.nodes, p), [-3, 1, 4, 10], 1e-13);
      expectClose(partOf(quadrature, quadrature.weights, p), [1 / 32, 20 / 32, 9 / 32, 2 / 32], 1e-13);
    }
    expect(quadrature.iterations).toBe(16);
    expect(quadrature.products).toBe(16);
  });

  it("is exact after n steps", () => {
    const values = Array.from({ length: 12 }, (_, i) => -2 + 0.4 * i + (i % 3) * 0.05);
    const quadrature = quadratureOf(diagonalMatrix(values), { probes: 3, steps: 12 });
    expect(quadrature.status).toBe("invariant-subspace");
    const { values: moments, standardErrors } = quadratureMoments(quadrature, 30);
    moments.forEach((moment, p) => {
      expectNear(moment, momentOf(values, p), 1e-12, momentOf(values.map(Math.abs), p));
      expectNear(standardErrors[p], 0, 1e-12, momentOf(values.map(Math.abs), p));
    });
    const exponential = quadratureTrace(quadrature, Math.exp);
    expectNear(exponential.value, 12 * mean(values.map(Math.exp)), 1e-13);
  });

  it.each([1, 2, 3, 5])("is exact up to the power 2m − 1, and not at 2m, after m = %i steps", (steps) => {
    const values = Array.from({ length: 15 }, (_, i) => Math.sin(3 * i) + 0.1 * i);
    const quadrature = quadratureOf(diagonalMatrix(values), { probes: 2, steps });
    expect(quadrature.status).toBe("converged");
    const { values: moments } = quadratureMoments(quadrature, 2 * steps);
    for (let p = 0; p < 2 * steps; p++) {
      expectNear(moments[p], momentOf(values, p), 1e-13, momentOf(values.map(Math.abs), p));
    }
    const last = momentOf(values, 2 * steps);
    expect(last - moments[2 * steps]).toBeGreaterThan(1e-6 * last);
  });
});

describe("the quadrature of a dense matrix", () => {
  const stream = randomStream(2, "slq-test");
  const n = 30;
  const a = symmetric(n, (i, j) => (i === j ? 3 : 0) + 0.3 * stream.normal());
  const values = Array.from(symmetricEigen(a).values);

  it("has the moments in their 95 % intervals at that rate, over 400 seeds", () => {
    const moments = Array.from({ length: 400 }, (_, seed) =>
      quadratureMoments(quadratureOf(a, { probes: 30, steps: 6, seed }), 3),
    );
    for (const p of [1, 2, 3]) {
      const estimates = moments.map(({ values: found, standardErrors }) => ({
        value: found[p],
        standardError: standardErrors[p],
      }));
      expectCoverage(estimates, momentOf(values, p), studentT975[29]);
    }
    for (const { values: found, standardErrors } of moments) {
      expectNear(found[0], 1, 1e-14);
      expect(standardErrors[0]).toBeLessThan(1e-14);
    }
  });

  it("has tr log A and tr A⁻¹ within their errors", () => {
    const positive = withSpectrum(
      values.map((value) => 0.5 + Math.abs(value)),
      6,
    );
    const spectrum = values.map((value) => 0.5 + Math.abs(value));
    const quadrature = quadratureOf(positive, { probes: 40 });
    for (const f of [Math.log, (x: number) => 1 / x]) {
      const { value, standardError } = quadratureTrace(quadrature, f);
      expect(Math.abs(value - n * mean(spectrum.map(f)))).toBeLessThan(4 * standardError);
      expect(standardError).toBeLessThan(0.05 * Math.abs(value));
    }
  });

  it("has weights of sum 1 and nodes inside the spectrum, for every symmetric matrix", () => {
    fc.assert(
      fc.property(symmetricMatrix({ maxSize: 16 }), fc.integer({ min: 1, max: 20 }), (matrix, steps) => {
        const spectrum = symmetricEigen(matrix).values;
        const size = largest(spectrum);
        const quadrature = quadratureOf(matrix, { probes: 3, steps });
        const { nodes, weights, offsets } = quadrature;
        expect(offsets[3]).toBe(nodes.length);
        for (let p = 0; p < 3; p++) {
          const part = partOf(quadrature, weights, p);
          expect(part.length).toBeLessThanOrEqual(Math.min(steps, spectrum.length));
          expectNear(
            part.reduce((sum, weight) => sum + weight, 0),
            1,
            1e-13,
          );
        }
        for (const node of nodes) {
          expect(node).toBeGreaterThanOrEqual(spectrum[0] - 1e-13 * size);
          expect(node).toBeLessThanOrEqual(spectrum[spectrum.length - 1] + 1e-13 * size);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("has no copies of an eigenvalue that towers over the others: full reorthogonalisation", () => {
    const towering = [1e6, ...Array.from({ length: 79 }, (_, i) => i / 79)];
    const quadrature = quadratureOf(diagonalMatrix(towering), { probes: 2, steps: 60 });
    for (let p = 0; p < 2; p++) {
      const nodes = partOf(quadrature, quadrature.nodes, p);
      expect(nodes.filter((node) => node > 10)).toHaveLength(1);
      expectNear(partOf(quadrature, quadrature.weights, p)[nodes.length - 1], 1 / 80, 1e-12);
    }
  });

  it("gives the same bits for the same seed, and others for another", () => {
    expect(quadratureOf(a, { seed: 3 })).toEqual(quadratureOf(a, { seed: 3 }));
    expect(quadratureOf(a, { seed: 3 }).nodes).not.toEqual(quadratureOf(a, { seed: 4 }).nodes);
  });

  it.each([1e-300, 1e-150, 1e150, 1e300])("scales with the matrix: %d", (scale) => {
    const scaled = quadratureOf(
      symmetric(n, (i, j) => scale * a.data[i * n + j]),
      { probes: 2, steps: 5 },
    );
    const plain = quadratureOf(a, { probes: 2, steps: 5 });
    expectClose(
      scaled.nodes.map((node) => node / scale),
      plain.nodes,
      1e-12,
    );
    expectClose(scaled.weights, plain.weights, 1e-10);
  });
});

describe("spectralDensity", () => {
  const values = [-1, 0, 0, 0, 0, 0.5, 2, 2];
  const quadrature = quadratureOf(diagonalMatrix(values), { probes: 3 });

  it("is the mean of Gaussians about the eigenvalues, where the quadrature is exact", () => {
    const { grid, density, standardErrors, width } = spectralDensity(quadrature, { points: 301, width: 0.1 });
    expect(width).toBe(0.1);
    expect(grid[0]).toBeCloseTo(-1.4, 12);
    expect(grid[300]).toBeCloseTo(2.4, 12);
    const gaussian = (x: number) => Math.exp((-x * x) / 0.02) / Math.sqrt(0.02 * Math.PI);
    const wanted = grid.map((t) => mean(values.map((value) => gaussian(t - value))));
    expectClose(density, wanted, 1e-12);
    expect(largest(standardErrors)).toBeLessThan(1e-12);
  });

  it("integrates to 1", () => {
    const { grid, density } = spectralDensity(quadrature, { width: 0.05, points: 2001, from: -2, to: 3 });
    expectNear(density.reduce((sum, y) => sum + y, 0) * (grid[1] - grid[0]), 1, 1e-10);
  });

  it("holds the true density within its errors where probes scatter", () => {
    const spectrum = Array.from({ length: 60 }, (_, i) => (i < 50 ? 0.01 * i : 2));
    const sampled = quadratureOf(withSpectrum(spectrum, 3), { probes: 50, steps: 60 });
    const { grid, density, standardErrors } = spectralDensity(sampled, { width: 0.2, points: 30 });
    const gaussian = (x: number) => Math.exp((-x * x) / 0.08) / Math.sqrt(0.08 * Math.PI);
    grid.forEach((t, i) => {
      const truth = mean(spectrum.map((value) => gaussian(t - value)));
      expect(Math.abs(density[i] - truth)).toBeLessThan(4.5 * standardErrors[i] + 1e-12);
    });
    expect(largest(standardErrors)).toBeLessThan(0.1 * largest(density));
  });

  it("has a width for spectra of one point", () => {
    expect(spectralDensity(quadratureOf(diagonalMatrix([5, 5, 5]))).width).toBe(0.05);
    expect(spectralDensity(quadratureOf(diagonalMatrix([0, 0]))).width).toBe(1);
    expect(spectralDensity(quadratureOf(diagonalMatrix([0, 4]))).width).toBeCloseTo(0.04, 12);
  });
});

describe("what is not finite", () => {
  it("in a product ends with the error", () => {
    let count = 0;
    const operator = productOperator(5, (v) => v.map((x, i) => (++count > 40 ? Number.NaN : i * x)));
    expect(() => stochasticLanczosQuadrature(operator)).toThrow(NonFiniteError);
    expect(() => stochasticLanczosQuadrature(operator)).toThrow(
      /^stochasticLanczosQuadrature: .*NaN at index 0/,
    );
  });

  it("in a function or a power too", () => {
    const quadrature = quadratureOf(diagonalMatrix([0, 1e200]));
    expect(() => quadratureTrace(quadrature, (x) => 1 / (x - x))).toThrow(
      /^quadratureTrace: expected f\(.*\) to be finite/,
    );
    expect(() => quadratureMoments(quadrature, 2)).toThrow(NonFiniteError);
  });
});

describe("quadratures and densities refuse", () => {
  const A = matrixOperator([
    [2, 1, 0],
    [1, 3, 1],
    [0, 1, 4],
  ]);
  const quadrature = stochasticLanczosQuadrature(A);
  refusals(ArgumentError, "invalid-argument", [
    [
      "one probe",
      () => stochasticLanczosQuadrature(A, { probes: 1 }),
      /stochasticLanczosQuadrature: .*probes.*≥ 2/,
    ],
    [
      "no steps",
      () => stochasticLanczosQuadrature(A, { steps: 0 }),
      /stochasticLanczosQuadrature: .*steps.*≥ 1/,
    ],
    [
      "no quadrature",
      () => quadratureTrace(undefined as never, Math.log),
      /quadratureTrace: .*quadrature to be an object/,
    ],
    ["another object", () => spectralDensity({} as never), /spectralDensity: .*stochasticLanczosQuadrature/],
    ...[[], [0], [0, 2, 1], [0, 3, 99]].map(
      (offsets) =>
        [
          `a quadrature with offsets ${offsets}`,
          () => quadratureTrace({ ...quadrature, offsets: Int32Array.from(offsets) }, Math.log),
          /quadratureTrace: .*offsets to ascend from 0/,
        ] as const,
    ),
    [
      "nodes without weights",
      () => quadratureMoments({ ...quadrature, weights: new Float64Array(2) }, 1),
      /quadratureMoments: .*got \d+ nodes, 2 weights/,
    ],
    [
      "a quadrature of no size",
      () => spectralDensity({ ...quadrature, size: 0 }),
      /quadrature\.size.*≥ 1, got 0/,
    ],
    ["a negative power", () => quadratureMoments(quadrature, -1), /quadratureMoments: .*highest.*≥ 0/],
    ["a width of 0", () => spectralDensity(quadrature, { width: 0 }), /spectralDensity: .*width.*> 0/],
    [
      "a grid of one point",
      () => spectralDensity(quadrature, { points: 1 }),
      /spectralDensity: .*points.*≥ 2/,
    ],
    ["an empty grid", () => spectralDensity(quadrature, { from: 1, to: 1 }), /spectralDensity: .*to.*> 1/],
  ]);
});
