// Independent: the closed form, the dense Hessian, and the distribution over seeds.

import { describe, expect, it } from "vitest";
import type { MeanEstimate } from "../../../src/hsr/index.js";
import {
  ArgumentError,
  exactHessian,
  randomStream,
  sequential,
  spectralMoments,
  wsBounds,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { makeCase } from "../../cases.js";
import { layeredProblems } from "../../layered-problems.js";
import { expectNear } from "../../oracles/compare.js";
import { inner, times } from "../../oracles/plain-matrix.js";
import { expectCoverage, expectIntervals, mean, studentT975, variance } from "../../oracles/statistics.js";
import { refusals } from "../../refusals.js";

const { net, theta, batch } = makeCase({ size: [12, 3, 4, 3], targets: "dense", weighted: true });
const exact = spectralMoments(net, theta, batch);
const bound = wsUpperBoundAndGradient(net, theta, batch).value;
const estimates = (samples: number, count: number) =>
  Array.from({ length: count }, (_, seed) =>
    spectralMoments(net, theta, batch, { method: "estimate", samples, seed }),
  );

describe("spectralMoments by estimate, over 2,000 seeds,", () => {
  const found = estimates(50, 2000);

  it("has tr H in its 95 % interval at that rate, and on average", () => {
    const of = found.map(({ trace, standardErrors }) => ({
      value: trace,
      standardError: standardErrors.trace,
    }));
    expectCoverage(of, exact.trace, studentT975[49]);
  });

  it("has tr H² in its 95 % interval at that rate, and on average", () => {
    const of = found.map(({ frobeniusSquared, standardErrors }) => ({
      value: frobeniusSquared,
      standardError: standardErrors.frobeniusSquared,
    }));
    expectCoverage(of, exact.frobeniusSquared, studentT975[49]);
  });

  it("has the bound in its 95 % interval at that rate, and on average", () => {
    expectCoverage(
      found.map(({ upperBound }) => upperBound),
      bound,
      studentT975[49],
    );
  });

  it("has intervals that hold tr H, tr H² and every bound at that rate", () => {
    const { largest, smallest, spread } = wsBounds(exact);
    const bounds = { largest, smallest, spread };
    for (const each of [found, estimates(20, 2000)]) {
      expectIntervals(
        each.map(({ intervals }) => intervals.trace),
        exact.trace,
      );
      expectIntervals(
        each.map(({ intervals }) => intervals.frobeniusSquared),
        exact.frobeniusSquared,
      );
      expectIntervals(
        each.map(({ upperBound }) => upperBound.interval),
        bound,
      );
      for (const which of ["largest", "smallest", "spread"] as const) {
        for (const end of ["lower", "upper"] as const) {
          const of = each.map((moments) => moments.bounds?.[which][end] as MeanEstimate);
          expectIntervals(
            of.map(({ interval }) => interval),
            bounds[which][end],
          );
          const error = Math.sqrt(variance(of.map(({ value }) => value)) / of.length);
          expect(Math.abs(mean(of.map(({ value }) => value)) - bounds[which][end])).toBeLessThan(
            2.576 * error,
          );
        }
      }
    }
  });

  it("has the bound of all probes less that of all but one, for every bound, as the jackknife defines it", () => {
    const [few] = estimates(5, 1);
    expectNear(few.bounds?.largest.upper.value as number, few.upperBound.value, 1e-13);
    expectNear(few.bounds?.largest.upper.standardError as number, few.upperBound.standardError, 1e-11);
    expectNear(few.bounds?.largest.upper.interval.lower as number, few.upperBound.interval.lower, 1e-11);
  });

  it("has standard errors that are those of the scatter", () => {
    const ofBound = found.map(({ upperBound }) => upperBound.standardError ** 2);
    expectNear(mean(ofBound), variance(found.map(({ upperBound }) => upperBound.value)), 0.1);
  });

  it("has of two samples a bound without the bias that the bound of both moments has", () => {
    const few = estimates(2, 4000);
    const offBy = (values: readonly number[]) =>
      (mean(values) - bound) / Math.sqrt(variance(values) / values.length);
    expect(Math.abs(offBy(few.map(({ upperBound }) => upperBound.value)))).toBeLessThan(2.576);
    expect(offBy(few.map((moments) => wsBounds(moments).largest.upper))).toBeLessThan(-5);
  });
});

describe("spectralMoments by estimate", () => {
  it.each(layeredProblems)("is the mean over signs of products with the dense Hessian: $name", (problem) => {
    const { size } = problem.net;
    const H = exactHessian(problem.net, problem.theta, problem.batch);
    const samples = 5;
    const signs = randomStream(3, "hessianProbes");
    const terms = Array.from({ length: samples }, () => {
      let bits = 0;
      const z = Float64Array.from({ length: size }, (_, i) => {
        bits = i % 32 === 0 ? signs.bits() : bits >>> 1;
        return bits & 1 ? 1 : -1;
      });
      const product = times(H, z);
      return { trace: inner(z, product), square: inner(product, product) };
    });
    const found = spectralMoments(problem.net, problem.theta, problem.batch, {
      method: "estimate",
      samples,
      seed: 3,
    });
    const [traces, squares] = [terms.map(({ trace }) => trace), terms.map(({ square }) => square)];
    expect(found).toMatchObject({ size, iterations: samples, products: samples, status: "converged" });
    expectNear(found.trace, mean(traces), 1e-12, Math.sqrt(size * mean(squares)));
    expectNear(found.frobeniusSquared, mean(squares), 1e-12);
    expectNear(found.standardErrors.frobeniusSquared, Math.sqrt(variance(squares) / samples), 1e-11);
    expectNear(found.standardErrors.trace, Math.sqrt(variance(traces) / samples), 1e-11, found.trace + 1);
  });

  it("gives the same bits for the same seed, others for another, and moments that bound", () => {
    const [first, again, other] = [1, 1, 2].map((seed) =>
      spectralMoments(net, theta, batch, { method: "estimate", samples: 2, seed }),
    );
    expect(again).toEqual(first);
    expect(other.trace).not.toBe(first.trace);
    expect(wsBounds(first).largest.upper).toBeGreaterThan(wsBounds(first).largest.lower);
  });

  it("is exact for a single parameter, whose bound is itself", () => {
    const layers = [{ kind: "dense", outputs: 1, bias: false }] as const;
    const one = sequential({ input: 1, layers, loss: "mean-squared-error" });
    // The loss is the mean of (θx − y)²/2 over x = 1, 3.
    const found = spectralMoments(
      one,
      Float64Array.of(0.3),
      { x: [[1], [3]], y: [[1], [2]] },
      { method: "estimate" },
    );
    expectNear(found.trace, 5, 1e-14);
    expectNear(found.frobeniusSquared, 25, 1e-14);
    expectNear(found.upperBound.value, 5, 1e-14);
    expectNear(found.upperBound.standardError, 0, 1e-14, 5);
    expect(found.upperBound.interval).toEqual({ lower: found.trace, upper: found.trace });
    expect(found.bounds).toBeUndefined();
  });
});

describe("spectralMoments by estimate refuses", () => {
  const estimate = (options: object) =>
    spectralMoments(net, theta, batch, { method: "estimate", ...options });
  refusals(ArgumentError, "invalid-argument", [
    ["one sample", () => estimate({ samples: 1 }), /spectralMoments: .*samples.*≥ 2, got 1/],
    ["half a sample", () => estimate({ samples: 2.5 }), /samples.*got 2\.5/],
    ["a negative seed", () => estimate({ seed: -1 }), /seed.*≥ 0, got -1/],
    [
      "a misspelt option",
      () => estimate({ sample: 10 }),
      /spectralMoments: .*got "sample"; did you mean "samples"/,
    ],
    [
      "a route",
      () => estimate({ route: "gram" }),
      /no route with method "estimate", got "gram"; .*"closed-form"/,
    ],
    [
      "an unknown method",
      () => estimate({ method: "guess" }),
      /spectralMoments: .*method to be one of closed-form, estimate, got "guess"/,
    ],
    [
      "samples of a closed form",
      () => spectralMoments(net, theta, batch, { samples: 10 }),
      /no samples with method "closed-form", got 10; .*"estimate"/,
    ],
    [
      "a seed of a closed form",
      () => wsUpperBoundAndGradient(net, theta, batch, { seed: 1 }),
      /wsUpperBoundAndGradient: .*no seed with method "closed-form"/,
    ],
    [
      "data in pieces",
      () => spectralMoments(net, theta, [batch] as never, { method: "estimate" }),
      /spectralMoments: expected one batch/,
    ],
  ]);
});
