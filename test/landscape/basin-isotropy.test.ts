import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArgumentError, lossObjective, objectiveOf, symmetricEigen } from "../../src/index.js";
import { basinIsotropy, spectrumIsotropy } from "../../src/landscape/index.js";
import { matrixOperator } from "../../src/linalg/index.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { symmetric, withSpectrum } from "../oracles/plain-matrix.js";
import { expectCoverage, mean, studentT975, variance } from "../oracles/statistics.js";
import { refusals } from "../refusals.js";
import { x, y } from "../small-network.js";
import { quadraticOf } from "./objectives.js";
import { kinds, n, net, objective, scaled, theta, values } from "./scaled-hessian.js";

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

  it("has the same bits for the same seed, and leaves theta as it is", () => {
    const before = theta.slice();
    const options = { denseLimit: 0, probes: 3, steps: 5, seed: 9 };
    expect(basinIsotropy(objective, theta, options)).toEqual(basinIsotropy(objective, theta, options));
    expect(theta).toEqual(before);
  });
});

describe("isotropies refuse", () => {
  const objective = lossObjective(net, { x, y });
  refusals(ArgumentError, "invalid-argument", [
    ["one probe", () => basinIsotropy(objective, theta, { probes: 1 }), /basinIsotropy: .*probes.*≥ 2/],
    ["no Lanczos steps", () => basinIsotropy(objective, theta, { steps: 0 }), /basinIsotropy: .*steps.*≥ 1/],
    [
      "an isotropy's limit",
      () => basinIsotropy(objective, theta, { denseLimit: 0.5 }),
      /basinIsotropy: .*denseLimit/,
    ],
    ["an isotropy's seed", () => basinIsotropy(objective, theta, { seed: -1 }), /basinIsotropy: .*seed/],
    [
      "a spectrum that is an array",
      () => spectrumIsotropy([1, 2] as never),
      /spectrumIsotropy: .*Float64Array/,
    ],
    ["an empty spectrum", () => spectrumIsotropy(new Float64Array(0)), /length ≥ 1/],
  ]);
});
