// Independent: the direction is put together from the loss and gradient of single samples, by public functions.

import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  type Batch,
  lossAndGradient,
  lossObjective,
  minibatchObjective,
  minimize,
  multilayerNet,
  type Network,
  randomStream,
  sam,
  selectSamples,
  sequential,
  sgd,
} from "../../src/index.js";
import { type EsamOptions, esamObjective } from "../../src/regularizers/index.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { refusals } from "../refusals.js";

const chain = multilayerNet({ sizes: [2, 4, 3, 2], activation: ["tanh", "softplus"] });
const relu = sequential({
  input: 2,
  layers: [{ kind: "dense", outputs: 5 }, { kind: "relu" }, { kind: "dense", outputs: 2 }],
});
const stream = randomStream(5, "samples");
const x = Array.from({ length: 15 }, () => [stream.normal(), stream.normal()]);
const y = x.map(([a, b]) => (a * b > 0 ? 1 : 0));
const batch: Batch = { x, y };
const weights = x.map((_, i) => (1 + (i % 4)) / 30);
const radius = 0.3;

/** ∇L at θ + ε of the samples whose loss rises most, with the weights of these scaled to the sum of all. */
function byDefinition(net: Network, theta: Float64Array, part: Batch, share: number, mask?: Float64Array) {
  const { loss, gradient } = lossAndGradient(net, theta, part);
  const length = Math.hypot(...gradient);
  const above = theta.map((entry, j) => entry + (radius * gradient[j] * (mask?.[j] ?? 1)) / length);
  const of = (at: Float64Array, i: number) =>
    lossAndGradient(net, at, { x: [x[i]], y: [y[i]], weights: [1] });
  const each = part.weights ? Array.from(part.weights as number[]) : x.map(() => 1 / x.length);
  const rises = x.map((_, i) => of(above, i).loss - of(theta, i).loss);
  const order = x.map((_, i) => i).sort((a, b) => rises[b] - rises[a]);
  const chosen = order.slice(0, Math.ceil(share * x.length));
  const sum = (of: readonly number[]) => of.reduce((total, i) => total + each[i], 0);
  const scale = sum(order) / sum(chosen);
  const direction = new Float64Array(net.size);
  for (const i of chosen)
    of(above, i).gradient.forEach((slope, j) => {
      direction[j] += scale * each[i] * slope;
    });
  return { loss, direction };
}

