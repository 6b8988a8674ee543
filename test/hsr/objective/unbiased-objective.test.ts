import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  adam,
  type Batch,
  type HsrOptions,
  hsrObjective,
  lossAndGradient,
  minimize,
  multilayerNet,
  randomStream,
  type SampledMoments,
  sam,
  selectSamples,
  sequential,
  sgd,
  spectralMoments,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { minibatches } from "../../../src/optim/index.js";
import { expectClose, expectNear } from "../../oracles/compare.js";
import { romberg } from "../../oracles/finite-differences.js";
import { refusals } from "../../refusals.js";

const net = multilayerNet({ sizes: [2, 4, 3, 2], activation: ["tanh", "softplus"] });
const stream = randomStream(3, "samples");
const x = Array.from({ length: 22 }, () => [stream.normal(), stream.normal()]);
const batch: Batch = { x, y: x.map(([a, b]) => (a * b > 0 ? 1 : 0)) };
const options = {
  strength: 0.2,
  batchSize: 6,
  seed: 4,
  estimator: "unbiased",
  every: 1,
  samples: "all",
} as const;
const samplesAt = (step: number) =>
  selectSamples(batch, minibatches({ count: 22, batchSize: 6, seed: 4 }).at(step));
const thetaAt = (step: number) => net.init(step + 1);

const estimateAt = (theta: Float64Array, step: number): SampledMoments =>
  spectralMoments(net, theta, samplesAt(step), { estimator: "unbiased", population: 22 });

/** By its definition: B of the running mean, by moments of the public function. */
function runningBound(step: number, at: (step: number) => SampledMoments) {
  const n = net.size;
  let mean = at(0);
  for (let t = 1; t <= step; t++) {
    const now = at(t);
    const averaged = (key: "trace" | "traceSquared" | "frobeniusSquared") => 0.9 * mean[key] + 0.1 * now[key];
    mean = {
      ...mean,
      trace: averaged("trace"),
      traceSquared: averaged("traceSquared"),
      frobeniusSquared: averaged("frobeniusSquared"),
    };
  }
  const variance = mean.frobeniusSquared / n - mean.traceSquared / n ** 2;
  const slope = Math.sqrt(n - 1) / (2 * Math.sqrt(variance));
  return { mean, variance, slope, value: mean.trace / n + Math.sqrt(variance * (n - 1)) };
}

function begun(step: number, given: Partial<HsrOptions> = {}) {
  const objective = hsrObjective(net, batch, { ...options, ...given });
  for (let t = 0; t < step; t++) {
    objective.beginStep?.(t);
    objective.value(thetaAt(t));
  }
  objective.beginStep?.(step);
  return objective;
}

describe("a step", () => {
  it.each([0, 1, 5])("%i has the loss of its samples and the bound of the running mean", (step) => {
    const { value, variance } = runningBound(step, (t) => estimateAt(thetaAt(t), t));
    expect(variance).toBeGreaterThan(0);
    const { loss } = lossAndGradient(net, thetaAt(step), samplesAt(step));
    const objective = begun(step);
    expectNear(objective.value(thetaAt(step)), loss + 0.2 * value, 1e-13);
    expect(objective.valueAndGradient(thetaAt(step)).value).toBe(objective.value(thetaAt(step)));
  });

  it.each([0, 5])("%i follows the estimates' gradients, times the slopes at that mean", (step) => {
    const theta = thetaAt(step);
    const { slope } = runningBound(step, (t) => estimateAt(thetaAt(t), t));
    const n = net.size;
    // What has the direction for its gradient, with the slopes held still.
    const held = (point: Float64Array) => {
      const { trace, traceSquared, frobeniusSquared } = estimateAt(point, step);
      return trace / n + slope * (frobeniusSquared / n - traceSquared / n ** 2);
    };
    const bound = Float64Array.from(theta, (_, k) =>
      romberg(
        [0, 1, 2, 3].map((halving) => {
          const delta = 2 ** (-6 - halving);
          const moved = (by: number) => theta.map((entry, at) => (at === k ? entry + by : entry));
          return (held(moved(delta)) - held(moved(-delta))) / (2 * delta);
        }),
      ),
    );
    const { gradient } = lossAndGradient(net, theta, samplesAt(step));
    expectClose(
      begun(step).gradient(theta),
      gradient.map((entry, k) => entry + 0.2 * bound[k]),
      1e-9,
    );
  });

  it("0 has the bound and gradient of its own moments", () => {
    const theta = thetaAt(0);
    const { value, gradient } = wsUpperBoundAndGradient(net, theta, samplesAt(0), {
      estimator: "unbiased",
      population: 22,
    });
    const plain = lossAndGradient(net, theta, samplesAt(0));
    const found = begun(0).valueAndGradient(theta);
    expectNear(found.value, plain.loss + 0.2 * value, 1e-14);
    expectClose(
      found.gradient,
      plain.gradient.map((entry, k) => entry + 0.2 * gradient[k]),
      1e-13,
    );
  });

  it("adds its first evaluation to the mean, and no other", () => {
    const once = begun(2);
    once.value(thetaAt(2));
    once.beginStep?.(3);
    const often = begun(2);
    for (const at of [2, 9, 5]) often.valueAndGradient(thetaAt(at));
    often.beginStep?.(3);
    expect(often.state?.()).toEqual(once.state?.());
    expect(often.state?.()).toEqual({
      step: 3,
      held: null,
      running: Object.fromEntries(
        (["trace", "traceSquared", "frobeniusSquared"] as const).map((key) => [
          key,
          expect.closeTo(runningBound(2, (t) => estimateAt(thetaAt(t), t)).mean[key], 12),
        ]),
      ),
    });
  });
});

