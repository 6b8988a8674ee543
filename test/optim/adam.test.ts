// Independent: every recurrence is written out for one number at a time, from the papers and PyTorch's documentation.

import { describe, expect, it } from "vitest";
import { ArgumentError, adam, adamw, minimize } from "../../src/index.js";
import { expectClose } from "../oracles/compare.js";
import { refusals } from "../refusals.js";
import { quadratic } from "./quadratic.js";
import { each, run } from "./separable.js";

describe.each([
  { name: "adam", make: adam, decoupled: false },
  { name: "adamw", make: adamw, decoupled: true },
])("$name", ({ make, decoupled }) => {
  const reference = (alpha: number, decay: number, [beta1, beta2, epsilon]: readonly number[]) =>
    each([0, 0], (theta, gradient, [m0, v0], t) => {
      const g = decoupled ? gradient : gradient + decay * theta;
      const m = beta1 * m0 + (1 - beta1) * g;
      const v = beta2 * v0 + (1 - beta2) * g * g;
      const kept = decoupled ? theta - alpha * decay * theta : theta;
      const mHat = m / (1 - beta1 ** t);
      const vHat = v / (1 - beta2 ** t);
      return [kept - (alpha * mHat) / (Math.sqrt(vHat) + epsilon), [m, v]];
    });

  it("steps by bias-corrected moments, weight decay where it belongs", () => {
    expectClose(run(make({ learningRate: 0.05 })), reference(0.05, 0, [0.9, 0.999, 1e-8]), 1e-12);
    const options = { learningRate: 0.05, weightDecay: 0.1, beta1: 0.7, beta2: 0.95, epsilon: 1e-3 };
    expectClose(run(make(options)), reference(0.05, 0.1, [0.7, 0.95, 1e-3]), 1e-12);
    expect(make({ learningRate: 0.05 }).hyperparameters).toMatchObject({
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    });
  });

  it("takes a first step of the learning rate, whatever the gradient's size", () => {
    const first = minimize(quadratic([1e-3, 1e3]), Float64Array.of(1, -1), make({ learningRate: 0.01 }), {
      steps: 1,
    });
    expectClose(first.theta, [0.99, -0.99], 1e-6);
  });
});

describe("adam and adamw refuse", () => {
  refusals(ArgumentError, "invalid-argument", [
    ["a beta1 of 1", () => adam({ learningRate: 1, beta1: 1 }), /adam: .*beta1/],
    ["a beta2 below 0", () => adamw({ learningRate: 1, beta2: -1 }), /adamw: .*beta2/],
    ["an epsilon of 0", () => adam({ learningRate: 1, epsilon: 0 }), /epsilon.*> 0/],
  ]);
});
