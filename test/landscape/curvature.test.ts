import fc from "fast-check";
import { problem } from "flatward/testing";
import { describe, expect, it } from "vitest";
import {
  curvatureSummary,
  exactHessian,
  hessianAt,
  lossObjective,
  objectiveOf,
  randomStream,
  SymmetryError,
  symmetricEigen,
} from "../../src/index.js";
import {
  basinIsotropy,
  hessianMatrix,
  normalizedSharpness,
  spectrumIsotropy,
} from "../../src/landscape/index.js";
import { matrixOperator } from "../../src/linalg/index.js";
import { makeCase } from "../cases.js";
import { euclidean, expectClose, expectNear, largest } from "../oracles/compare.js";
import { symmetric, withSpectrum } from "../oracles/plain-matrix.js";
import { expectCoverage, mean, studentT975, variance } from "../oracles/statistics.js";
import { quadraticOf } from "./objectives.js";

const { net, theta, batch } = makeCase({ size: [20, 2, 4, 3], seed: 3 });
const objective = lossObjective(net, batch);
const H = exactHessian(net, theta, batch);
const { values } = symmetricEigen(H);
const n = net.size;

/** T by its definition: root mean squares over the whole, the tensors, their rows, or alone. */
function scalesOf(normalization: string): Float64Array {
  const out = theta.map(Math.abs);
  const fill = (from: number, to: number) =>
    out.fill(euclidean(theta.subarray(from, to)) / Math.sqrt(to - from), from, to);
  if (normalization === "network") fill(0, n);
  if (normalization === "layer" || normalization === "filter") {
    for (const { shape, offset } of net.layout) {
      const size = shape.reduce((a, b) => a * b, 1);
      const width = normalization === "layer" ? size : (shape[1] ?? 1);
      for (let at = offset; at < offset + size; at += width) fill(at, at + width);
    }
  }
  return out;
}
const kinds = ["network", "layer", "filter", "element"] as const;
const scaled = (normalization: string) => {
  const t = scalesOf(normalization);
  return symmetric(n, (i, j) => t[i] * H.data[i * n + j] * t[j]);
};

describe("the Hessian of an objective", () => {
  it("is the network's own, as matrix and as operator, for every network", () => {
    fc.assert(
      fc.property(problem(), ({ net, theta, batch }) => {
        const objective = lossObjective(net, batch);
        const wanted = exactHessian(net, theta, batch).data;
        const matrix = hessianMatrix(objective, theta).data;
        expectClose(matrix, wanted, 1e-11, 1e-300 + largest(wanted));
        const size = net.size;
        const ones = new Float64Array(size).fill(1);
        const out = new Float64Array(size);
        hessianAt(objective, theta).apply(ones, out);
        const sums = out.map((_, i) => wanted.subarray(i * size, (i + 1) * size).reduce((a, b) => a + b, 0));
        expectClose(out, sums, 1e-11, 1e-300 + size * largest(wanted));
      }),
    );
  });

  it("by filter and by layer takes a single number for what it is", () => {
    const layout = [
      { name: "w", shape: [2], offset: 0 },
      { name: "s", shape: [], offset: 2 },
    ];
    const at = Float64Array.of(1, 1, 10);
    const bowl = quadraticOf(symmetric(3, (i, j) => (i === j ? [2, 3, 5][i] : 0)));
    for (const normalization of ["filter", "layer"] as const)
      expect(normalizedSharpness(bowl, at, { normalization, layout }).value).toBeCloseTo(500, 10);
  });

  it.each(kinds)("by %s is T H T, with Σ T² = ‖θ‖²", (normalization) => {
    const { data } = hessianMatrix(objective, theta, { normalization, layout: net.layout });
    expectClose(data, scaled(normalization).data, 1e-13);
    expectNear(euclidean(scalesOf(normalization)), euclidean(theta), 1e-14);
  });

  it("does not follow later changes of theta", () => {
    const moving = theta.slice();
    const operator = hessianAt(objective, moving);
    moving.fill(0);
    const out = new Float64Array(n);
    operator.apply(new Float64Array(n).fill(1), out);
    expectClose(
      out,
      out.map((_, i) => H.data.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0)),
      1e-13,
    );
  });

  it("is refused as a matrix where products are not those of a symmetric one", () => {
    const twisted = objectiveOf(2, () => ({ value: 0, gradient: new Float64Array(2) }), {
      hessianVectorProduct: (_, v) => Float64Array.of(v[0] + v[1], v[1]),
    });
    expect(() => hessianMatrix(twisted, new Float64Array(2))).toThrow(SymmetryError);
    expect(() => hessianMatrix(twisted, new Float64Array(2))).toThrow(
      /^hessianMatrix: expected the operator to be symmetric/,
    );
  });
});