it("a strength of 0 is the plain loss", () => {
  const { loss, gradient } = lossAndGradient(net, thetaAt(0), samplesAt(0));
  expect(begun(0, { strength: 0 }).valueAndGradient(thetaAt(0))).toEqual({ value: loss, gradient });
});

describe.each([
  ["sgd", sgd({ learningRate: 0.3, momentum: 0.5 })],
  ["adam", adam({ learningRate: 0.05 })],
  ["sam, which evaluates twice a step", sam({ learningRate: 0.3, radius: 0.05 })],
] as const)("a run by %s", (_, optimizer) => {
  const start = net.init(1);
  const whole = minimize(hsrObjective(net, batch, options), start, optimizer as never, {
    steps: 30,
  });

  it.each([1, 13])("goes on elsewhere to the bit after %i steps", (steps) => {
    const objective = hsrObjective(net, batch, options);
    const half = minimize(objective, start, optimizer as never, { steps });
    const more = { steps: 30 - steps, from: structuredClone(half) };
    const resumed = hsrObjective(net, batch, options);
    expect(minimize(resumed, half.theta, optimizer as never, more)).toEqual(whole);
    // And by the same objective, which has seen the step it stopped at.
    expect(minimize(objective, half.theta, optimizer as never, more)).toEqual(whole);
  });

  it("starts anew from step 0", () => {
    const objective = hsrObjective(net, batch, options);
    minimize(objective, net.init(8), optimizer as never, { steps: 4 });
    expect(objective.state?.()).toMatchObject({ step: 4 });
    expect(minimize(objective, start, optimizer as never, { steps: 30 })).toEqual(whole);
  });

  it("does not go on without the running moments, or with those of another step", () => {
    const objective = hsrObjective(net, batch, options);
    const half = minimize(objective, start, optimizer as never, { steps: 13 });
    const state = half.objectiveState as { running: object };
    const goOn = (objectiveState: unknown) =>
      minimize(hsrObjective(net, batch, options), half.theta, optimizer as never, {
        steps: 1,
        from: { ...half, objectiveState },
      });
    expect(() => goOn(undefined)).toThrow(ArgumentError);
    expect(() => goOn(undefined)).toThrow(/hsrObjective: expected a step that follows.*objectiveState/);
    expect(() => goOn({ ...state, step: 11 })).toThrow(/got step 13/);
    expect(() => goOn({ ...state, running: null })).toThrow(/a state before step 13 to have running/);
    expect(() => goOn({ step: 13 })).toThrow(/objectiveState/);
    expect(() => goOn({ ...state, running: { trace: 1 } })).toThrow(/running.traceSquared/);
    expect(() => goOn(state)).not.toThrow();
  });
});

describe("it refuses", () => {
  const made = (given: object) => () => hsrObjective(net, batch, { ...options, ...given });
  const kinked = sequential({ input: 2, layers: [{ kind: "dense", outputs: 2 }, { kind: "relu" }] });
  const single = sequential({
    input: 1,
    layers: [{ kind: "dense", outputs: 1, bias: false }],
    loss: "sigmoid-cross-entropy",
  });
  refusals(ArgumentError, "invalid-argument", [
    ["batches of one", made({ batchSize: 1 }), /at least 2 samples/],
    ["a last batch of one", made({ batchSize: 7 }), /with 22 samples and batchSize 7/],
    ["a negative strength", made({ strength: -1 }), /strength/],
    ["an unknown option", made({ batchsize: 6 }), /batchsize/],
    ["a network without a closed form", () => hsrObjective(kinked, batch, options), /closed form/],
    [
      "one parameter",
      () => hsrObjective(single, { x: [[1], [2]], y: [[1], [0]] }, { ...options, batchSize: 2 }),
      /net.size/,
    ],
  ]);
});
