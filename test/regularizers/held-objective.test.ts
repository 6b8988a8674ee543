// Penalties made cheap, compared with the same penalties as they are.

import { describe, expect, it } from "vitest";
import { factoredLossAt } from "../../src/hessian/factored.js";
import { drawSystematically } from "../../src/hsr/sampling/sample-draws.js";
import { sampleSizes } from "../../src/hsr/sampling/sample-sizes.js";
import {
  ArgumentError,
  type Batch,
  exactHessian,
  lossAndGradient,
  minibatchObjective,
  minimize,
  multilayerNet,
  type Network,
  type Objective,
  randomStream,
  sam,
  selectSamples,
  sequential,
  sgd,
  symmetricEigen,
} from "../../src/index.js";
import { minibatches } from "../../src/optim/index.js";
import {
  frobeniusObjective,
  largestEigenvalueObjective,
  traceObjective,
} from "../../src/regularizers/index.js";
import { expectClose, expectNear } from "../oracles/compare.js";
import { refusals } from "../refusals.js";

const chain = multilayerNet({ sizes: [2, 4, 3, 2], activation: ["tanh", "softplus"] });
const batchNorm = sequential({
  input: 2,
  layers: [{ kind: "dense", outputs: 2 }, { kind: "batchNorm" }, { kind: "dense", outputs: 2 }],
});
const stream = randomStream(3, "samples");
const x = Array.from({ length: 22 }, () => [stream.normal(), stream.normal()]);
const batch: Batch = { x, y: x.map(([a, b]) => (a * b > 0 ? 1 : 0)) };
const strength = 0.2;

type Make = (net: Network, batch: Batch, options: object) => Objective;
const makers: Readonly<Record<string, Make>> = {
  traceObjective: (net, part, options) => traceObjective(net, part, { strength, ...options }),
  frobeniusObjective: (net, part, options) => frobeniusObjective(net, part, { strength, ...options }),
  largestEigenvalueObjective: (net, part, options) =>
    largestEigenvalueObjective(net, part, { strength, ...options }),
};
const rows = Object.entries(makers);

/** At a step, after those before were evaluated elsewhere. */
function at(objective: Objective, step: number, net: Network = chain): Objective {
  for (let t = 0; t < step; t++) {
    objective.beginStep?.(t);
    objective.gradient(net.init(t));
  }
  objective.beginStep?.(step);
  return objective;
}

describe.each(rows)("%s, made cheap,", (_, make) => {
  it("with every: 1 and samples: all is as it is, to the bit", () => {
    const theta = chain.init(1);
    const cheap = make(chain, batch, { every: 1, samples: "all", batchSize: 22, seed: 4 });
    const plain = make(chain, batch, {});
    expect(cheap.value(theta)).toBeCloseTo(plain.value(theta), 13);
    expect(make(chain, batch, { every: 1, samples: 22 }).valueAndGradient(theta)).toEqual(
      plain.valueAndGradient(theta),
    );
  });

  it("of mini-batches is that of each, to the bit", () => {
    const apart = minibatchObjective({ count: 22, batchSize: 6, seed: 4 }, (samples) =>
      make(chain, selectSamples(batch, samples), {}),
    );
    const optimizer = sgd({ learningRate: 0.3 });
    expect(
      minimize(make(chain, batch, { batchSize: 6, seed: 4 }), chain.init(1), optimizer, { steps: 9 }),
    ).toEqual(minimize(apart, chain.init(1), optimizer, { steps: 9 }));
  });

  it.each([
    [6, 6],
    [8, 6],
  ])(
    "in step %i has the gradient of step %i and its mini-batch, and the loss of the present one",
    (step, due) => {
      const { at: samplesAt } = minibatches({ count: 22, batchSize: 6, seed: 4 });
      const [now, then] = [step, due].map((t) => selectSamples(batch, samplesAt(t)));
      const [theta, before] = [chain.init(9), chain.init(due)];
      const objective = at(make(chain, batch, { every: 3, batchSize: 6, seed: 4 }), step);
      // The first theta of a step that computes it is the one that counts.
      if (step === due) objective.value(before);
      const penalty = make(chain, then, {}).valueAndGradient(before);
      const plain = lossAndGradient(chain, before, then);
      const held = penalty.gradient.map((slope, j) => slope - plain.gradient[j]);
      const along = held.reduce((sum, slope, j) => sum + slope * (theta[j] - before[j]), 0);
      const { loss, gradient } = lossAndGradient(chain, theta, now);
      const found = objective.valueAndGradient(theta);
      expectNear(found.value, loss + penalty.value - plain.loss + along, 1e-12);
      expectClose(
        found.gradient,
        gradient.map((slope, j) => slope + held[j]),
        1e-12,
      );
    },
  );

  it("is cut to its clip, and no further", () => {
    const theta = chain.init(2);
    const { gradient } = lossAndGradient(chain, theta, batch);
    const whole = make(chain, batch, {}).gradient(theta);
    const part = whole.map((slope, j) => slope - gradient[j]);
    const share = Math.hypot(...part) / Math.hypot(...gradient);
    const found = (clip: number) => make(chain, batch, { clip }).gradient(theta);
    expectClose(found(2 * share), whole, 1e-14);
    const half = gradient.map((slope, j) => slope + 0.5 * part[j]);
    expectClose(found(0.5 * share), half, 1e-13);
  });
});