describe("curvatureSummary", () => {
  it("is exact below the dense limit", () => {
    const found = curvatureSummary(objective, theta);
    expect(found).toMatchObject({ size: n, products: n, status: "converged" });
    expectClose(found.eigenvalues as Float64Array, values, 1e-14);
    expect(found.largest).toEqual({ value: found.eigenvalues?.[n - 1], residual: 0 });
    expect(found.smallest).toEqual({ value: found.eigenvalues?.[0], residual: 0 });
    expectNear(
      found.trace.value,
      values.reduce((a, b) => a + b, 0),
      1e-14,
      euclidean(values),
    );
    expectNear(found.frobeniusSquared.value, euclidean(H.data) ** 2, 1e-14);
    expect(found.trace.standardError + found.frobeniusSquared.standardError).toBe(0);
  });

  it("above it has the extremes within their residuals and the traces within their intervals", () => {
    const found = Array.from({ length: 200 }, (_, seed) =>
      curvatureSummary(objective, theta, { denseLimit: 0, samples: 30, seed }),
    );
    for (const { largest: top, smallest: bottom, eigenvalues, status } of found) {
      expect(status).toBe("converged");
      expect(eigenvalues).toBeUndefined();
      expect(Math.abs(top.value - values[n - 1])).toBeLessThanOrEqual(top.residual + 1e-14);
      expect(Math.abs(bottom.value - values[0])).toBeLessThanOrEqual(bottom.residual + 1e-14);
    }
    const squares = found.map(({ frobeniusSquared }) => frobeniusSquared);
    expectCoverage(squares, euclidean(H.data) ** 2, studentT975[29]);
    const trace = values.reduce((a, b) => a + b, 0);
    expectCoverage(
      found.map((each) => each.trace),
      trace,
      studentT975[9],
    );
  });

  it.each(kinds)("by %s is that of T H T, and its λ_max is the normalized sharpness", (normalization) => {
    const { values: wanted } = symmetricEigen(scaled(normalization));
    const options = { normalization, layout: net.layout };
    const found = curvatureSummary(objective, theta, options);
    expectClose(found.eigenvalues as Float64Array, wanted, 1e-13);
    const { value, residual, status } = normalizedSharpness(objective, theta, options);
    expect(status).toBe("converged");
    expect(residual).toBeLessThanOrEqual(1e-8 * largest(wanted));
    expectNear(value, wanted[n - 1], 1e-8);
    if (normalization === "network") {
      expectNear(value, (values[n - 1] * euclidean(theta) ** 2) / n, 1e-8);
      expect(normalizedSharpness(objective, theta).value).toBe(value);
    }
  });
});

