import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  lossAndGradient,
  lossObjective,
  NonFiniteError,
  randomStream,
  ShapeError,
  selectSamples,
  sequential,
  threeLayerNet,
  wsUpperBoundAndGradient,
} from "../../src/index.js";
import type { Activation } from "../../src/nn/index.js";
import { minibatches } from "../../src/optim/index.js";
import { refusals } from "../refusals.js";
import * as small from "../small-network.js";

const dense = { kind: "dense", outputs: 2 } as const;
const net = sequential({ input: 3, layers: [dense, { kind: "relu" }, dense] });
const theta = net.init(1);
const batch = {
  x: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  y: [0, 1],
};

describe("of options of lossObjective", () => {
  it("null is none", () => {
    expect(lossObjective(net, batch, null as never).value(theta)).toBe(
      lossObjective(net, batch).value(theta),
    );
  });
});

describe("lossObjective with batchSize", () => {
  const stream = randomStream(3);
  const x = Array.from({ length: 11 }, () => [stream.normal(), stream.normal(), stream.normal()]);
  const all = {
    x,
    y: x.map(([first]) => (first > 0 ? 1 : 0)),
    weights: x.map(([, second]) => second * second),
  };
  const square: Activation = { name: "square", jet: (z, out) => out.set([z * z, 2 * z, 2, 0]) };
  const networks = {
    "a chain": threeLayerNet({ inputs: 3, hidden: 4, outputs: 2 }),
    "one with an activation of its own": threeLayerNet({
      inputs: 3,
      hidden: 4,
      outputs: 2,
      activation: square,
    }),
    "layers with relu": net,
    "one with dropout": sequential({ input: 3, layers: [dense, { kind: "dropout", rate: 0.5 }, dense] }),
  };
  for (const [name, each] of Object.entries(networks)) {
    it(`sees at every step what an objective of that mini-batch sees, to the bit: ${name}`, () => {
      const objective = lossObjective(each, all, { batchSize: 4, seed: 2, dropoutSeed: 5 });
      const { at } = minibatches({ count: 11, batchSize: 4, seed: 2 });
      const [start, v] = [each.init(1), each.init(2)];
      const out = new Float64Array(each.size);
      for (const step of [0, 1, 2, 3, 7, 2]) {
        const made = lossObjective(each, selectSamples(all, at(step)), { dropoutSeed: 5 });
        made.beginStep?.(step);
        objective.beginStep?.(step);
        expect(objective.valueAndGradient(start)).toEqual(made.valueAndGradient(start));
        expect(objective.value(v)).toBe(made.value(v));
        const product = objective.hessianVectorProduct(start, v);
        expect(product).toEqual(made.hessianVectorProduct(start, v));
        objective.hessianAt(start)(v, out);
        expect(out).toEqual(product);
      }
    });
  }

  it("stays at its step where another is refused, whatever runs meanwhile", () => {
    const chain = networks["a chain"];
    const changing = { ...all, x: x.map((row) => row.slice()) };
    const objective = lossObjective(chain, changing, { batchSize: 4, seed: 1 });
    const theta = chain.init(1);
    objective.beginStep?.(3);
    const before = objective.valueAndGradient(theta);
    const unchanged = () => {
      for (const rows of [
        [0, 1, 2, 3],
        [4, 5],
        [6, 7, 8],
      ]) {
        lossAndGradient(chain, theta, selectSamples(all, rows));
        wsUpperBoundAndGradient(chain, theta, selectSamples(all, rows));
      }
      expect(objective.valueAndGradient(theta)).toEqual(before);
    };
    expect(() => objective.beginStep?.(-1)).toThrow(/step/);
    unchanged();
    for (const row of changing.x) row[0] = Number.NaN;
    for (let time = 0; time < 3; time++) expect(() => objective.beginStep?.(4)).toThrow(NonFiniteError);
    unchanged();
  });

  it("refuses products of a step that is over", () => {
    const chain = networks["a chain"];
    const objective = lossObjective(chain, all, { batchSize: 4 });
    const product = objective.hessianAt(chain.init(1));
    objective.beginStep?.(1);
    const late = () => product(chain.init(2), new Float64Array(chain.size));
    expect(late).toThrow(/expected products of the step that began last, got one of an earlier step/);
  });

  it("gives gradients that are the caller's to keep", () => {
    const chain = networks["a chain"];
    const objective = lossObjective(chain, all, { batchSize: 4 });
    const gradient = objective.gradient(chain.init(1));
    const kept = gradient.slice();
    for (let step = 1; step < 4; step++) {
      objective.beginStep?.(step);
      objective.valueAndGradient(chain.init(step));
      objective.hessianVectorProduct(chain.init(step), chain.init(9));
    }
    expect(gradient).toEqual(kept);
  });
});

describe("lossObjective and lossAndGradient refuse", () => {
  const smooth = threeLayerNet({ inputs: 3, hidden: 2, outputs: 2 });
  refusals(ArgumentError, "invalid-argument", [
    [
      "theta as a plain array",
      () => small.loss({}, Array.from(small.theta) as never),
      /Float64Array.*got array of length 17.*Float64Array\.from/,
    ],
    [
      "a misspelt option of a loss",
      () => lossObjective(net, batch, { dropoutseed: 1 } as never),
      /^lossObjective: expected an option to be one of dropoutSeed, batchSize, seed, got "dropoutseed"/,
    ],
    [
      "a seed that is none, of a network without dropout",
      () => lossObjective(smooth, batch, { dropoutSeed: 0.5 }),
      /^lossObjective: expected dropoutSeed to be an integer ≥ 0, got 0\.5/,
    ],
    [
      "mini-batches of data in pieces",
      () => lossObjective(smooth, [batch, batch], { batchSize: 2 }),
      /^lossObjective: expected one batch \{ x, y \}/,
    ],
    [
      "mini-batches of no sample",
      () => lossObjective(smooth, batch, { batchSize: 0 }),
      /^lossObjective: expected batchSize to be an integer ≥ 1, got 0/,
    ],
    [
      "a seed that is none",
      () => lossObjective(smooth, batch, { seed: -1 }),
      /^lossObjective: expected seed to be an integer ≥ 0, got -1/,
    ],
    [
      "options that are none",
      () => lossObjective(smooth, batch, 1 as never),
      /^lossObjective: expected options to be an object, got 1/,
    ],
    [
      "no network",
      () => lossObjective(undefined as never, batch),
      /^lossObjective: expected net to be an object, got undefined/,
    ],
    [
      "a seed that is none",
      () => lossObjective(net, batch, { dropoutSeed: -1 }),
      /lossObjective: expected dropoutSeed to be an integer ≥ 0/,
    ],
  ]);
  refusals(ShapeError, "shape-mismatch", [
    [
      "theta of another network, in a step of a mini-batch",
      () => lossObjective(smooth, batch, { batchSize: 1 }).value(new Float64Array(3)),
      /^lossObjective: expected theta of length 14, got 3/,
    ],
  ]);
  refusals(NonFiniteError, "non-finite", [
    [
      "infinity in theta",
      () =>
        small.loss(
          {},
          small.theta.map((t, i) => (i === 4 ? Number.NEGATIVE_INFINITY : t)),
        ),
      /theta to be finite, got -Infinity at index 4/,
    ],
  ]);
  refusals(ShapeError, "shape-mismatch", [
    [
      "too short a theta",
      () => small.loss({}, new Float64Array(3)),
      /theta of length 17, got 3; its order is W1 \(3×2\), b1 \(3\)/,
    ],
  ]);
});