describe("drawn samples", () => {
  const theta = chain.init(2);
  const drawnAt = (step: number) => {
    // As HSR draws: its tests compare these sizes with matrices.
    const sizes = sampleSizes(factoredLossAt(chain, theta, batch));
    const { samples, scales } = drawSystematically(sizes, 5, randomStream(7, "curvature samples", step));
    const chosen = Array.from(samples);
    return {
      x: chosen.map((i) => x[i]),
      y: chosen.map((i) => (batch.y as number[])[i]),
      weights: chosen.map((_, k) => scales[k] / 22),
    };
  };

  it.each(rows)("have the penalty of these samples with the weights of their draw: %s", (_, make) => {
    const objective = make(chain, batch, { samples: 5, seed: 7 });
    for (const step of [0, 1, 2, 3, 4]) objective.beginStep?.(step);
    const part = drawnAt(4);
    const own = lossAndGradient(chain, theta, part);
    const all = lossAndGradient(chain, theta, batch);
    const wanted = make(chain, part, {}).valueAndGradient(theta);
    const found = objective.valueAndGradient(theta);
    expectNear(found.value, wanted.value - own.loss + all.loss, 1e-12);
    expectClose(
      found.gradient,
      wanted.gradient.map((slope, j) => slope - own.gradient[j] + all.gradient[j]),
      1e-11,
    );
    expectNear(objective.value(theta), found.value, 1e-14);
  });

  it("have ‖H‖_F² of all for their mean where they are unbiased, and a larger one where they are not", () => {
    const H = exactHessian(chain, theta, batch).data;
    const truth = H.reduce((sum, entry) => sum + entry * entry, 0);
    const { loss } = lossAndGradient(chain, theta, batch);
    const draws = 1500;
    const spread = (estimator: string) => {
      const objective = makers.frobeniusObjective(chain, batch, { samples: 8, seed: 1, estimator });
      const values = Array.from({ length: draws }, (_, step) => {
        objective.beginStep?.(step);
        return (objective.value(theta) - loss) / strength;
      });
      const mean = values.reduce((sum, value) => sum + value, 0) / draws;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1);
      return { mean, error: Math.sqrt(variance / draws) };
    };
    const unbiased = spread("unbiased");
    expect(Math.abs(unbiased.mean - truth)).toBeLessThan(4 * unbiased.error);
    expect(unbiased.error).toBeLessThan(0.05 * truth);
    const plain = spread("plain");
    expect(plain.mean - truth).toBeGreaterThan(8 * plain.error);
  });
});

describe("products from the last eigenvector", () => {
  const theta = chain.init(2);
  const { values } = symmetricEigen(exactHessian(chain, theta, batch));
  const top = values.at(-1) as number;
  const { loss } = lossAndGradient(chain, theta, batch);
  const penalty = (objective: Objective) => (objective.value(theta) - loss) / strength;
  const make = (options: object) => makers.largestEigenvalueObjective(chain, batch, options);

  it("find the eigenpair where they are many", () => {
    const objective = make({ products: chain.size });
    expectNear(penalty(objective), top, 1e-10);
    expectClose(objective.gradient(theta), make({ solver: "dense" }).gradient(theta), 1e-7);
  });

  it.each([1, 3])("come closer to it from one search to the next, from below, every %i steps", (every) => {
    const objective = make({ products: 2, every });
    const found: number[] = [];
    for (let step = 0; step < 12 * every; step++) {
      objective.beginStep?.(step);
      const value = penalty(objective);
      if (step % every === 0) found.push(value);
    }
    for (const [search, value] of found.entries()) {
      expect(value).toBeLessThan(top * (1 + 1e-12));
      if (search > 0) expect(value).toBeGreaterThan(found[search - 1] - 1e-12);
    }
    expect(found[0]).toBeLessThan(0.99 * top);
    expectNear(found[11], top, 1e-6);
  });

  it("start from the vector before, whatever a step evaluates", () => {
    const objective = at(make({ products: 2 }), 3);
    const first = objective.gradient(theta);
    objective.gradient(chain.init(8));
    expect(objective.gradient(theta)).toEqual(first);
  });

  it("leave the first vector that a step finds to the next", () => {
    const [once, twice] = [1, 2].map((evaluations) => {
      const objective = make({ products: 2 });
      objective.value(theta);
      if (evaluations === 2) objective.value(chain.init(8));
      objective.beginStep?.(1);
      return objective.gradient(theta);
    });
    expect(twice).toEqual(once);
  });
});