describe("isotropy", () => {
  it("is 1 for a multiple of the identity", () => {
    for (const scale of [1e-300, 1, 1e300]) {
      const { participation, entropy, ratio } = spectrumIsotropy(new Float64Array(7).fill(scale));
      expectClose([participation, entropy, ratio], [1, 1, 1], 1e-14);
    }
  });

  it("of k equal eigenvalues among zeros is k/n, and the ratio is 0", () => {
    const { participation, entropy, ratio } = spectrumIsotropy(Float64Array.of(0, 3, 0, 3, 3, 0, 0, 0));
    expectClose([participation, entropy], [3 / 8, 3 / 8], 1e-14);
    expect(ratio).toBe(0);
  });

  it("of 1, 2, 3 and −1 is what its definitions say", () => {
    const { participation, entropy, ratio } = spectrumIsotropy(Float64Array.of(1, 2, 3, -1));
    expectNear(participation, 36 / (4 * 14), 1e-15);
    // p = 1/6, 1/3, 1/2.
    expectNear(entropy, (6 ** (1 / 6) * 3 ** (1 / 3) * 2 ** (1 / 2)) / 4, 1e-15);
    expectNear(ratio, -1 / 3, 1e-15);
  });

  it("has 1/n ≤ participation ≤ entropy ≤ the share of positive eigenvalues, in any order and at any scale", () => {
    const spectra = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(spectra, fc.double({ min: 1e-100, max: 1e100, noNaN: true }), (some, scale) => {
        const spectrum = Float64Array.from([...some, 0.5]);
        const { participation, entropy, ratio } = spectrumIsotropy(spectrum);
        const size = spectrum.length;
        const share = spectrum.filter((value) => value > 0).length / size;
        const orders = [1 / size, participation, entropy, share];
        for (let i = 1; i < 4; i++) expect(orders[i]).toBeGreaterThanOrEqual(orders[i - 1] * (1 - 1e-13));
        expect(ratio).toBeLessThanOrEqual(1);
        const other = spectrumIsotropy(spectrum.map((value) => scale * value).sort());
        expectClose(
          [other.participation, other.entropy, other.ratio],
          [participation, entropy, ratio],
          1e-12,
          1,
        );
      }),
    );
  });

  it("of a basin is that of its Hessian's eigenvalues, and by %s of those of T H T", () => {
    const found = basinIsotropy(objective, theta);
    const wanted = spectrumIsotropy(values);
    expect(found.products).toBe(n);
    expectClose(
      [found.participation.value, found.entropy.value, found.ratio],
      [wanted.participation, wanted.entropy, wanted.ratio],
      1e-12,
    );
    for (const normalization of kinds) {
      const { participation } = basinIsotropy(objective, theta, { normalization, layout: net.layout });
      expectNear(
        participation.value,
        spectrumIsotropy(symmetricEigen(scaled(normalization)).values).participation,
        1e-12,
      );
    }
  });

  it("beyond the dense limit has the exact value within its interval", () => {
    const size = 40;
    const spectrum = Float64Array.from({ length: size }, (_, i) => 3 * 0.8 ** i - 0.1 * (i % 3));
    const wanted = spectrumIsotropy(spectrum);
    const operator = matrixOperator(withSpectrum(spectrum, 5));
    const origin = new Float64Array(size);
    const rotated = objectiveOf(size, () => ({ value: 0, gradient: origin }), {
      hessianVectorProduct(_, v) {
        const out = new Float64Array(size);
        operator.apply(v, out);
        return out;
      },
    });
    const found = Array.from({ length: 200 }, (_, seed) =>
      basinIsotropy(rotated, origin, { denseLimit: 0, seed, probes: 10, steps: size }),
    );
    for (const name of ["participation", "entropy"] as const) {
      const estimates = found.map((each) => each[name]);
      expectCoverage(estimates, wanted[name], studentT975[9]);
      // By the delta method: too wide would not do either.
      const stated = mean(estimates.map(({ standardError }) => standardError * standardError));
      expectNear(stated, variance(estimates.map(({ value }) => value)), 0.2);
    }
    for (const { ratio } of found) expectNear(ratio, wanted.ratio, 1e-9);
  });

  it("has no basin where no eigenvalue is positive", () => {
    const concave = quadraticOf(symmetric(3, (i, j) => (i === j ? -1 - i : 0)));
    const says = /^(basinIsotropy|spectrumIsotropy): expected a positive eigenvalue/;
    for (const denseLimit of [0, 10]) {
      expect(() => basinIsotropy(concave, new Float64Array(3), { denseLimit })).toThrow(says);
    }
    expect(() => spectrumIsotropy(Float64Array.of(0, -1))).toThrow(says);
  });

  it("has none where what is positive is the rounding of what is negative", () => {
    for (let i = 0; i < 100; i++) {
      const [a, b] = [Math.cos(i), Math.sin(i)];
      const ridge = quadraticOf(symmetric(2, (row, column) => -[a, b][row] * [a, b][column]));
      expect(() => basinIsotropy(ridge, new Float64Array(2))).toThrow(/expected a positive eigenvalue/);
    }
  });
});

describe("all of them", () => {
  it("have the same bits for the same seed, and leave theta as it is", () => {
    const before = theta.slice();
    const options = { denseLimit: 0, samples: 12, probes: 3, steps: 5, seed: 9 };
    expect(curvatureSummary(objective, theta, options)).toEqual(curvatureSummary(objective, theta, options));
    expect(basinIsotropy(objective, theta, options)).toEqual(basinIsotropy(objective, theta, options));
    expect(theta).toEqual(before);
    expect(randomStream(1).bits()).toBe(randomStream(1).bits());
  });
});
