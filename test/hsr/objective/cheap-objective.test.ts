import { describe, expect, it } from "vitest";
import { drawSystematically } from "../../../src/hsr/sampling/sample-draws.js";
import {
  ArgumentError,
  type Batch,
  type HsrOptions,
  hsrObjective,
  lossAndGradient,
  minibatchObjective,
  minimize,
  multilayerNet,
  type Network,
  randomStream,
  sam,
  selectSamples,
  sequential,
  sgd,
  wsUpperBoundAndGradient,
} from "../../../src/index.js";
import { minibatches } from "../../../src/optim/index.js";
import { weightDecayObjective } from "../../../src/regularizers/index.js";
import { expectClose, expectNear } from "../../oracles/compare.js";
import { refusals } from "../../refusals.js";

const exact = { every: 1, samples: "all" } as const;

const chain = multilayerNet({ sizes: [2, 4, 3, 2], activation: ["tanh", "softplus"] });
const shallow = multilayerNet({ sizes: [2, 4, 2], activation: "gelu" });
const residual = sequential({
  input: 2,
  layers: [
    { kind: "residual", layers: [{ kind: "dense", outputs: 2 }, { kind: "tanh" }] },
    { kind: "dense", outputs: 2 },
  ],
});
const stream = randomStream(3, "samples");
const x = Array.from({ length: 22 }, () => [stream.normal(), stream.normal()]);
const labels = x.map(([a, b]) => (a * b > 0 ? 1 : 0));
const batch: Batch = { x, y: labels };
const STRENGTH = 0.2;

const at = (net: Network, step: number, options: Omit<HsrOptions, "strength">, through = step) => {
  const objective = hsrObjective(net, batch, { strength: STRENGTH, ...exact, clip: "none", ...options });
  for (let t = 0; t < step; t++) {
    objective.beginStep?.(t);
    if (t <= through) objective.value(net.init(t));
  }
  objective.beginStep?.(step);
  return objective;
};

/** Loss plus strength times a bound, by public functions. */
function sum(net: Network, theta: Float64Array, part: Batch, boundPart = part, boundAt = theta) {
  const { loss, gradient } = lossAndGradient(net, theta, part);
  const bound = wsUpperBoundAndGradient(net, boundAt, boundPart);
  const along = bound.gradient.reduce((total, slope, k) => total + slope * (theta[k] - boundAt[k]), 0);
  return {
    value: loss + STRENGTH * (bound.value + along),
    gradient: gradient.map((slope, k) => slope + STRENGTH * bound.gradient[k]),
  };
}

describe("every: 1 and samples: all", () => {
  const all = { every: 1, samples: "all", estimator: "plain", seed: 4 } as const;

  it.each([chain, residual])("is the loss and the bound, to the bit", (net) => {
    const theta = net.init(1);
    expect(at(net, 3, all).valueAndGradient(theta)).toEqual(sum(net, theta, batch));
    expect(at(net, 3, { ...all, samples: 22 }).valueAndGradient(theta)).toEqual(sum(net, theta, batch));
  });

  it("of mini-batches is that of each, to the bit", () => {
    const options = { count: 22, batchSize: 6, seed: 4 };
    const apart = minibatchObjective(options, (samples) =>
      hsrObjective(chain, selectSamples(batch, samples), { strength: STRENGTH, ...exact }),
    );
    const whole = minimize(apart, chain.init(1), sgd({ learningRate: 0.3 }), { steps: 9 });
    const own = hsrObjective(chain, batch, { strength: STRENGTH, batchSize: 6, ...all });
    expect(minimize(own, chain.init(1), sgd({ learningRate: 0.3 }), { steps: 9 })).toEqual(whole);
  });
});