const kinds: readonly (readonly [string, Make, object])[] = [
  ["tr H, held", makers.traceObjective, { every: 3 }],
  ["tr H of drawn samples", makers.traceObjective, { every: 2, samples: 4, batchSize: 6, seed: 2 }],
  ["tr H by estimate", makers.traceObjective, { every: 3, method: "estimate", samples: 2, batchSize: 8 }],
  ["‖H‖², held, clipped", makers.frobeniusObjective, { every: 3, samples: 4, clip: 0.5 }],
  [
    "‖H‖², unbiased",
    makers.frobeniusObjective,
    { every: 2, samples: 4, batchSize: 6, estimator: "unbiased" },
  ],
  ["λ_max, held", makers.largestEigenvalueObjective, { every: 3, batchSize: 6, seed: 1 }],
  ["λ_max, from the last vector", makers.largestEigenvalueObjective, { every: 3, products: 2, batchSize: 6 }],
  ["λ_max, every step", makers.largestEigenvalueObjective, { products: 2, samples: 5 }],
];

describe.each(kinds)("a run of %s", (_, make, options) => {
  const made = () => make(chain, batch, options);
  const start = chain.init(1);

  it.each([
    ["sgd", sgd({ learningRate: 0.3, momentum: 0.5 })],
    ["sam, which evaluates twice a step", sam({ learningRate: 0.3, radius: 0.05 })],
  ] as const)("goes on to the same bits from every step: %s", (__, optimizer) => {
    const whole = minimize(made(), start, optimizer as never, { steps: 9 });
    for (let steps = 0; steps <= 9; steps++) {
      const first = made();
      const half = minimize(first, start, optimizer as never, { steps });
      const rest = { steps: 9 - steps, from: structuredClone(half) };
      expect(minimize(made(), half.theta, optimizer as never, rest)).toEqual(whole);
      expect(minimize(first, half.theta, optimizer as never, rest)).toEqual(whole);
    }
  });
});

describe("they refuse", () => {
  const of =
    (name: string, options: object, net: Network = chain) =>
    () =>
      makers[name](net, batch, options);
  refusals(ArgumentError, "invalid-argument", [
    ["no steps", of("traceObjective", { every: 0 }), /traceObjective: .*every/],
    ["a clip of 0", of("frobeniusObjective", { clip: 0 }), /frobeniusObjective: .*clip.*> 0, got 0/],
    ["one sample", of("traceObjective", { samples: 1 }), /samples.*≥ 2, got 1; or "all"/],
    [
      "blocks for pairs",
      of("frobeniusObjective", { estimator: "unbiased", route: "blocks" }),
      /have no pairs/,
    ],
    ["an estimator of a trace", of("traceObjective", { estimator: "plain" }), /traceObjective: .*an option/],
    ["no products", of("largestEigenvalueObjective", { products: 0 }), /products.*≥ 1/],
    [
      "a tolerance of so many products",
      of("largestEigenvalueObjective", { products: 3, tolerance: 0.1 }),
      /no tolerance with products: 3, got 0.1/,
    ],
    [
      "samples of another network",
      of("largestEigenvalueObjective", { samples: 3 }, batchNorm),
      /a chain of dense layers with samples: 3/,
    ],
    [
      "a state without an eigenvector",
      () =>
        makers
          .largestEigenvalueObjective(chain, batch, { products: 2 })
          .restore?.({ step: 1, held: null, running: null }),
      /from\.objectiveState to have an eigenvector, got none/,
    ],
  ]);
});
