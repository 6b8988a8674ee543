import { describe, expect, it } from "vitest";
import { ArgumentError, curvatureSummary, lossObjective, symmetricEigen } from "../../src/index.js";
import { normalizedSharpness } from "../../src/landscape/index.js";
import { euclidean, expectClose, expectNear, largest } from "../oracles/compare.js";
import { expectCoverage, studentT975 } from "../oracles/statistics.js";
import { refusals } from "../refusals.js";
import { x, y } from "../small-network.js";
import { H, kinds, n, net, objective, scaled, theta, values } from "./scaled-hessian.js";

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
    ["a summary of few samples", () => curvatureSummary(objective, theta, { samples: 5 }), /samples.*≥ 6/],
    [
      "a summary's tolerance",
      () => curvatureSummary(objective, theta, { tolerance: -1 }),
      /curvatureSummary: .*tolerance/,
    ],
    ["a summary's seed", () => curvatureSummary(objective, theta, { seed: -1 }), /curvatureSummary: .*seed/],
  ]);
});