describe("a held bound", () => {
  it("is not held before a step begins: the objective is its sum at every theta", () => {
    const objective = hsrObjective(chain, batch, {
      strength: STRENGTH,
      every: 3,
      samples: "all",
      clip: "none",
    });
    for (const seed of [1, 2]) {
      const theta = chain.init(seed);
      expect(objective.gradient(theta)).toEqual(sum(chain, theta, batch).gradient);
      expectNear(objective.value(theta), sum(chain, theta, batch).value, 1e-14);
    }
    objective.restore?.(objective.state?.());
    for (const seed of [1, 2])
      expect(objective.gradient(chain.init(seed))).toEqual(sum(chain, chain.init(seed), batch).gradient);
    objective.beginStep?.(0);
    objective.gradient(chain.init(3));
    expect(objective.gradient(chain.init(4))).toEqual(
      sum(chain, chain.init(4), batch, batch, chain.init(3)).gradient,
    );
  });

  it.each([
    [0, 0],
    [2, 0],
    [3, 3],
    [7, 6],
  ])("in step %i is the tangent of step %i", (step, due) => {
    for (const net of [chain, residual]) {
      const theta = net.init(9);
      const wanted = sum(net, theta, batch, batch, net.init(due));
      const objective = at(net, step, { every: 3 });
      // The first theta of a step that computes it is the one that counts.
      if (step === due) objective.value(net.init(due));
      const found = objective.valueAndGradient(theta);
      expectNear(found.value, wanted.value, 1e-13);
      expectClose(found.gradient, wanted.gradient, 1e-13);
      expectNear(objective.value(theta), wanted.value, 1e-13);
    }
  });

  it("has the direction of its step's mini-batch, and the loss of the present one", () => {
    const { at: samplesAt } = minibatches({ count: 22, batchSize: 6, seed: 4 });
    const [now, then] = [8, 6].map((step) => selectSamples(batch, samplesAt(step)));
    const wanted = sum(chain, chain.init(9), now, then, chain.init(6));
    const found = at(chain, 8, { every: 3, batchSize: 6, seed: 4 }).valueAndGradient(chain.init(9));
    expectNear(found.value, wanted.value, 1e-13);
    expectClose(found.gradient, wanted.gradient, 1e-13);
  });

  it("is computed by estimate from the probes of its step", () => {
    const once = { method: "estimate", samples: 3, seed: 5 } as const;
    const theta = chain.init(9);
    const bound = at(chain, 3, once).gradient(chain.init(3));
    const then = lossAndGradient(chain, chain.init(3), batch).gradient;
    const now = lossAndGradient(chain, theta, batch).gradient;
    expectClose(
      at(chain, 5, { ...once, every: 3 }).gradient(theta),
      now.map((slope, k) => slope + bound[k] - then[k]),
      1e-13,
    );
  });
});

/** What draws go by: Σ p (1 − p) + 1 − p_y, and for one hidden layer times ‖x̃‖² + ‖ã‖². */
function sizesAt(net: Network, theta: Float64Array, weights: readonly number[]): Float64Array {
  const { data } = net.predict(theta, x);
  return Float64Array.from(weights, (weight, i) => {
    const [p, q] = [data[2 * i], data[2 * i + 1]];
    const output = p * (1 - p) + q * (1 - q) + 1 - data[2 * i + labels[i]];
    return weight * output * (net === shallow ? squaredInputs(theta, i, p - (labels[i] === 0 ? 1 : 0)) : 1);
  });
}

/** ‖x̃‖² + ‖ã‖², since the gradient by the last layer is r ãᵀ with the residual r = (r₀, −r₀). */
function squaredInputs(theta: Float64Array, i: number, residual: number): number {
  const { gradient } = lossAndGradient(shallow, theta, { x: [x[i]], y: [labels[i]] });
  const last = gradient.subarray(4 * 3);
  return (
    x[i][0] ** 2 + x[i][1] ** 2 + 1 + last.reduce((sum, slope) => sum + slope ** 2, 0) / (2 * residual ** 2)
  );
}

describe("drawn samples", () => {
  const weights = x.map((_, i) => (1 + (i % 3)) / 44);

  it.each([shallow, residual])("have the bound of these samples with the weights of their draw", (net) => {
    const weighted = { ...batch, weights };
    const theta = net.init(2);
    const { samples, scales } = drawSystematically(
      sizesAt(net, theta, weights),
      5,
      randomStream(7, "curvature samples", 4),
    );
    expect(samples.length).toBeGreaterThan(3);
    const chosen = Array.from(samples);
    const part = {
      x: chosen.map((i) => x[i]),
      y: chosen.map((i) => labels[i]),
      weights: chosen.map((i, k) => weights[i] * scales[k]),
    };
    const objective = hsrObjective(net, weighted, {
      strength: STRENGTH,
      every: 1,
      clip: "none",
      samples: 5,
      seed: 7,
    });
    for (const step of [0, 1, 2, 3, 4]) objective.beginStep?.(step);
    const wanted = sum(net, theta, weighted, part);
    const found = objective.valueAndGradient(theta);
    expectNear(found.value, wanted.value, 1e-13);
    expectClose(found.gradient, wanted.gradient, 1e-12);
    expectNear(objective.value(theta), wanted.value, 1e-13);
  });

  it("are drawn anew every step, by the seed and the step", () => {
    const theta = chain.init(2);
    const gradientAt = (step: number, seed = 1) => at(chain, step, { samples: 4, seed }).gradient(theta);
    expect(gradientAt(3)).toEqual(gradientAt(3));
    expect(gradientAt(3)).not.toEqual(gradientAt(4));
    expect(gradientAt(3)).not.toEqual(gradientAt(3, 2));
  });
});

