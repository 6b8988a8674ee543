import { describe, expect, it } from "vitest";
import { type ActivationName, activationNames } from "../../../src/index.js";
import { activation, jetsOf } from "../../../src/nn/dense/activations.js";
import { expectNear } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";
import { plainActivation } from "../../oracles/network-loss.js";
import { densityOracle, distributionOracle } from "../../oracles/normal-distribution.js";

function jet(name: ActivationName, z: number): Float64Array {
  const out = new Float64Array(4).fill(Number.NaN);
  activation(name).jet(z, out);
  return out;
}

const points = [-6, -3.3, -1.1, -0.4, 0, 0.01, 0.7, 1.9, 2.6, 5.2];

describe.each(activationNames)("%s", (name) => {
  it("has the value that its definition gives", () => {
    for (const z of [...points, -20, 20])
      expectNear(jet(name, z)[0], plainActivation[name](z), 1e-14, 1 + Math.abs(z));
    expect.hasAssertions();
  });

  it("has three derivatives that differences of the order below approach, at every point", () => {
    for (const z of points) {
      for (const order of [1, 2, 3]) {
        const claim = {
          f: ([at]: Float64Array) => [jet(name, at)[order - 1]],
          at: Float64Array.of(z),
          column: () => [jet(name, z)[order]],
          name: () => `derivative ${order} at ${z}`,
        };
        // At some points the remainder vanishes by symmetry: the slope is asked for below.
        expect(() => assertDerivative(claim, true)).not.toThrow();
      }
    }
  });

  it.skipIf(name === "identity")("has derivatives whose remainders quarter, over all points together", () => {
    for (const order of [1, 2, 3]) {
      const claim = {
        f: (at: Float64Array) => [at.reduce((sum, z) => sum + jet(name, z)[order - 1], 0)],
        at: Float64Array.from(points),
        column: (j: number) => [jet(name, points[j])[order]],
      };
      expect(() => assertDerivative(claim)).not.toThrow();
    }
  });

  it("is finite with its derivatives for |z| up to 700", () => {
    for (let z = -700; z <= 700; z += 12.5) expect(jet(name, z).every(Number.isFinite)).toBe(true);
  });
});

/** φ′, φ″, φ‴ far out, to relative accuracy: the leading exponential with its first correction in q. */
describe("the tails, to relative accuracy:", () => {
  // Doubled, these are exact: Math.exp is then accurate to a unit in the last place, and so is all that follows.
  const far = [19.5, 20, 37.25, 50, 100.5, 300, 340];

  it("tanh′ = 4q/(1+q)², tanh″ ≈ ∓8q, tanh‴ ≈ 16q with q = e^(−2|z|)", () => {
    for (const z of far.flatMap((z) => [z, -z])) {
      const q = Math.exp(-2 * Math.abs(z));
      const [, first, second, third] = jet("tanh", z);
      expectNear(first, 4 * q * (1 - 2 * q), 1e-15);
      expectNear(second, -8 * Math.sign(z) * q * (1 - 4 * q), 1e-15);
      expectNear(third, 16 * q * (1 - 8 * q), 1e-15);
    }
    expectNear(jet("tanh", 20)[1], 4 * Math.exp(-40), 1e-15);
  });

  it("sigmoid′ ≈ q, sigmoid″ ≈ ∓q, sigmoid‴ ≈ q with q = e^(−|z|), and sigmoid ≈ q on the left", () => {
    for (const z of [40.25, 100, 350.5, 690]) {
      const q = Math.exp(-z);
      for (const side of [1, -1]) {
        const [value, first, second, third] = jet("sigmoid", side * z);
        expectNear(value, side === 1 ? 1 : q, 1e-15);
        expectNear(first, q, 1e-15);
        expectNear(second, -side * q, 1e-15);
        expectNear(third, q, 1e-15);
      }
    }
  });

  it("softplus ≈ e^z on the left and z + e^(−z) on the right, its derivatives those of the sigmoid", () => {
    for (const z of [40.25, 100, 690]) {
      expectNear(jet("softplus", -z)[0], Math.exp(-z), 1e-15);
      expectNear(jet("softplus", z)[0], z, 1e-15);
      expect(Array.from(jet("softplus", -z).subarray(1))).toEqual(
        Array.from(jet("sigmoid", -z).subarray(0, 3)),
      );
    }
  });

  it("silu ≈ ze^z on the left with derivatives (1+z)e^z, (2+z)e^z, (3+z)e^z", () => {
    for (const z of [-40.25, -100, -350.5, -690]) {
      const q = Math.exp(z);
      jet("silu", z).forEach((value, order) => {
        expectNear(value, (z + order) * q, 2e-15);
      });
    }
  });

  it("silu ≈ z on the right with derivatives 1, (2−z)q, (z−3)q", () => {
    for (const z of [40.25, 100, 350.5, 690]) {
      const q = Math.exp(-z);
      const [value, first, second, third] = jet("silu", z);
      expectNear(value, z, 1e-15);
      expectNear(first, 1, 1e-15);
      expectNear(second, (2 - z) * q, 2e-15);
      expectNear(third, (z - 3) * q, 2e-15);
    }
  });

  it("gelu and its derivatives on both sides, by a continued fraction", () => {
    for (const z of [-37.3, -30.7, -20.1, -11.9, -6.3, -2.7, -1.3, 0.6, 2.2, 8.8, 36.1]) {
      const density = densityOracle(z);
      const distribution = distributionOracle(z);
      const [value, first, second, third] = jet("gelu", z);
      expectNear(value, z * distribution, 1e-14);
      expectNear(first, distribution + z * density, 1e-14);
      expectNear(second, density * (2 - z * z), 1e-14);
      expectNear(third, density * z * (z * z - 4), 1e-14);
    }
  });
});

describe("every activation and its derivatives", () => {
  it.each(activationNames)("%s at points as large as numbers are", (name) => {
    for (const z of [1e150, 1.4e154, 1e200, 1e308, Number.MAX_VALUE])
      for (const sign of [1, -1]) {
        const found = jet(name, sign * z);
        expect(found.every(Number.isFinite), `${name} at ${sign * z}: ${found}`).toBe(true);
        if (name !== "sin") expect([found[2] + 0, found[3] + 0]).toEqual([0, 0]);
      }
  });
});

describe("many points at once", () => {
  const z = Float64Array.from([...points, 40, -700, 1e200]);

  it.each(activationNames)("have the bits of each, as far as derivatives are asked for: %s", (name) => {
    for (const order of [0, 1, 2, 3] as const) {
      const out = Array.from({ length: 4 }, (_, k) => new Float64Array(k <= order ? z.length : 0));
      out[0].set(z);
      const [values, first, second, third] = out;
      jetsOf(activation(name))(values, first, second, third, order);
      for (let k = 0; k <= order; k++) expect(out[k]).toEqual(z.map((at) => jet(name, at)[k]));
    }
  });

  it("are those of the jet that an activation has, not of its name", () => {
    const halved = { name: "tanh", jet: (at: number, out: Float64Array) => out.fill(at / 2) };
    const values = z.slice();
    jetsOf(halved)(values, new Float64Array(0), new Float64Array(0), new Float64Array(0), 0);
    expect(values).toEqual(z.map((at) => at / 2));
  });
});