describe("esamObjective", () => {
  const cases: readonly (readonly [string, Network, Batch])[] = [
    ["a chain", chain, batch],
    ["with weights", chain, { ...batch, weights }],
    ["relu between", relu, batch],
  ];

  it.each(cases)("is the gradient uphill of the samples whose loss rises most: %s", (_, net, part) => {
    for (const sampleShare of [0.1, 0.5, 0.9, 1]) {
      const theta = net.init(3);
      const wanted = byDefinition(net, theta, part, sampleShare);
      const objective = esamObjective(net, part, { radius, sampleShare });
      const found = objective.valueAndGradient(theta);
      expectNear(found.value, wanted.loss, 1e-14);
      expect(objective.value(theta)).toBe(found.value);
      expectClose(found.gradient, wanted.direction, 1e-13);
    }
  });

  it("takes half of the samples where nothing is said", () => {
    const theta = chain.init(1);
    expect(esamObjective(chain, batch, { radius }).gradient(theta)).toEqual(
      esamObjective(chain, batch, { radius, sampleShare: 0.5 }).gradient(theta),
    );
  });

  it("steps uphill by the parameters drawn from the seed and the step, as far as on average", () => {
    const theta = chain.init(4);
    const objective = esamObjective(chain, batch, { radius, parameterShare: 0.6, seed: 8 });
    for (const step of [0, 5]) {
      objective.beginStep?.(step);
      const draws = randomStream(8, "esam", step);
      const mask = theta.map(() => (draws.uniform() < 0.6 ? 1 / 0.6 : 0));
      expect(mask.filter((entry) => entry === 0).length).toBeGreaterThan(5);
      expectClose(objective.gradient(theta), byDefinition(chain, theta, batch, 0.5, mask).direction, 1e-13);
    }
  });

  it("with both shares 1 trains as SAM does, to the bit, on mini-batches too", () => {
    const onBatches = (make: (part: Batch) => ReturnType<typeof lossObjective>) =>
      minibatchObjective({ count: 15, batchSize: 4, seed: 2 }, (rows) => make(selectSamples(batch, rows)));
    const options = { learningRate: 0.3, momentum: 0.6, weightDecay: 0.01 };
    const whole: EsamOptions = { radius, sampleShare: 1, parameterShare: 1 };
    const ends = [
      minimize(
        onBatches((part) => lossObjective(chain, part)),
        chain.init(1),
        sam({ ...options, radius }),
        { steps: 20 },
      ),
      minimize(
        onBatches((part) => esamObjective(chain, part, whole) as never),
        chain.init(1),
        sgd(options),
        { steps: 20 },
      ),
    ];
    expect(ends[1].theta).toEqual(ends[0].theta);
    expect(ends[1].value).toBe(ends[0].value);
  });

  it("draws mini-batches itself, to the same bits", () => {
    const options = { radius, parameterShare: 0.5, seed: 3 };
    const outside = minibatchObjective({ count: 15, batchSize: 4, seed: 3 }, (rows) =>
      esamObjective(chain, selectSamples(batch, rows), options),
    );
    const inside = esamObjective(chain, batch, { ...options, batchSize: 4 });
    const [first, second] = [outside, inside].map((objective) =>
      minimize(objective, chain.init(1), sgd({ learningRate: 0.3 }), { steps: 20 }),
    );
    expect(second).toEqual(first);
  });

  it("goes on to the same bits", () => {
    const make = () => esamObjective(chain, batch, { radius, parameterShare: 0.5, seed: 1 });
    const optimizer = sgd({ learningRate: 0.3 });
    const all = minimize(make(), chain.init(1), optimizer, { steps: 9 });
    const half = minimize(make(), chain.init(1), optimizer, { steps: 4 });
    expect(minimize(make(), half.theta, optimizer, { steps: 5, from: half })).toEqual(all);
  });

  it("is 0 where the gradient is", () => {
    const { gradient } = esamObjective(
      chain,
      {
        x: [
          [1, 0],
          [1, 0],
        ],
        y: [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      },
      { radius },
    ).valueAndGradient(new Float64Array(chain.size));
    expect(gradient).toEqual(new Float64Array(chain.size));
  });

  const made =
    (options: object, net: Network = chain) =>
    () =>
      esamObjective(net, batch, { radius, ...options });
  const normalized = sequential({
    input: 2,
    layers: [{ kind: "dense", outputs: 2 }, { kind: "batchNorm" }, { kind: "dense", outputs: 2 }],
  });
  const shortcut = sequential({
    input: 2,
    layers: [
      { kind: "residual", layers: [{ kind: "dense", outputs: 2 }] },
      { kind: "dense", outputs: 2 },
    ],
  });
  const noChain =
    /^esamObjective: expected a chain of dense layers, with activations between them, got a network that is none/;
  refusals(ArgumentError, "invalid-argument", [
    ["no radius", made({ radius: 0 }), /esamObjective: .*radius.*> 0, got 0/],
    ["no samples", made({ sampleShare: 0 }), /sampleShare.*> 0/],
    ["more than all", made({ parameterShare: 1.1 }), /parameterShare.*≤ 1/],
    ["a broken seed", made({ seed: 0.5 }), /seed/],
    ["another network", made({}, normalized), noChain],
    ["one with shortcuts", made({}, shortcut), noChain],
    ["one with shortcuts, on mini-batches", made({ batchSize: 4 }, shortcut), noChain],
  ]);
});
