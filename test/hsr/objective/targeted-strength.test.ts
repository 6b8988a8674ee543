import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  type Batch,
  type HsrOptions,
  hsrObjective,
  lossAndGradient,
  minimize,
  multilayerNet,
  randomStream,
  sgd,
  threeLayerNet,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { expectClose, expectNear } from "../../oracles/compare.js";
import { refusals } from "../../refusals.js";

const net = multilayerNet({ sizes: [2, 4, 2] });
const stream = randomStream(3, "samples");
const x = Array.from({ length: 22 }, () => [stream.normal(), stream.normal()]);
const batch: Batch = { x, y: x.map(([a, b]) => (a * b > 0 ? 1 : 0)) };
const EVERY = 3;
const options: HsrOptions = { targetSharpness: 0.4, every: EVERY, samples: "all", clip: 1 };

/** Weight by weight, from public functions and the rule as the docstring of the option and docs have it. */
function weights(target: number, limit: number, steps: number): number[] {
  let weight = 0;
  return Array.from({ length: steps }, (_, step) => {
    if (step % EVERY > 0) return weight;
    const theta = net.init(step);
    const { value, gradient } = wsUpperBoundAndGradient(net, theta, batch);
    const own = Math.hypot(...lossAndGradient(net, theta, batch).gradient);
    const most = Math.min(own / Math.hypot(...gradient), limit);
    const before = step === 0 ? most / 2 : weight;
    const wanted = before * Math.min(2, Math.max(0.5, value / target));
    weight = Math.min(Math.max(wanted, most / 1000), most);
    return weight;
  });
}

describe("the weight that follows a target", () => {
  it.each([
    ["above it", 1e-3, Number.POSITIVE_INFINITY],
    ["near it", 0.4, Number.POSITIVE_INFINITY],
    ["far below it", 1e3, Number.POSITIVE_INFINITY],
    ["limited", 1e-3, 0.01],
  ])("changes with every direction: %s", (_, targetSharpness, limit) => {
    const strength = Number.isFinite(limit) ? limit : undefined;
    const objective = hsrObjective(net, batch, { ...options, targetSharpness, strength });
    weights(targetSharpness, limit, 13).forEach((weight, step) => {
      objective.beginStep?.(step);
      const theta = net.init(step);
      const { gradient } = objective.valueAndGradient(theta);
      const {
        strength: applied,
        share,
        bound,
      } = objective.effect() as { strength: number; share: number; bound: number };
      const own = lossAndGradient(net, theta, batch).gradient;
      const due = net.init(step - (step % EVERY));
      const { value, gradient: direction } = wsUpperBoundAndGradient(net, due, batch);
      // In steps that hold, the clip may cut what was set.
      const cut = Math.min(weight, Math.hypot(...own) / Math.hypot(...direction));
      expectNear(applied, cut, 1e-12 * cut);
      expectClose(
        gradient,
        own.map((slope, k) => slope + cut * direction[k]),
        1e-12,
      );
      expectNear(share, (cut * Math.hypot(...direction)) / Math.hypot(...own), 1e-12);
      if (step % EVERY === 0) expectNear(bound, value, 1e-12);
    });
  });

  it("holds the bound where plain descent leaves it above, and lets it be where it is below", () => {
    const four: Batch = {
      x: [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      y: [0, 1, 1, 0],
    };
    const optimizer = sgd({ learningRate: 0.5 });
    const end = (given: HsrOptions) => {
      const objective = hsrObjective(net, four, { every: EVERY, ...given });
      const { theta } = minimize(objective, net.init(1), optimizer, { steps: 1500 });
      return { bound: wsUpperBoundAndGradient(net, theta, four).value, effect: objective.effect() };
    };
    const plain = end({ strength: 0 }).bound;
    expect(end({ targetSharpness: 0.9 * plain }).bound).toBeLessThan(0.9 * plain);
    const left = end({ targetSharpness: 10 * plain });
    expect(left.bound).toBeGreaterThan(0.9 * plain);
    // The least that the weight falls to, a thousandth of half of the loss's gradient.
    expect(left.effect?.share).toBeLessThan(0.00051);
  });

  it("is the state of a run, which goes on to the same bits", () => {
    const make = () => hsrObjective(net, batch, { ...options, samples: 8, batchSize: 11 });
    const optimizer = sgd({ learningRate: 0.3 });
    const whole = minimize(make(), net.init(1), optimizer, { steps: 9 });
    for (let steps = 0; steps <= 9; steps++) {
      const half = minimize(make(), net.init(1), optimizer, { steps });
      const rest = { steps: 9 - steps, from: structuredClone(half) };
      expect(minimize(make(), half.theta, optimizer, rest)).toEqual(whole);
    }
  });
});

it("before a step begins every evaluation has a weight and a bound of its own", () => {
  const fresh = hsrObjective(net, batch, options);
  for (const seed of [1, 2]) {
    const theta = net.init(seed);
    const objective = hsrObjective(net, batch, options);
    objective.beginStep?.(0);
    expect(fresh.gradient(theta)).toEqual(objective.gradient(theta));
    expect(fresh.effect()).toEqual(objective.effect());
  }
});

it("what is told is of the gradient that was evaluated last, whatever values are asked for since", () => {
  const objective = hsrObjective(net, batch, options);
  objective.beginStep?.(0);
  objective.gradient(net.init(1));
  const told = objective.effect();
  objective.value(net.init(2));
  expect(objective.effect()).toBe(told);
  objective.gradient(net.init(2));
  expect(objective.effect()).not.toEqual(told);
});

it("a fixed weight is told, and what the clip leaves of it", () => {
  const theta = net.init(2);
  const objective = hsrObjective(net, batch, { strength: 1e3, samples: "all" });
  expect(objective.effect()).toBe(undefined);
  objective.gradient(theta);
  expectNear(objective.effect()?.share ?? Number.NaN, 1, 1e-14);
  const weak = hsrObjective(net, batch, { strength: 1e-6, samples: "all" });
  weak.gradient(theta);
  expect(weak.effect()?.strength).toBe(1e-6);
});

describe("a target refuses", () => {
  const made = (given: object) => () => hsrObjective(net, batch, { ...options, ...given });
  const saved = () => {
    const fixed = hsrObjective(net, batch, { strength: 1, every: EVERY });
    const optimizer = sgd({ learningRate: 0.1 });
    const from = minimize(fixed, net.init(1), optimizer, { steps: 4 });
    minimize(hsrObjective(net, batch, options), from.theta, optimizer, { steps: 1, from });
  };
  refusals(ArgumentError, "invalid-argument", [
    ["0", made({ targetSharpness: 0 }), /targetSharpness.*> 0, got 0/],
    ["no clip", made({ clip: "none" }), /a clip with a targetSharpness, got clip "none"/],
    ["a direction that is not held", made({ every: 1 }), /every of at least 2/],
    ["a unit direction", made({ form: "unit-direction", every: 2 }), /no targetSharpness with form/],
    ["to go on from a fixed weight", saved, /objectiveState to have a strength/],
    ["nothing in its place", () => hsrObjective(net, batch, { every: 2 }), /strength/],
  ]);
});

it("where the bound has no slope the weight does not run away", () => {
  const small = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
  const xor = {
    x: [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    y: [0, 1, 1, 0],
    weights: [10, 10, 10, 10],
  };
  const objective = hsrObjective(small, xor, { targetSharpness: 0.01 });
  const { value } = objective.valueAndGradient(new Float64Array(small.size));
  expect(objective.effect()).toMatchObject({ strength: 0, share: 0 });
  expect(value).toBe(lossAndGradient(small, new Float64Array(small.size), xor).loss);
});