describe("a clip", () => {
  it.each([
    ["longer than the bound's part", 1e3],
    ["shorter than it", 1e-2],
  ])("%s", (_, clip) => {
    const theta = chain.init(2);
    const { loss, gradient } = lossAndGradient(chain, theta, batch);
    const bound = wsUpperBoundAndGradient(chain, theta, batch);
    const [own, part] = [gradient, bound.gradient].map((v) => Math.hypot(...v));
    const scale = clip < 1 ? (clip * own) / part : STRENGTH;
    expect(scale).toBeLessThanOrEqual(STRENGTH);
    const found = at(chain, 0, { clip }).valueAndGradient(theta);
    expectNear(found.value, loss + STRENGTH * bound.value, 1e-14);
    expect(at(chain, 0, { clip }).value(theta)).toBe(found.value);
    expectClose(
      found.gradient,
      gradient.map((slope, k) => slope + scale * bound.gradient[k]),
      1e-14,
    );
  });
});

const kinds: readonly (readonly [string, Omit<HsrOptions, "strength">])[] = [
  ["held", { every: 3 }],
  ["held, of drawn samples, clipped", { every: 3, samples: 4, clip: 0.5 }],
  ["unbiased", { estimator: "unbiased", samples: 4 }],
  ["all at once, on mini-batches", { every: 4, samples: 3, batchSize: 6, estimator: "unbiased", seed: 2 }],
  ["by estimate", { every: 3, method: "estimate", samples: 2, batchSize: 8, seed: 1 }],
  ["in turn, unbiased", { estimator: "unbiased", batchSize: 6, form: "alternating", period: 3 }],
  ["by default", {}],
  ["by default, on mini-batches", { batchSize: 6 }],
  ["as a direction", { every: 2, samples: 4, form: "unit-direction", scaling: "loss-gradient" }],
];

describe.each(kinds)("a run of HSR, %s", (_, options) => {
  const make = () => hsrObjective(chain, batch, { strength: STRENGTH, ...options });
  const start = chain.init(1);

  it.each([
    ["sgd", sgd({ learningRate: 0.3, momentum: 0.5 })],
    ["sam, which evaluates twice a step", sam({ learningRate: 0.3, radius: 0.05 })],
  ] as const)("goes on to the same bits from every step: %s", (__, optimizer) => {
    const whole = minimize(make(), start, optimizer as never, { steps: 9 });
    for (let steps = 0; steps <= 9; steps++) {
      const first = make();
      const half = minimize(first, start, optimizer as never, { steps });
      const rest = { steps: 9 - steps, from: structuredClone(half) };
      expect(minimize(make(), half.theta, optimizer as never, rest)).toEqual(whole);
      // And by the same objective, which has seen the step it stopped at.
      expect(minimize(first, half.theta, optimizer as never, rest)).toEqual(whole);
    }
  });

  it("keeps its state beside weight decay", () => {
    const decayed = () => weightDecayObjective(make(), { strength: 0.1 });
    const optimizer = sgd({ learningRate: 0.3 });
    const whole = minimize(decayed(), start, optimizer, { steps: 9 });
    const half = minimize(decayed(), start, optimizer, { steps: 5 });
    expect(minimize(decayed(), half.theta, optimizer, { steps: 4, from: half })).toEqual(whole);
  });
});

describe("it refuses", () => {
  const made = (options: object) => () => hsrObjective(chain, batch, { strength: 1, ...options });
  const eachBatch = () =>
    minibatchObjective({ count: 22, batchSize: 6, seed: 4 }, (samples) =>
      hsrObjective(chain, selectSamples(batch, samples), { strength: 1, every: 3 }),
    );
  refusals(ArgumentError, "invalid-argument", [
    ["no steps", made({ every: 0 }), /every/],
    ["a clip of 0", made({ clip: 0 }), /clip.*> 0, got 0/],
    ["a clip of a direction", made({ clip: 1, form: "unit-direction" }), /no clip with form/],
    ["one sample", made({ samples: 1 }), /samples.*≥ 2, got 1; or "all"/],
    ["some samples", made({ samples: "some" }), /samples/],
    ["an unknown estimator", made({ estimator: "fair" }), /estimator to be one of plain, unbiased/],
    ["an estimator of estimates", made({ estimator: "plain", method: "estimate" }), /no estimator/],
    ["a held turn", made({ every: 2, form: "alternating" }), /no every with form "alternating"/],
    ["blocks for pairs", made({ route: "blocks", estimator: "unbiased" }), /have no pairs/],
    ["a seed that is none", made({ seed: -1 }), /seed/],
    [
      "to be made anew for every mini-batch",
      () => minimize(eachBatch(), chain.init(1), sgd({ learningRate: 1 }), { steps: 2 }),
      /a step that follows.*option batchSize/,
    ],
  ]);
});
