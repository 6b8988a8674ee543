import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  hessianVectorProduct,
  hsrObjective,
  lossAndGradient,
  lossObjective,
  multilayerNet,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { cases, isExactByDifferences, makeCase } from "../../cases.js";
import { expectClose, expectNear } from "../../oracles/compare.js";
import { assertDerivative } from "../../oracles/finite-differences.js";
import { refusals } from "../../refusals.js";
import { net, x, y } from "../../small-network.js";

const exact = { every: 1, samples: "all" } as const;

const sample = cases.filter((_, at) => at % 5 === 0);
const routes = ["auto", "gram", "blocks"] as const;

describe("hsrObjective", () => {
  it.each(sample)("is the loss at strength 0: $name", ({ net, theta, batch }) => {
    const plain = lossObjective(net, batch).valueAndGradient(theta);
    const regularized = hsrObjective(net, batch, { strength: 0, ...exact });
    expect(regularized.value(theta)).toBe(plain.value);
    expect(regularized.size).toBe(net.size);
    expectClose(regularized.gradient(theta), plain.gradient, 0);
  });

  it.each(sample)("is the loss plus strength times the bound, by every route: $name", (problem) => {
    const { net, theta, batch } = problem;
    const plain = lossObjective(net, batch).valueAndGradient(theta);
    const bound = wsUpperBoundAndGradient(net, theta, batch);
    const wanted = plain.gradient.map((entry, j) => entry + 0.3 * bound.gradient[j]);
    for (const route of routes) {
      const objective = hsrObjective(net, batch, { strength: 0.3, route, ...exact });
      const { value, gradient } = objective.valueAndGradient(theta);
      expectNear(value, plain.value + 0.3 * bound.value, 1e-12, plain.value + 0.3 * Math.abs(bound.value));
      expectNear(objective.value(theta), value, 1e-15, Math.abs(plain.value) + 0.3 * Math.abs(bound.value));
      expectClose(gradient, wanted, 1e-12);
    }
  });

  it.each(sample)("has the gradient that differences of its value approach: $name", (problem) => {
    const { net, theta, batch } = problem;
    const objective = hsrObjective(net, batch, { strength: 0.7, ...exact });
    const gradient = objective.gradient(theta);
    const claim = {
      f: (at: Float64Array) => [objective.value(at)],
      at: theta,
      column: (j: number) => [gradient[j]],
      terms: 1,
      // Where the deviation s is a small difference, rounding of tr H² counts for more.
      roundings: 256,
    };
    expect(() => assertDerivative(claim, isExactByDifferences(problem))).not.toThrow();
  });

  it("keeps nothing of earlier points: the same bits at the same theta", () => {
    const { net, theta, batch } = makeCase({ size: [40, 3, 4, 3], weighted: true });
    const objective = hsrObjective(net, batch, { strength: 0.2, ...exact });
    const first = objective.valueAndGradient(theta);
    objective.valueAndGradient(theta.map((entry) => -2 * entry));
    objective.value(theta.map((entry) => entry + 1));
    expect(objective.valueAndGradient(theta)).toEqual(first);
  });
});

describe("lossObjective", () => {
  it("keeps nothing of earlier points either, Hessian-vector products included", () => {
    const { net, theta, batch } = makeCase({ size: [40, 3, 4, 3], weighted: true });
    const objective = lossObjective(net, batch);
    const v = theta.map((entry) => entry * entry);
    const elsewhere = theta.map((entry) => 1 - entry);
    const calls = [
      (at: Float64Array) => objective.value(at),
      (at: Float64Array) => objective.gradient(at),
      (at: Float64Array) => objective.hessianVectorProduct(at, v),
    ];
    for (const call of calls) {
      const first = call(theta);
      for (const other of calls) other(elsewhere);
      expect(call(theta)).toEqual(first);
      expect(call(elsewhere)).not.toEqual(first);
    }
  });

  it("is lossAndGradient and hessianVectorProduct, to the bit", () => {
    const { net, theta, batch } = makeCase({ size: [9, 3, 4, 3], targets: "dense" });
    const objective = lossObjective(net, batch);
    const { loss, gradient } = lossAndGradient(net, theta, batch);
    expect(objective.valueAndGradient(theta)).toEqual({ value: loss, gradient });
    expect(objective.hessianVectorProduct(theta, gradient)).toEqual(
      hessianVectorProduct(net, theta, batch, gradient),
    );
  });
});

describe("hsrObjective refuses", () => {
  const batch = { x, y };
  const hsr = (options: object) => hsrObjective(net, batch, { strength: 1, ...options } as never);
  refusals(ArgumentError, "invalid-argument", [
    [
      "a negative strength",
      () => hsrObjective(net, { x, y }, { strength: -0.1 }),
      /hsrObjective.*strength.*≥ 0, got -0\.1/,
    ],
    [
      "a strength that is not a number",
      () => hsrObjective(net, { x, y }, { strength: Number.NaN }),
      /strength.*got NaN/,
    ],
    ...(["closed-form", "estimate"] as const).map(
      (method) =>
        [
          `a network of one parameter, by ${method}`,
          () => {
            const one = multilayerNet({ sizes: [1, 1], bias: false, loss: "mean-squared-error" });
            return hsrObjective(one, { x: [[1]], y: [[0]] }, { strength: 1, method });
          },
          /hsrObjective.*net\.size to be an integer ≥ 2, got 1; .*its own trace/,
        ] as const,
    ),
    [
      "an unknown form",
      () => hsr({ form: "sum" }),
      /hsrObjective: .*form to be one of added, unit-direction, alternating/,
    ],
    [
      "a period of another form",
      () => hsr({ period: 3 }),
      /no period with form "added", got 3; .*form: "alternating"/,
    ],
    [
      "a scaling of another form",
      () => hsr({ form: "alternating", scaling: "none" }),
      /no scaling with form "alternating", got "none"; .*"unit-direction"/,
    ],
    ["a period of 1", () => hsr({ form: "alternating", period: 1 }), /period.*≥ 2, got 1; .*no step/],
    [
      "an unknown scaling",
      () => hsr({ form: "unit-direction", scaling: "loss" }),
      /scaling to be one of none, loss-gradient/,
    ],
  ]);
});
