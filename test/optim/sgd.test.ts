// Independent: every recurrence is written out for one number at a time, from the papers and PyTorch's documentation.

import { describe, expect, it } from "vitest";
import { ArgumentError, sgd } from "../../src/index.js";
import { expectClose } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { curvatures, each, run, STEPS, slopes, start, TOLERANCE } from "./separable.js";

describe("sgd", () => {
  it("steps by −α(g + λθ)", () => {
    const wanted = each(0, (theta, g) => [theta - 0.1 * (g + 0.01 * theta), 0]);
    expectClose(run(sgd({ learningRate: 0.1, weightDecay: 0.01 })), wanted, TOLERANCE);
    expect(run(sgd({ learningRate: 0.1 }))).not.toEqual(run(sgd({ learningRate: 0.1, weightDecay: 0.01 })));
  });

  it("follows the closed form of gradient descent: the distance shrinks by 1 − αc a step", () => {
    const wanted = start.map((first, i) => {
      const minimum = slopes[i] / curvatures[i];
      return minimum + (first - minimum) * (1 - 0.1 * curvatures[i]) ** STEPS;
    });
    expectClose(run(sgd({ learningRate: 0.1 })), wanted, TOLERANCE);
  });

  it("with momentum steps by −αv, v ← βv + g, v₁ = g₁", () => {
    const wanted = each(0, (theta, g, v) => [theta - 0.1 * (0.9 * v + g), 0.9 * v + g]);
    expectClose(run(sgd({ learningRate: 0.1, momentum: 0.9 })), wanted, TOLERANCE, 10);
  });

  it("with Nesterov momentum steps by −α(g + βv), the decayed gradient in g", () => {
    const wanted = each(0, (theta, gradient, before) => {
      const g = gradient + 0.02 * theta;
      const v = 0.8 * before + g;
      return [theta - 0.1 * (g + 0.8 * v), v];
    });
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.02 });
    expectClose(run(optimizer), wanted, TOLERANCE, 10);
  });
});

describe("sgd refuses", () => {
  refusals(ArgumentError, "invalid-argument", [
    ["dampening of 1", () => sgd({ learningRate: 1, momentum: 0.5, dampening: 1 }), /dampening.*< 1/],
    [
      "dampening without momentum",
      () => sgd({ learningRate: 1, dampening: 0.5 }),
      /momentum > 0 with dampening/,
    ],
    [
      "dampening with nesterov",
      () => sgd({ learningRate: 1, momentum: 0.5, dampening: 0.5, nesterov: true }),
      /no dampening with nesterov/,
    ],
    [
      "decoupled that is a number",
      () => sgd({ learningRate: 1, decoupledDecay: 1 as never }),
      /decoupledDecay to be true or false/,
    ],
    ["a learning rate below 0", () => sgd({ learningRate: -1 }), /sgd.*learningRate.*≥ 0, got -1/],
    ["negative weight decay", () => sgd({ learningRate: 1, weightDecay: -1 }), /weightDecay.*≥ 0/],
    ["momentum of 1", () => sgd({ learningRate: 1, momentum: 1 }), /momentum.*< 1, got 1/],
    [
      "nesterov without momentum",
      () => sgd({ learningRate: 1, nesterov: true }),
      /momentum > 0 with nesterov/,
    ],
  ]);

  it("nesterov that is neither true nor false", () => {
    expect(() => sgd({ learningRate: 1, momentum: 0.9, nesterov: "no" as never })).toThrow(
      /nesterov to be true or false/,
    );
  });
});
