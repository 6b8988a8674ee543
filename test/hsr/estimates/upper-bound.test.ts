// Independent: the closed form's gradient; central differences of the value for the same probes.

import { describe, expect, it } from "vitest";
import { ArgumentError, type Network, spectralMoments, wsUpperBoundAndGradient } from "../../../src/index.js";
import { makeCase } from "../../cases.js";
import { layeredProblems } from "../../layered-problems.js";
import { euclidean, expectClose } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";
import { refusals } from "../../refusals.js";

const { net, theta, batch } = makeCase({ size: [12, 3, 4, 3], targets: "dense", weighted: true });
const exact = wsUpperBoundAndGradient(net, theta, batch);

describe("wsUpperBoundAndGradient by estimate", () => {
  it.each([2, 10])("has from %i samples the exact gradient on average over seeds", (samples) => {
    const seeds = 12_000 / samples;
    const runs = Array.from(
      { length: seeds },
      (_, seed) => wsUpperBoundAndGradient(net, theta, batch, { method: "estimate", samples, seed }).gradient,
    );
    const average = theta.map((_, j) => runs.reduce((sum, gradient) => sum + gradient[j] / seeds, 0));
    const scatter = runs.reduce(
      (sum, gradient) => sum + euclidean(gradient.map((entry, j) => entry - average[j])) ** 2,
      0,
    );
    const noise = Math.sqrt(scatter / (seeds * (seeds - 1)));
    const bias = euclidean(average.map((entry, j) => entry - exact.gradient[j]));
    // Of noise alone bias² is about noise².
    expect(bias).toBeLessThan(1.5 * noise);
    expect(noise).toBeLessThan(0.02 * euclidean(exact.gradient));
  });

  it.each([{ name: "one hidden layer", net, theta, batch }, ...layeredProblems])(
    "has the gradient that differences of its value for the same probes approach: $name",
    (problem) => {
      const options = { method: "estimate", samples: 3, seed: 5 } as const;
      const at = (point: Float64Array) =>
        wsUpperBoundAndGradient(problem.net as Network, point, problem.batch, options);
      const { gradient } = at(problem.theta);
      const claim = {
        f: (point: Float64Array) => [
          spectralMoments(problem.net as Network, point, problem.batch, options).upperBound.value,
        ],
        at: problem.theta,
        column: (j: number) => [gradient[j]],
        roundings: 256,
      };
      expect(() => assertDerivative(claim)).not.toThrow();
    },
  );

  it("has the moments and the bound of spectralMoments, and counts its products", () => {
    const options = { method: "estimate", samples: 4, seed: 9 } as const;
    const {
      moments,
      gradient: _,
      iterations,
      products,
      status,
      ...bound
    } = wsUpperBoundAndGradient(net, theta, batch, options);
    const report = { iterations, products, status };
    expect(moments).toEqual(spectralMoments(net, theta, batch, options));
    expect(bound).toEqual(moments.upperBound);
    expect(report).toMatchObject({ iterations: 4, products: 8, status: "converged" });
  });

  it("takes a network of one's own that says what the form vᵀHw is", () => {
    const [{ net: layers, theta: at, batch: data }] = layeredProblems;
    const own: Network = { ...layers, lossOn: (given) => layers.lossOn(given) };
    const options = { method: "estimate", samples: 2 } as const;
    const { gradient } = wsUpperBoundAndGradient(own, at, data, options);
    expectClose(gradient, wsUpperBoundAndGradient(layers, at, data, options).gradient, 0);
  });
});

describe("wsUpperBoundAndGradient by estimate refuses", () => {
  const [{ net: layers, theta: at, batch: data }] = layeredProblems;
  const bare: Network = {
    ...layers,
    lossOn(given) {
      const { curvatureAt: _, ...others } = layers.lossOn(given);
      return others;
    },
  };
  it("no moments of a network without vᵀHw", () => {
    expect(spectralMoments(bare, at, data, { method: "estimate" })).toEqual(
      spectralMoments(layers, at, data, { method: "estimate" }),
    );
  });
  refusals(ArgumentError, "invalid-argument", [
    [
      "a network of one's own without vᵀHw",
      () => wsUpperBoundAndGradient(bare, at, data, { method: "estimate" }),
      /wsUpperBoundAndGradient: .*lossOn returns curvatureAt\(theta\).*got undefined; .*docs\/reference\/networks\.md/,
    ],
  ]);
});
