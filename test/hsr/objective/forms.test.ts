import { describe, expect, it } from "vitest";
import {
  adam,
  hsrObjective,
  lossObjective,
  minibatchObjective,
  minimize,
  selectSamples,
  sgd,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { cases, makeCase } from "../../cases.js";
import { euclidean, expectClose, expectNear } from "../../oracles/compare.js";
import { inner } from "../../oracles/plain-matrix.js";

const exact = { every: 1, samples: "all" } as const;

const sample = cases.filter((_, at) => at % 5 === 0);
const strength = 0.4;

describe("HSR as a unit direction", () => {
  it.each(sample)(
    "follows ∇L + strength · ∇B/‖∇B‖, and has L as its value: $name",
    ({ net, theta, batch }) => {
      const plain = lossObjective(net, batch).valueAndGradient(theta);
      const flatter = wsUpperBoundAndGradient(net, theta, batch).gradient;
      const length = euclidean(flatter);
      for (const scaling of ["none", "loss-gradient"] as const) {
        const objective = hsrObjective(net, batch, { strength, form: "unit-direction", scaling, ...exact });
        const { value, gradient } = objective.valueAndGradient(theta);
        const reach = strength * (scaling === "none" ? 1 : euclidean(plain.gradient));
        const wanted = plain.gradient.map((entry, j) => entry + (length ? (reach * flatter[j]) / length : 0));
        expectClose(gradient, wanted, 1e-12);
        expect(value).toBe(plain.value);
        expect(objective.value(theta)).toBe(plain.value);
        expect(objective.gradient(theta)).toEqual(gradient);
        if (scaling === "none") continue;
        // With a strength below 1 it descends the loss.
        const square = inner(plain.gradient, plain.gradient);
        expect(inner(gradient, plain.gradient)).toBeGreaterThanOrEqual((1 - strength - 1e-12) * square);
      }
    },
  );

  it("is not scaled by default, and is no gradient of its value", () => {
    const { net, theta, batch } = makeCase({ size: [12, 3, 4, 3] });
    const objective = hsrObjective(net, batch, { strength, form: "unit-direction", ...exact });
    const added = objective
      .gradient(theta)
      .map((entry, j) => entry - lossObjective(net, batch).gradient(theta)[j]);
    expectNear(euclidean(added), strength, 1e-13);
  });

  it("is the loss's gradient where ∇B = 0: a softmax of one class", () => {
    const { net, theta, batch } = makeCase({ size: [5, 2, 3, 1] });
    const objective = hsrObjective(net, batch, { strength, form: "unit-direction", ...exact });
    expect(objective.gradient(theta)).toEqual(lossObjective(net, batch).gradient(theta));
  });
});

describe("HSR in alternation", () => {
  const { net, theta, batch } = makeCase({ size: [20, 3, 4, 3], weighted: true });
  const plain = lossObjective(net, batch);
  const bound = wsUpperBoundAndGradient(net, theta, batch);
  const make = (period?: number) =>
    hsrObjective(net, batch, { strength, form: "alternating", ...(period ? { period } : {}) });

  it.each([2, 3, 5])("descends the bound on the last of %i steps, whenever it is asked", (period) => {
    const objective = make(period);
    for (const step of [0, 1, 2, 3, 4, 5, 11, 14, 2, 0]) {
      objective.beginStep?.(step);
      const { value, gradient } = objective.valueAndGradient(theta);
      if (step % period === period - 1) {
        expectNear(value, strength * bound.value, 1e-14);
        expectClose(
          gradient,
          bound.gradient.map((entry) => strength * entry),
          1e-14,
        );
      } else {
        expect({ value, gradient }).toEqual(plain.valueAndGradient(theta));
      }
      expect(objective.value(theta)).toBe(value);
      expect(objective.gradient(theta)).toEqual(gradient);
    }
  });

  it("is every second step by default, and begins with the loss", () => {
    const objective = make();
    expect(objective.value(theta)).toBe(plain.value(theta));
    const seen = [0, 1, 2, 3].map((step) => {
      objective.beginStep?.(step);
      return objective.value(theta) === plain.value(theta);
    });
    expect(seen).toEqual([true, false, true, false]);
  });

  it("goes on in the middle of a period to the same bits", () => {
    const optimizer = adam({ learningRate: 0.05 });
    const whole = minimize(make(3), theta, optimizer, { steps: 20 });
    for (const steps of [1, 2, 8]) {
      const half = minimize(make(3), theta, optimizer, { steps });
      expect(minimize(make(3), half.theta, optimizer, { steps: 20 - steps, from: half })).toEqual(whole);
    }
  });

  it("is told the step inside of mini-batches", () => {
    const inBatches = () =>
      minibatchObjective({ count: 20, batchSize: 5, seed: 1 }, (samples) =>
        hsrObjective(net, selectSamples(batch, samples), { strength, form: "alternating" }),
      );
    const losses = minibatchObjective({ count: 20, batchSize: 5, seed: 1 }, (samples) =>
      lossObjective(net, selectSamples(batch, samples)),
    );
    const objective = inBatches();
    const same = [0, 1, 2, 3].map((step) => {
      objective.beginStep?.(step);
      losses.beginStep?.(step);
      return objective.value(theta) === losses.value(theta);
    });
    expect(same).toEqual([true, false, true, false]);
  });

  it("lowers the bound, as both other forms do", () => {
    const options = { steps: 200 };
    const boundAfter = (objective: Parameters<typeof minimize>[0]) =>
      wsUpperBoundAndGradient(
        net,
        minimize(objective, theta, sgd({ learningRate: 0.1 }), options).theta,
        batch,
      ).value;
    const reference = boundAfter(plain);
    const unit = { strength: 0.1, form: "unit-direction", scaling: "loss-gradient" } as const;
    expect(boundAfter(make())).toBeLessThan(0.8 * reference);
    expect(boundAfter(hsrObjective(net, batch, { strength: 0.1, ...exact }))).toBeLessThan(0.9 * reference);
    expect(boundAfter(hsrObjective(net, batch, { ...unit, ...exact, strength: 0.5 }))).toBeLessThan(
      0.95 * reference,
    );
  });
});
