import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  curvatureSummary,
  hessianAt,
  lossObjective,
  objectiveOf,
  productOperator,
  SymmetryError,
  symmetricEigen,
} from "../../src/index.js";
import { normalizedSharpness } from "../../src/landscape/index.js";
import { euclidean, expectClose, expectNear, largest } from "../oracles/compare.js";
import { expectCoverage, studentT975 } from "../oracles/statistics.js";
import { refusals } from "../refusals.js";
import { x, y } from "../small-network.js";
import { H, kinds, n, net, objective, scaled, theta, values } from "./scaled-hessian.js";

/** A diagonal Hessian plus a multiple of ones, of more parameters than its estimates take products. */
const wide = (() => {
  const size = 160;
  const diagonal = Float64Array.from({ length: size }, (_, i) => (i === 0 ? 9 : i === 1 ? -7 : Math.cos(i)));
  const rows = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (_, j) => 0.02 + (i === j ? diagonal[i] : 0)),
  );
  const { values } = symmetricEigen(rows);
  const times = (v: Float64Array): Float64Array => {
    const sum = v.reduce((total, entry) => total + entry, 0);
    return v.map((entry, i) => diagonal[i] * entry + 0.02 * sum);
  };
  return {
    size,
    theta: new Float64Array(size),
    objective: objectiveOf(size, () => ({ value: 0, gradient: new Float64Array(size) }), {
      hessianVectorProduct: (_, v) => times(v),
    }),
    smallest: values[0],
    largest: values[size - 1],
    trace: values.reduce((a, b) => a + b, 0),
    frobeniusSquared: euclidean(values) ** 2,
  };
})();

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
      curvatureSummary(wide.objective, wide.theta, { denseLimit: 0, samples: 30, seed }),
    );
    for (const { largest: top, smallest: bottom, eigenvalues, status, products } of found) {
      expect(status).toBe("converged");
      expect(eigenvalues).toBeUndefined();
      expect(products).toBeLessThanOrEqual(wide.size);
      expect(Math.abs(top.value - wide.largest)).toBeLessThanOrEqual(top.residual + 1e-13);
      expect(Math.abs(bottom.value - wide.smallest)).toBeLessThanOrEqual(bottom.residual + 1e-13);
    }
    const squares = found.map(({ frobeniusSquared }) => frobeniusSquared);
    expectCoverage(squares, wide.frobeniusSquared, studentT975[29]);
    expectCoverage(
      found.map((each) => each.trace),
      wide.trace,
      studentT975[9],
    );
  });

  it.each([1, 5, 23, 24, 100, 396, 397, 500, 501, 600, 900])(
    "never takes more products than H has columns, and counts them: n = %i",
    (size) => {
      for (const denseLimit of [0, 500]) {
        let count = 0;
        const operator = productOperator(size, (v) => {
          count++;
          return v.map((entry, i) => (10 * Math.exp(-i / 5) + ((i % 3) - 1) * 1e-3) * entry);
        });
        const { products, largest: top, smallest: bottom } = curvatureSummary(operator, { denseLimit });
        expect(products).toBe(count);
        expect(products).toBeLessThanOrEqual(size);
        expect(Math.abs(top.value - (10 - 1e-3))).toBeLessThanOrEqual(top.residual + 1e-12);
        expect(bottom.residual).toBeLessThan(1e-2);
      }
    },
  );

  it("takes an operator or a matrix: the same as of the objective", () => {
    const wanted = curvatureSummary(objective, theta);
    const ofOperator = curvatureSummary(hessianAt(objective, theta));
    expect(ofOperator).toEqual(wanted);
    const ofMatrix = curvatureSummary(H);
    expect(ofMatrix).toMatchObject({ size: n, products: 0, status: "converged" });
    expect(ofMatrix.eigenvalues).toEqual(symmetricEigen(H).values);
    expect(
      curvatureSummary([
        [2, 1],
        [1, 2],
      ]).largest.value,
    ).toBeCloseTo(3, 14);
    const own = { size: 2, apply: (v: Float64Array, out: Float64Array) => out.set(v) };
    expect(curvatureSummary(own)).toMatchObject({ trace: { value: 2 }, products: 2 });
  });

  it("takes products and matrices of single precision", () => {
    const single = Array.from({ length: n }, (_, i) =>
      Float64Array.from({ length: n }, (_, j) => Math.fround(H.data[i * n + j] * (i < j ? 1 + 3e-7 : 1))),
    );
    const operator = productOperator(n, (v) =>
      Float64Array.from(single, (row) => Math.fround(row.reduce((sum, entry, j) => sum + entry * v[j], 0))),
    );
    const scale = largest(values);
    expect(Math.abs(curvatureSummary(operator).largest.value - values[n - 1])).toBeLessThan(1e-6 * scale);
    const loose = curvatureSummary(single, { symmetryTolerance: 1e-5 });
    expect(Math.abs(loose.largest.value - values[n - 1])).toBeLessThan(1e-6 * scale);
    expect(() => curvatureSummary(single)).toThrow(/symmetricPart\(A\).*symmetryTolerance/);
    expect(() => curvatureSummary(operator, { symmetryTolerance: 1e-12 })).toThrow(SymmetryError);
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

  it("has the same bits for the same seed, and leaves theta as it is", () => {
    const before = theta.slice();
    const options = { denseLimit: 0, samples: 12, seed: 9 };
    expect(curvatureSummary(objective, theta, options)).toEqual(curvatureSummary(objective, theta, options));
    expect(theta).toEqual(before);
  });
});

describe("curvatureSummary refuses", () => {
  const objective = lossObjective(net, { x, y });
  refusals(ArgumentError, "invalid-argument", [
    [
      "a summary's broken limit",
      () => curvatureSummary(objective, theta, { denseLimit: -1 }),
      /denseLimit.*≥ 0/,
    ],
    [
      "a normalization without theta",
      () => curvatureSummary([[1]], { normalization: "network" } as never),
      /curvatureSummary: expected no normalization of a matrix or an operator/,
    ],
    [
      "an operator without a size",
      () => curvatureSummary({ apply: () => undefined } as never),
      /^curvatureSummary: expected operator\.size/,
    ],
    ["a summary of nothing", () => curvatureSummary(undefined as never), /to be an object, got undefined/],
    [
      "a negative tolerance of symmetry",
      () => curvatureSummary([[1]], { symmetryTolerance: -1 }),
      /symmetryTolerance.*≥ 0/,
    ],
    ["a summary of few samples", () => curvatureSummary(objective, theta, { samples: 5 }), /samples.*≥ 6/],
    [
      "a summary's tolerance",
      () => curvatureSummary(objective, theta, { tolerance: -1 }),
      /curvatureSummary: .*tolerance/,
    ],
    ["a summary's seed", () => curvatureSummary(objective, theta, { seed: -1 }), /curvatureSummary: .*seed/],
  ]);
});
