import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  lossObjective,
  NonFiniteError,
  ShapeError,
  sequential,
  threeLayerNet,
} from "../../src/index.js";
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
      /^lossObjective: expected an option to be one of dropoutSeed, got "dropoutseed"/,
    ],
    [
      "a seed that is none, of a network without dropout",
      () => lossObjective(smooth, batch, { dropoutSeed: 0.5 }),
      /^lossObjective: expected dropoutSeed to be an integer ≥ 0, got 0\.5/,
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
